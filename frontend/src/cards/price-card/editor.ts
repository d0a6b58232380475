/** The visual editor of the price card. */

import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { fireEvent } from "../../ha/events";
import type { HomeAssistant } from "../../ha/types";
import { localizer } from "../../i18n/localize";
import { readHome } from "../../model/home";
import { caresForPrices } from "../../prices/source";
import { checkedConfig, type PriceCardConfig } from "./config";
import { configOf, dataOf, fieldsOf, labelOf, type Field } from "./editor-form";

export class PriceCardEditor extends LitElement {
  static override styles = css`
    miner-controller-create-dashboard {
      display: block;
      margin-top: 24px;
    }
  `;

  @property({ attribute: false }) hass?: HomeAssistant;

  @state() private _config: PriceCardConfig | undefined;

  setConfig(config: unknown): void {
    this._config = checkedConfig(config);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, _config: config } = this;
    if (hass === undefined || config === undefined) return nothing;
    const text = localizer(hass.language);
    const { tariffs, miners } = readHome(hass);
    const priced = miners.filter(caresForPrices);
    return html`<ha-form
        .hass=${hass}
        .data=${dataOf(config, tariffs, priced)}
        .schema=${fieldsOf(text, tariffs, priced)}
        .computeLabel=${({ name }: Field) => labelOf(name, text)}
        .computeHelper=${({ name }: Field) =>
          name === "miners" ? text("price_card.editor_miners_help") : undefined}
        @value-changed=${(event: CustomEvent<{ value: Record<string, unknown> }>) => {
          event.stopPropagation();
          const changed = configOf(event.detail.value, config, tariffs, priced);
          fireEvent(this, "config-changed", { config: changed });
        }}
      ></ha-form>
      <miner-controller-create-dashboard
        .hass=${hass}
      ></miner-controller-create-dashboard>`;
  }
}
