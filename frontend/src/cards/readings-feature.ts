import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";

import type { CardConfig, EntityState, HomeAssistant } from "../ha/types";
import { type Localize, localizer } from "../i18n/localize";
import {
  activityOf,
  ATTENTION_KEYS,
  concernsOf,
  CONCERNS_KEY,
} from "../model/attention";
import { type Device, deviceOf, readHome } from "../model/home";
import { known, stateOf } from "../model/readings";
import { hasChanged } from "./changes";
import type { FeatureContext } from "./feature-context";
import { FieldChoice } from "./field-choice";
import { entitiesOf } from "./home-card";
import { readingsStyles } from "./readings-styles";
import { REASON_SIGNS } from "./signs";
import { cardStyles } from "./styles";

export const READINGS_FEATURE = "miner-controller-readings";

const HASHRATE = "sensor.hashrate";
const TEMPERATURE = "sensor.temperature";
const MODE = "select.mode";
const KEYS = [...ATTENTION_KEYS, HASHRATE, TEMPERATURE, MODE];

/** The readings of a miner in its tile, what is wrong with it, and its mode. */
export class ReadingsFeature extends LitElement {
  static override styles = [cardStyles, readingsStyles];

  static getStubConfig(): CardConfig {
    return { type: `custom:${READINGS_FEATURE}` };
  }

  @property({ attribute: false }) hass?: HomeAssistant;

  @property({ attribute: false }) context?: FeatureContext;

  @state() private config: CardConfig | undefined;

  /** The mode that was picked, for as long as the miner is being told of it. */
  @state() private wish: string | undefined;

  private readonly choice = new FieldChoice();

  @query("select") private readonly select!: HTMLSelectElement | null;

  setConfig(config: CardConfig): void {
    this.config = config;
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    // A tile makes its context anew each time.
    const isOther =
      [...changed.keys()].some((name) => name !== "hass" && name !== "context") ||
      (changed.has("context") &&
        changed.get("context")?.entity_id !== this.context?.entity_id);
    if (isOther) return true;
    const miner = this.miner();
    return hasChanged(changed.get("hass"), this.hass, [
      ...entitiesOf(miner ? [miner] : [], KEYS),
      ...entitiesOf(fleetOf(this.hass), [CONCERNS_KEY]),
    ]);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("context");
    if (before && before.entity_id !== this.context?.entity_id) this.choice.take();
  }

  protected override updated(): void {
    // What a person picked stays in the field otherwise, also after a refusal.
    const mode = this.choice.pending ?? this.wish ?? this.select?.dataset.mode;
    if (this.select && mode !== undefined) this.select.value = mode;
  }

  protected override render(): unknown {
    const { hass } = this;
    const miner = this.miner();
    if (hass === undefined || miner === undefined || !this.config) return nothing;
    const text = localizer(hass.language);
    const mode = stateOf(hass, miner, MODE);
    return html`
      <div class="row">
        <div class="readings">
          ${wrong(hass, miner, text)} ${readings(hass, miner, text)}
        </div>
        ${mode ? this.modeField(hass, miner, mode, text) : nothing}
      </div>
    `;
  }

  private modeField(
    hass: HomeAssistant,
    miner: Device,
    mode: EntityState,
    text: Localize,
  ): unknown {
    const told = known(mode)?.state ?? "";
    const { pending } = this.choice;
    const shown = pending ?? this.wish ?? told;
    const listed = mode.attributes.options;
    const options = Array.isArray(listed)
      ? listed.filter((each) => typeof each === "string")
      : [];
    return html`
      <select
        aria-label=${text("cards.readings.mode", { miner: miner.name })}
        class=${pending === undefined ? "" : "pending"}
        title=${pending === undefined ? nothing : text("cards.readings.pending")}
        data-mode=${told}
        ?disabled=${mode.state === "unavailable"}
        @pointerdown=${() => {
          this.choice.release();
        }}
        @keyup=${() => {
          this.choice.release();
        }}
        @keydown=${(event: KeyboardEvent) => {
          const end = this.choice.press(event);
          if (end === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          const option = this.choice.take();
          this.requestUpdate();
          if (end === "send") void this.choose(hass, mode, option);
        }}
        @blur=${() => {
          const option = this.choice.take();
          this.requestUpdate();
          void this.choose(hass, mode, option);
        }}
        @change=${({ target }: Event) => {
          if (!(target instanceof HTMLSelectElement)) return;
          const option = this.choice.pick(target.value);
          this.requestUpdate();
          void this.choose(hass, mode, option);
        }}
      >
        ${
          options.includes(shown)
            ? nothing
            : html`<option value=${shown} disabled selected>–</option>`
        }
        ${options.map(
          (each) =>
            html`<option value=${each} ?selected=${each === shown}>
              ${hass.formatEntityState(mode, each)}
            </option>`,
        )}
      </select>
      <span class="unseen" role="status">
        ${pending === undefined ? nothing : text("cards.readings.pending")}
      </span>
    `;
  }

  private async choose(
    hass: HomeAssistant,
    { entity_id: entityId, state: told }: EntityState,
    option: string | undefined,
  ): Promise<void> {
    if (option === undefined || option === (this.wish ?? told)) return;
    this.wish = option;
    try {
      await hass.callService(
        "select",
        "select_option",
        { option },
        { entity_id: entityId },
      );
    } catch {
      // Home Assistant has told why, and what is shown next is the mode as it is.
    }
    // A later wish is on its way still.
    if (this.wish === option) this.wish = undefined;
  }

  private miner(): Device | undefined {
    const id = this.context?.entity_id;
    return this.hass && id !== undefined ? deviceOf(this.hass, id) : undefined;
  }
}

/** Return the fleet, which knows best what is wrong, if there is one. */
function fleetOf(hass: HomeAssistant | undefined): Device[] {
  const fleet = hass && readHome(hass).fleet;
  return fleet ? [fleet] : [];
}

function wrong(hass: HomeAssistant, miner: Device, text: Localize): unknown {
  const [fleet] = fleetOf(hass);
  const [concern] = concernsOf(hass, [miner], { fleet, everyMiner: false });
  const reasons = concern?.reasons ?? [];
  const [first] = reasons;
  if (first === undefined) return nothing;
  const { icon, tone } = REASON_SIGNS[first];
  const others = reasons.slice(1).map((each) => text(`cards.reason.${each}`));
  return html`<div class="wrong">
    <ha-icon class=${tone} icon=${icon}></ha-icon>
    <span>${[text(`cards.reason.${first}`), ...others].join(" · ")}</span>
  </div>`;
}

function readings(hass: HomeAssistant, miner: Device, text: Localize): unknown {
  const activity = activityOf(hass, miner);
  if (activity === "away") return nothing;
  if (activity === "switched_off" || activity === "paused") {
    return html`<span class="calm">${text(`cards.activity.${activity}`)}</span>`;
  }
  return [HASHRATE, TEMPERATURE].map((key) => {
    const reading = known(stateOf(hass, miner, key));
    return reading ? html`<span>${hass.formatEntityState(reading)}</span>` : nothing;
  });
}
