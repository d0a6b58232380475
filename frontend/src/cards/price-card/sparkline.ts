/** The prices in a row: bars and the present moment, without words. */

import { LitElement, css, html, nothing, svg, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { PriceView } from "../../prices/view";
import { meaningStyle } from "./meaning-style";
import { PATTERNS, drawBars } from "./drawing";
import { plotOf } from "./geometry";

const HEIGHT = 36;

export class PriceSparkline extends LitElement {
  static override styles = [
    meaningStyle,
    css`
      :host {
        display: block;
        min-width: 0;
        height: ${HEIGHT}px;
      }
      svg {
        display: block;
      }
      .now {
        stroke: var(--price-text);
        stroke-width: 1.5;
      }
    `,
  ];

  @property({ attribute: false }) view?: PriceView;

  @state() private _width = 0;

  private readonly _resizes = new ResizeObserver(([entry]) => {
    this._width = Math.round(entry?.contentRect.width ?? 0) || this._width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this._resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._resizes.disconnect();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (view === undefined || this._width === 0) return nothing;
    const plot = plotOf(view, this._width, {
      left: 1,
      right: 1,
      top: 1,
      height: HEIGHT - 2,
    });
    const now = plot.x(view.now);
    const isNowShown = plot.left <= now && now <= plot.right;
    return html`<svg width=${this._width} height=${HEIGHT} aria-hidden="true">
      ${PATTERNS}
      ${view.unknowns.map(
        ({ start, end }) => svg`<rect class="unknown" x=${plot.x(start)} y="1" rx="3"
          width=${plot.x(end) - plot.x(start)} height=${HEIGHT - 2} fill="url(#haze)" />`,
      )}
      ${drawBars(view, plot, 1)}
      ${isNowShown ? svg`<line class="now" x1=${now} x2=${now} y1="0" y2=${HEIGHT} />` : nothing}
    </svg>`;
  }
}
