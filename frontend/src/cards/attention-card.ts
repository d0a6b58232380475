import { css, html, nothing, type TemplateResult } from "lit";

import { fireEvent } from "../ha/events";
import { type Localize, localizer } from "../i18n/localize";
import {
  ATTENTION_KEYS,
  type Concern,
  concernsOf,
  CONCERNS_KEY,
} from "../model/attention";
import type { Home } from "../model/home";
import { entitiesOf, HomeCard } from "./home-card";
import { minerLink } from "./miner-link";
import { REASON_SIGNS } from "./signs";
import { cardStyles } from "./styles";

export const ATTENTION_CARD = "miner-controller-attention-card";

/** Which miners need somebody to look after them, and why. */
export class AttentionCard extends HomeCard {
  static override styles = [
    cardStyles,
    css`
      p,
      h2,
      ul {
        margin: 0;
      }
      p {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 16px;
      }
      h2 {
        padding: 12px 16px 0;
        font-size: 14px;
        font-weight: 500;
        color: var(--secondary-text-color);
      }
      ul {
        padding: 4px 0 8px;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 0 12px;
        padding: 6px 16px;
      }
      li ha-icon {
        grid-row: span 2;
      }
      a,
      .link {
        padding-block: 4px;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .reasons {
        font-size: 14px;
        color: var(--secondary-text-color);
      }
    `,
  ];

  /** What is hidden for want of miners has to see that there are some. */
  readonly connectedWhileHidden = true;

  getCardSize(): number {
    return 1;
  }

  getGridOptions(): Record<string, unknown> {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  protected override shownOf({ miners, fleet }: Home): readonly string[] {
    return [
      ...entitiesOf(miners, ATTENTION_KEYS),
      ...entitiesOf(fleet ? [fleet] : [], [CONCERNS_KEY]),
    ];
  }

  protected override updated(): void {
    const isHidden = this.home?.miners.length === 0;
    if (this.hidden === isHidden) return;
    this.hidden = isHidden;
    fireEvent(this, "card-visibility-changed", { value: !isHidden });
  }

  protected override render(): unknown {
    const { hass, home, config } = this;
    if (hass === undefined || !home?.miners.length) return nothing;
    const text = localizer(hass.language);
    const everyMiner = !config?.miners?.length;
    const { miners, fleet } = home;
    const concerns = concernsOf(hass, miners, { fleet, everyMiner });
    if (!concerns.length) return wellCard(miners.length, text);
    return html`
      <ha-card>
        <h2>${text("cards.attention.title")}</h2>
        <ul>
          ${concerns.map((concern) => this.line(concern, text))}
        </ul>
      </ha-card>
    `;
  }

  private line({ name, miner, reasons }: Concern, text: Localize): TemplateResult {
    const [first = "away"] = reasons;
    const { icon, tone } = REASON_SIGNS[first];
    const why = reasons.map((reason) => text(`cards.reason.${reason}`));
    return html`
      <li>
        <ha-icon class=${tone} icon=${icon}></ha-icon>
        <span class="name">
          ${miner ? minerLink(miner, { subviews: this.config?.subviews }) : name}
        </span>
        <span class="reasons">${why.join(" · ")}</span>
      </li>
    `;
  }
}

function wellCard(count: number, text: Localize): TemplateResult {
  return html`
    <ha-card>
      <p>
        <ha-icon class="good" icon="mdi:check-circle-outline"></ha-icon>
        ${
          count === 1
            ? text("cards.attention.well_one")
            : text("cards.attention.well", { count })
        }
      </p>
    </ha-card>
  `;
}
