import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";

import type { CardConfig, HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";
import { cardStyles } from "./styles";

export const FOLD_CARD = "miner-controller-fold-card";

export interface FoldCardConfig extends CardConfig {
  title: string;
  icon?: string;
  card: CardConfig;
}

interface Card extends HTMLElement {
  hass?: HomeAssistant;
  getCardSize?(): number | Promise<number>;
}

declare global {
  interface Window {
    /** What makes cards, once a dashboard of Home Assistant is open. */
    loadCardHelpers?(): Promise<{ createCardElement(config: CardConfig): Card }>;
  }
}

/** A card that is folded away, and made when it is first opened. */
export class FoldCard extends LitElement {
  static override styles = [
    cardStyles,
    css`
      h2 {
        margin: 0;
        font-size: inherit;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        width: 100%;
        min-height: 48px;
        padding: 8px 16px;
        border: none;
        background: none;
        font-weight: 500;
        text-align: start;
        cursor: pointer;
      }
      button > ha-icon {
        flex: none;
        color: var(--secondary-text-color);
      }
      span {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .chevron {
        transition: transform 150ms;
      }
      [aria-expanded="true"] .chevron {
        transform: rotate(180deg);
      }
      @media (prefers-reduced-motion: reduce) {
        .chevron {
          transition: none;
        }
      }
      .content {
        --ha-card-background: transparent;
        --ha-card-border-width: 0;
        --ha-card-box-shadow: none;
      }
      p {
        margin: 0;
        padding: 0 16px 16px;
      }
    `,
  ];

  @property({ attribute: false }) hass?: HomeAssistant;

  @state() private config: FoldCardConfig | undefined;

  @state() private isOpen = false;

  @state() private card: Card | undefined;

  @state() private hasFailed = false;

  setConfig(config: FoldCardConfig): void {
    if (!isRecord(config.card)) throw new Error("card must be a card");
    if (typeof config.title !== "string") throw new Error("title must be a text");
    this.config = config;
    this.card = undefined;
    if (this.isOpen) void this.makeCard(config.card);
  }

  async getCardSize(): Promise<number> {
    if (!this.isOpen) return 1;
    return 1 + ((await this.card?.getCardSize?.()) ?? 1);
  }

  getGridOptions(): Record<string, unknown> {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    // The card inside decides by itself what it has to do with a new state.
    if (this.card && this.hass) this.card.hass = this.hass;
    const before = changed.get("hass");
    return changed.size > 1 || !changed.has("hass") || before === undefined;
  }

  protected override render(): unknown {
    if (this.config === undefined) return nothing;
    const { title, icon } = this.config;
    return html`
      <ha-card>
        <h2>
          <button
            type="button"
            aria-expanded=${this.isOpen ? "true" : "false"}
            aria-controls="content"
            @click=${this.toggle}
          >
            ${icon ? html`<ha-icon icon=${icon}></ha-icon>` : nothing}
            <span>${title}</span>
            <ha-icon class="chevron" icon="mdi:chevron-down"></ha-icon>
          </button>
        </h2>
        <div class="content" id="content" ?hidden=${!this.isOpen}>
          ${this.hasFailed ? this.failure() : this.card}
        </div>
      </ha-card>
    `;
  }

  private failure(): unknown {
    const text = localizer(this.hass?.language ?? "en");
    return html`<p role="alert">${text("cards.fold.failed")}</p>`;
  }

  private readonly toggle = (): void => {
    this.isOpen = !this.isOpen;
    if (this.isOpen && this.config && !this.card) void this.makeCard(this.config.card);
  };

  private async makeCard(config: CardConfig): Promise<void> {
    try {
      const helpers = await window.loadCardHelpers?.();
      // Another configuration may have come in the meantime.
      if (this.config?.card !== config) return;
      const card = helpers?.createCardElement(config);
      if (card === undefined) throw new Error("No dashboard is open");
      card.addEventListener("ll-rebuild", (event) => {
        event.stopPropagation();
        if (this.card === card) void this.makeCard(config);
      });
      if (this.hass) card.hass = this.hass;
      this.card = card;
      this.hasFailed = false;
    } catch {
      this.hasFailed = true;
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
