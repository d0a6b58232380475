/** The card of the coming prices, what they mean, and what is planned. */

import {
  LitElement,
  html,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { showMoreInfo } from "../../ha/events";
import { loadForm } from "../../ha/load-form";
import type { HomeAssistant } from "../../ha/types";
import { localizer, type Localize } from "../../i18n/localize";
import { readHome } from "../../model/home";
import { formatOf, type Format } from "../../prices/format";
import type { Period } from "../../prices/period";
import { choose, readPrices, watched, type Chosen } from "../../prices/source";
import { MINUTE, startOfDay } from "../../prices/time";
import { viewOf } from "../../prices/view";
import { hasChanged } from "../changes";
import { cardStyle } from "./card-style";
import { checkedConfig, type PriceCardConfig } from "./config";
import {
  renderCompact,
  renderCurrent,
  renderHint,
  renderPeriods,
  renderTitle,
  type Shown,
} from "./faces";
import { renderLegend } from "./legend";

interface GridOptions {
  readonly columns: number;
  readonly rows: number | "auto";
  readonly min_columns: number;
  readonly min_rows?: number;
}

export class PriceCard extends LitElement {
  static override styles = cardStyle;

  @property({ attribute: false }) hass?: HomeAssistant;

  @state() private _config: PriceCardConfig | undefined;
  @state() private _period: Period = "48h";
  @state() private _now = Date.now();

  private _home: {
    readonly of: readonly unknown[];
    readonly chosen: Chosen | undefined;
  } = { of: [], chosen: undefined };
  private _languages:
    { readonly of: readonly unknown[]; text: Localize; format: Format } | undefined;
  private _shown: Shown | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;

  static async getConfigElement(): Promise<HTMLElement> {
    await loadForm();
    return document.createElement("miner-controller-price-card-editor");
  }

  static getStubConfig(): Partial<PriceCardConfig> {
    // All that is there is shown without a choice.
    return {};
  }

  setConfig(config: unknown): void {
    const checked = checkedConfig(config);
    if (this._config?.period !== checked.period) this._period = checked.period ?? "48h";
    this._config = checked;
  }

  getCardSize(): number {
    return this._config?.compact ? 1 : 6;
  }

  getGridOptions(): GridOptions {
    return this._config?.compact
      ? { columns: 6, rows: 1, min_columns: 6, min_rows: 1 }
      : { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this._tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this._timer);
  }

  /** Go on with the clock, at each full minute. */
  private readonly _tick = (): void => {
    this._now = Date.now();
    clearTimeout(this._timer);
    this._timer = setTimeout(this._tick, MINUTE - (this._now % MINUTE));
  };

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if ([...changed.keys()].some((name) => name !== "hass")) return true;
    const { chosen } = this._home;
    const ids = chosen === undefined ? [] : watched(chosen);
    return hasChanged(changed.get("hass"), this.hass, ids);
  }

  protected override willUpdate(): void {
    const { hass, _config: config } = this;
    if (hass === undefined || config === undefined) return;
    const chosen = this._choose(hass, config);
    this._shown = chosen && this._show(hass, config, chosen);
  }

  private _choose(hass: HomeAssistant, config: PriceCardConfig): Chosen | undefined {
    const of = [hass.entities, hass.devices, hass.language, config];
    if (of.some((each, index) => each !== this._home.of[index])) {
      const chosen = choose(readHome(hass), config.tariff, config.miners);
      this._home = { of, chosen };
    }
    return this._home.chosen;
  }

  private _show(
    hass: HomeAssistant,
    config: PriceCardConfig,
    chosen: Chosen,
  ): Shown | undefined {
    const source = readPrices(hass.states, chosen);
    if (source.state === undefined) return undefined;
    const { text, format } = this._language(hass);
    const { zone } = format;
    // A row as small as this has no room for a day that is not known.
    const known = source.slots.at(-1)?.end ?? 0;
    const isTodayEnough =
      config.compact && !config.period && known <= startOfDay(this._now, zone, 1);
    const period = isTodayEnough ? "today" : this._period;
    const view = viewOf(source, period, config.bar_minutes, this._now, zone);
    return {
      source,
      state: source.state,
      view,
      words: { text, format, unit: source.unit, hass },
    };
  }

  private _language(hass: HomeAssistant): { text: Localize; format: Format } {
    const of = [hass.language, hass.locale, hass.config.time_zone];
    if (of.some((each, index) => each !== this._languages?.of[index])) {
      this._languages = { of, text: localizer(hass.language), format: formatOf(hass) };
    }
    return this._languages ?? { text: localizer("en"), format: formatOf(hass) };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, _config: config, _shown: shown } = this;
    if (hass === undefined || config === undefined) return nothing;
    if (shown === undefined) {
      return renderHint(hass, config, this._home.chosen !== undefined);
    }
    if (config.compact) {
      return renderCompact(shown, config.title, () => {
        showMoreInfo(this, shown.state.entity_id);
      });
    }
    return this._renderWhole(config, shown);
  }

  private _renderWhole(config: PriceCardConfig, shown: Shown): TemplateResult {
    const { view, words } = shown;
    return html`<ha-card>
      <header>
        ${renderTitle(config.title, words.text)}
        ${
          config.show_period === false
            ? nothing
            : renderPeriods(this._period, words.text, (period) => {
                this._period = period;
              })
        }
      </header>
      ${renderCurrent(shown)}
      <miner-controller-price-chart
        .view=${view}
        .words=${words}
      ></miner-controller-price-chart>
      ${renderLegend(view, words)}
    </ha-card>`;
  }
}
