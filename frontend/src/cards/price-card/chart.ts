/** The chart of prices: bars, plans beneath, and what is told of a slot. */

import {
  LitElement,
  html,
  nothing,
  svg,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { tonesOf } from "../../prices/tones";
import { spoken, stopText, stopsOf, summaryText, type Stop } from "../../prices/texts";
import type { Words } from "../../prices/texts";
import type { PriceView } from "../../prices/view";
import { drawBreakEvens } from "./break-evens";
import { chartStyle } from "./chart-style";
import {
  PATTERNS,
  MOST_STRIPS,
  STRIP_HEIGHT,
  drawBars,
  drawCuts,
  drawNow,
  drawScale,
  drawTimes,
  drawUnknowns,
  drawWindows,
  tickText,
} from "./drawing";
import { plotOf, type Plot } from "./geometry";
import { renderLanes } from "./lanes";
import { renderTooltip } from "./tooltip";

const PLOT_HEIGHT = 150;
const AXIS_HEIGHT = 34;

const KEYS: Readonly<Partial<Record<string, (index: number, last: number) => number>>> =
  {
    ArrowLeft: (index) => index - 1,
    ArrowDown: (index) => index - 1,
    ArrowRight: (index) => index + 1,
    ArrowUp: (index) => index + 1,
    PageUp: (index) => index + 6,
    PageDown: (index) => index - 6,
    Home: () => 0,
    End: (_, last) => last,
  };

export class PriceChart extends LitElement {
  static override styles = chartStyle;

  @property({ attribute: false }) view?: PriceView;
  @property({ attribute: false }) words?: Words;

  @state() private _width = 0;
  /** The start of the slot that is asked about. */
  @state() private _asked: number | undefined;
  @state() private _showsAllLanes = false;

  private _stops: readonly Stop[] = [];
  private _tones: ReadonlyMap<string, number> = new Map();
  private readonly _resizes = new ResizeObserver(([entry]) => {
    // A chart that is not shown has no width, and keeps its last one.
    this._width = Math.round(entry?.contentRect.width ?? 0) || this._width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this._resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._resizes.disconnect();
    this._listenOutside(false);
    this._forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { view, words } = this;
    if (changed.has("view")) {
      this._stops = view ? stopsOf(view) : [];
      const before = changed.get("view")?.span;
      // What was asked of another time says nothing of this one.
      if (before?.start !== view?.span.start || before?.end !== view?.span.end) {
        this._forget();
      }
    }
    if (changed.has("view") || changed.has("words")) {
      this._tones = view && words ? tonesOf(view, words) : new Map<string, number>();
    }
  }

  protected override updated(): void {
    this._listenOutside(this.isConnected && this._asked !== undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view, words } = this;
    if (view === undefined || words === undefined || this._width === 0) return nothing;
    const plot = this._plotOf(view, words);
    const index = this._index(view);
    const asked = this._asked === undefined ? undefined : this._stops[index];
    return html`<figure aria-label=${words.text("price_card.name")}>
      <figcaption>${summaryText(view, words)}</figcaption>
      ${
        asked
          ? html`<div
              class="asked"
              style="left:${plot.x(asked.start)}px;width:${plot.x(asked.end) - plot.x(asked.start)}px"
            ></div>`
          : nothing
      }
      ${this._renderPlot(view, words, plot, index)}
      ${renderLanes(view, words, plot, this._tones, this._showsAllLanes, () => {
        this._showsAllLanes = !this._showsAllLanes;
      })}
      ${asked ? renderTooltip(stopText(view, asked, words), plot, asked, this._width) : nothing}
    </figure>`;
  }

  private _plotOf(view: PriceView, words: Words): Plot {
    const longest = Math.max(
      ...view.scale.ticks.map((tick) => tickText(tick, words).length),
    );
    return plotOf(view, this._width, {
      left: 12 + longest * 6.2,
      right: 1,
      top: 20,
      height: PLOT_HEIGHT,
    });
  }

  private _renderPlot(
    view: PriceView,
    words: Words,
    plot: Plot,
    index: number,
  ): TemplateResult {
    // The price of a cut bar below the scale is written beneath it.
    const below = view.bars.some(({ price }) => price < view.scale.low) ? 14 : 0;
    const strips = plot.bottom + below + 3;
    const rows = Math.min(view.windows.length, MOST_STRIPS);
    const hours = strips + rows * STRIP_HEIGHT + 13;
    const height = hours + AXIS_HEIGHT - 16;
    const stop = this._stops[index];
    return html`<div
      class="plot"
      role="slider"
      tabindex="0"
      aria-label=${words.text("price_card.chart")}
      aria-orientation="horizontal"
      aria-valuemin="0"
      aria-valuemax=${this._stops.length - 1}
      aria-valuenow=${index}
      aria-valuetext=${stop ? spoken(stopText(view, stop, words)) : nothing}
      @focus=${this._handleFocus}
      @blur=${this._forget}
      @keydown=${this._handleKey}
      @pointerdown=${this._handlePointer}
      @pointermove=${this._handlePointer}
      @pointerleave=${this._handleLeave}
      @pointercancel=${this._forget}
    >
      <svg width=${this._width} height=${height} aria-hidden="true">
        ${PATTERNS} ${drawScale(view, plot, words)} ${drawUnknowns(view, plot, words)}
        ${drawTimes(view, plot, hours, words)} ${drawBars(view, plot)}
        ${drawWindows(view, plot, strips)}
        ${svg`<line class="zero" x1=${plot.left} x2=${plot.right} y1=${plot.y(0)} y2=${plot.y(0)} />`}
        ${drawNow(view, plot, hours - 10)} ${drawBreakEvens(view, plot, words)}
        ${drawCuts(view, plot, words)}
      </svg>
    </div>`;
  }

  /** Return which slot is asked about: the present one unless another was chosen. */
  private _index(view: PriceView): number {
    const time = this._asked ?? view.now;
    const index = this._stops.findIndex(({ end }) => time < end);
    return index < 0 ? this._stops.length - 1 : time < view.span.start ? 0 : index;
  }

  private _ask(index: number): void {
    const last = this._stops.length - 1;
    this._asked = this._stops[Math.min(Math.max(index, 0), last)]?.start;
  }

  private readonly _handleFocus = (): void => {
    if (this.view && this._asked === undefined) this._ask(this._index(this.view));
  };

  private _listenOutside(listens: boolean): void {
    // To add what is there already, or to remove what is not, changes nothing.
    if (listens) window.addEventListener("pointerdown", this._handleOutside, true);
    else window.removeEventListener("pointerdown", this._handleOutside, true);
  }

  private readonly _handleOutside = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this._forget();
  };

  private readonly _forget = (): void => {
    this._asked = undefined;
  };

  private readonly _handleKey = (event: KeyboardEvent): void => {
    if (this.view === undefined) return;
    if (event.key === "Escape") {
      this._forget();
      return;
    }
    const move = KEYS[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this._ask(move(this._index(this.view), this._stops.length - 1));
  };

  private readonly _handlePointer = (event: PointerEvent): void => {
    const { view, words } = this;
    if (view === undefined || words === undefined) return;
    const plot = this._plotOf(view, words);
    const x = event.clientX - this.getBoundingClientRect().left;
    const time = plot.timeAt(x);
    const index = this._stops.findIndex(
      ({ start, end }) => start <= time && time < end,
    );
    if (index >= 0) this._ask(index);
  };

  private readonly _handleLeave = (event: PointerEvent): void => {
    // A finger that is lifted leaves what it asked for.
    if (event.pointerType === "mouse") this._forget();
  };
}
