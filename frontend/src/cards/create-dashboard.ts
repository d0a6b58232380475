import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";

import type { HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";
import {
  createDashboard,
  type Dashboard,
  findDashboard,
} from "../model/create-dashboard";
import { cardStyles } from "./styles";

export const CREATE_DASHBOARD = "miner-controller-create-dashboard";

/**
 * A button that makes the dashboard, and a link to the one that is there.
 *
 * It opens by itself, as there may be unsaved changes in the editor that this is in.
 */
export class CreateDashboard extends LitElement {
  static override styles = [
    cardStyles,
    css`
      :host {
        height: auto;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        padding-block: 8px;
      }
      button,
      a {
        min-height: 40px;
        padding: 4px 16px;
        border: none;
        border-radius: 20px;
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 18%, transparent);
        color: var(--primary-text-color);
        font-weight: 500;
        cursor: pointer;
      }
      a {
        display: inline-flex;
        align-items: center;
        box-sizing: border-box;
        text-decoration: none;
      }
      button:hover,
      a:hover {
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 28%, transparent);
      }
      button:disabled {
        opacity: 0.6;
        cursor: default;
      }
      :focus-visible {
        outline-offset: 2px;
        border-radius: 20px;
      }
      p {
        margin: 0;
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) hass?: HomeAssistant;

  @state() private existing: Pick<Dashboard, "title" | "url_path"> | undefined;

  /** Whether the dashboard that is there was just made here. */
  @state() private isMade = false;

  @query("a") private readonly link!: HTMLAnchorElement | null;

  @state() private step: "unasked" | "asking" | "ready" | "busy" = "unasked";

  @state() private error: string | undefined;

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = changed.get("hass");
    return (
      changed.size > 1 ||
      !changed.has("hass") ||
      before?.user !== this.hass?.user ||
      before?.language !== this.hass?.language
    );
  }

  protected override updated(changed: PropertyValues): void {
    // The button that was pressed is gone.
    if (changed.has("isMade") && this.isMade) this.link?.focus();
    if (this.step === "unasked" && this.hass?.user?.is_admin) void this.look(this.hass);
  }

  protected override render(): unknown {
    const { hass, existing } = this;
    if (!hass?.user?.is_admin) return nothing;
    const text = localizer(hass.language);
    if (existing !== undefined) {
      return html`
        <div>
          <p role="status">
            ${text(this.isMade ? "cards.create.created" : "cards.create.exists", {
              title: existing.title,
            })}
          </p>
          <a href="/${existing.url_path}" target="_blank" rel="noopener">
            ${text("cards.create.open")}
          </a>
        </div>
      `;
    }
    const isBusy = this.step === "busy";
    return html`
      <div>
        <button
          type="button"
          ?disabled=${this.step !== "ready"}
          @click=${() => void this.create(hass)}
        >
          ${text(isBusy ? "cards.create.busy" : "cards.create.action")}
        </button>
        <p role="alert" class="bad">
          ${this.error ? text("cards.create.failed", { error: this.error }) : nothing}
        </p>
      </div>
    `;
  }

  private async look(hass: HomeAssistant): Promise<void> {
    this.step = "asking";
    // Without an answer there may be one already, and another does no harm.
    this.existing = await findDashboard(hass).catch(() => undefined);
    this.step = "ready";
  }

  private async create(hass: HomeAssistant): Promise<void> {
    this.step = "busy";
    this.error = undefined;
    try {
      const path = await createDashboard(hass);
      const title = localizer(hass.language)("cards.create.title");
      this.existing = { title, url_path: path };
      this.isMade = true;
    } catch (error) {
      this.error = messageOf(error);
      this.step = "ready";
    }
  }
}

/** Return what Home Assistant says of what went wrong. */
function messageOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return String(error);
}
