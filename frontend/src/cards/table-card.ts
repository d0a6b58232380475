import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";

import type { CardConfig, HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";
import { ATTENTION_KEYS, concernsOf, CONCERNS_KEY } from "../model/attention";
import { type Device, DOMAIN, type Home } from "../model/home";
import {
  type Column,
  columnsOf,
  filtered,
  type Order,
  type Reading,
  READINGS,
  type Row,
  rowOf,
  sorted,
} from "../model/table";
import { entitiesOf, HomeCard, type MinersCardConfig } from "./home-card";
import { minerLink } from "./miner-link";
import { ACTIVITY_SIGNS, REASON_SIGNS } from "./signs";
import { cardStyles } from "./styles";
import { classOf, headingOf } from "./table-columns";
import { tableStyles } from "./table-styles";

export const TABLE_CARD = "miner-controller-table-card";

// Fewer than these are found by looking.
const FILTER_FROM = 16;
const KEYS = [...ATTENTION_KEYS, ...READINGS];

interface TableConfig extends MinersCardConfig {
  /** What is shown, as far as it is known: without, what these miners have. */
  columns?: readonly string[] | null;
}

/** Many miners in little space. */
export class TableCard extends HomeCard {
  static override styles = [cardStyles, tableStyles];

  static getStubConfig(): Omit<CardConfig, "type"> {
    return {};
  }

  static getConfigForm(): Record<string, unknown> {
    return {
      schema: [
        {
          name: "miners",
          selector: {
            device: {
              multiple: true,
              filter: { integration: DOMAIN },
              entity: { domain: "binary_sensor", device_class: "running" },
            },
          },
        },
      ],
      computeLabel: (_: unknown, localize: HomeAssistant["localize"]) =>
        localize(`component.${DOMAIN}.entity.sensor.miners_total.name`),
    };
  }

  @state() private order: Order = { column: "status", descending: false };

  @state() private words = "";

  // Several tables below each other line up if each has the same columns.
  private columns: readonly string[] | undefined;

  /** The miner whose link has the focus. */
  private focused: string | undefined;

  private readonly rows = new Map<string, { from: readonly unknown[]; row: Row }>();

  override setConfig(config: TableConfig): void {
    const { columns } = config;
    if (columns !== undefined && columns !== null && !Array.isArray(columns)) {
      throw new Error("columns must be a list of readings");
    }
    super.setConfig(config);
    this.columns = columns ?? undefined;
  }

  getCardSize(): number {
    return 1 + Math.ceil((this.home?.miners.length ?? 3) * 0.9);
  }

  getGridOptions(): Record<string, unknown> {
    return { columns: "full", rows: "auto", min_columns: 6 };
  }

  protected override shownOf({ miners, fleet }: Home): readonly string[] {
    return [
      ...entitiesOf(miners, KEYS),
      ...entitiesOf(fleet ? [fleet] : [], [CONCERNS_KEY]),
    ];
  }

  protected override update(changed: PropertyValues<this>): void {
    // The same states read otherwise after a change of language or format.
    if (
      changed.has("hass") &&
      changed.get("hass")?.formatEntityState !== this.hass?.formatEntityState
    ) {
      this.rows.clear();
    }
    // A row that moves loses the focus.
    const focused = this.shadowRoot?.activeElement?.closest("tr");
    this.focused = focused?.dataset.miner;
    super.update(changed);
  }

  protected override updated(): void {
    if (this.focused === undefined || this.shadowRoot?.activeElement) return;
    const row = [...this.renderRoot.querySelectorAll("tr")].find(
      ({ dataset }) => dataset.miner === this.focused,
    );
    row?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
  }

  protected override render(): unknown {
    const { hass, home } = this;
    if (hass === undefined || home === undefined) return nothing;
    const text = localizer(hass.language);
    const { miners } = home;
    if (!miners.length) {
      return html`<ha-card><p class="calm">${text("cards.table.none")}</p></ha-card>`;
    }
    const columns = this.columns
      ? READINGS.filter((each) => this.columns?.includes(each))
      : columnsOf(miners);
    const wanted = filtered(
      this.rowsOf(hass, home),
      miners.length < FILTER_FROM ? "" : this.words,
    );
    const rows = sorted(wanted, this.order, hass.language);
    return html`
      <ha-card>
        ${miners.length < FILTER_FROM ? nothing : this.filterField(hass, rows.length)}
        <div class="container">
          <table>
            <caption class="unseen">
              ${text("cards.table.caption")}
            </caption>
            <thead>
              <tr>
                ${this.header("status", text("cards.table.status"))}
                ${this.header("name", text("cards.table.miner"))}
                ${columns.map((each) => this.header(each, headingOf(hass, each)))}
              </tr>
            </thead>
            <tbody>
              ${repeat(
                rows,
                ({ miner }) => miner.id,
                (row) =>
                  guard([row, columns.join(), this.config?.subviews], () =>
                    this.line(hass, row, columns),
                  ),
              )}
            </tbody>
          </table>
        </div>
      </ha-card>
    `;
  }

  private filterField(hass: HomeAssistant, shown: number): TemplateResult {
    const text = localizer(hass.language);
    const total = this.home?.miners.length ?? 0;
    return html`
      <div class="filter">
        <input
          type="search"
          aria-label=${text("cards.table.filter")}
          placeholder=${text("cards.table.filter")}
          .value=${this.words}
          @input=${({ target }: Event) => {
            if (target instanceof HTMLInputElement) this.words = target.value;
          }}
        />
        <span class="calm" role="status">
          ${text("cards.table.found", { shown, total })}
        </span>
      </div>
    `;
  }

  private header(column: Column, name: string): TemplateResult {
    const { descending } = this.order;
    const isSorted = this.order.column === column;
    const direction = descending ? "descending" : "ascending";
    return html`
      <th
        scope="col"
        class=${classOf(column)}
        aria-sort=${isSorted ? direction : nothing}
      >
        <button
          type="button"
          @click=${() => {
            this.sortBy(column);
          }}
        >
          <span class=${column === "status" ? "unseen" : ""}>${name}</span>
          <ha-icon
            class=${isSorted ? "" : "unsorted"}
            icon=${isSorted && descending ? "mdi:arrow-down" : "mdi:arrow-up"}
          ></ha-icon>
        </button>
      </th>
    `;
  }

  private sortBy(column: Column): void {
    // The highest is what one looks for among numbers, and the first among names.
    const descending =
      this.order.column === column
        ? !this.order.descending
        : column.startsWith("sensor.");
    this.order = { column, descending };
  }

  private line(
    hass: HomeAssistant,
    { miner, activity, reasons, readings }: Row,
    columns: readonly Reading[],
  ): TemplateResult {
    const text = localizer(hass.language);
    const [first] = reasons;
    const { icon, tone } = first ? REASON_SIGNS[first] : ACTIVITY_SIGNS[activity];
    const status = reasons.length
      ? reasons.map((reason) => text(`cards.reason.${reason}`)).join(", ")
      : text(`cards.activity.${activity}`);
    return html`
      <tr data-miner=${miner.id}>
        <td class="status ${tone}" title=${status}>
          <ha-icon icon=${icon}></ha-icon><span class="unseen">${status}</span>
        </td>
        <th scope="row" class="name" title=${miner.name}>
          ${minerLink(miner, { subviews: this.config?.subviews })}
        </th>
        ${columns.map((each) => {
          const reading = readings[each];
          return html`<td class=${classOf(each)}>
            ${
              reading
                ? hass.formatEntityState(reading)
                : html`<span aria-hidden="true" class="calm">–</span
                    ><span class="unseen">${text("cards.unknown")}</span>`
            }
          </td>`;
        })}
      </tr>
    `;
  }

  /** Return the rows, each of them the same one as long as nothing in it changes. */
  private rowsOf(hass: HomeAssistant, { miners, fleet }: Home): Row[] {
    const concerns = concernsOf(hass, miners, { fleet, everyMiner: false });
    const reasons = new Map(concerns.map((each) => [each.miner?.id, each.reasons]));
    return miners.map((miner) =>
      this.rowKept(hass, miner, reasons.get(miner.id) ?? []),
    );
  }

  private rowKept(hass: HomeAssistant, miner: Device, reasons: Row["reasons"]): Row {
    const from = [
      miner,
      reasons.join(),
      ...KEYS.map((key) => hass.states[miner.entities[key] ?? ""]),
    ];
    const kept = this.rows.get(miner.id);
    if (kept?.from.every((each, index) => each === from[index])) return kept.row;
    const row = rowOf(hass, miner, reasons);
    this.rows.set(miner.id, { from, row });
    return row;
  }
}
