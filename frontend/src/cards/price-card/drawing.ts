/** Draws the chart of prices as SVG, without the words around it. */

import { nothing, svg, type SVGTemplateResult } from "lit";
import { fullHours } from "../../prices/time";
import type { Meaning } from "../../prices/meaning";
import { shortPrice, unknownText, type Words } from "../../prices/texts";
import type { Bar, PriceView } from "../../prices/view";
import { hourStep, type Plot } from "./geometry";

export type Drawing = SVGTemplateResult | typeof nothing;

export const STRIP_HEIGHT = 8;
// More windows than these would leave no room for the prices.
export const MOST_STRIPS = 4;

/** Patterns tell apart what colours alone would not tell everybody. */
export const PATTERNS = svg`<defs>
  <pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="wash" width="5" height="5" /><rect class="ink" width="2" height="5" />
  </pattern>
  <pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">
    <rect class="wash" width="5" height="5" />
    <circle class="ink" cx="1.2" cy="1.2" r="1.1" /><circle class="ink" cx="3.7" cy="3.7" r="1.1" />
  </pattern>
  <pattern id="haze" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
    <rect class="haze-line" width="1" height="7" />
  </pattern>
</defs>`;

const FILLS: Readonly<Partial<Record<Meaning, string>>> = {
  above_all: "url(#stripes)",
  dear: "url(#stripes)",
  below_some: "url(#dots)",
};

/** Return how a bar of a meaning is filled, where it is by a pattern. */
export function fillOf(meaning: Meaning): string | typeof nothing {
  return FILLS[meaning] ?? nothing;
}

export function drawBars(view: PriceView, plot: Plot, corner = 2): Drawing {
  return svg`${view.bars.map((bar) => drawBar(bar, view, plot, corner))}`;
}

function drawBar(bar: Bar, view: PriceView, plot: Plot, corner: number): Drawing {
  const left = plot.x(bar.start);
  const whole = plot.x(bar.end) - left;
  const gap = whole > 7 ? 1.5 : whole > 3 ? 1 : 0;
  const width = Math.max(whole - gap, 0.75);
  const zero = plot.y(0);
  const end = plot.y(bar.price);
  // A price of nothing is one too, and can be seen.
  const height = Math.max(Math.abs(zero - end), 1.5);
  const y = bar.price < 0 ? zero : zero - height;
  const past = bar.end <= view.now ? "past" : "";
  return svg`<rect class="bar ${bar.meaning} ${past}" fill=${fillOf(bar.meaning)}
    x=${left + gap / 2} y=${y} width=${width} height=${height}
    rx=${Math.min(corner, width / 3, height / 2)} />`;
}

/** Mark bars that go on beyond the scale: they are cut, and tell their price. */
export function drawCuts(view: PriceView, plot: Plot, words: Words): Drawing {
  const { low, high } = view.scale;
  const cut = view.bars.filter(({ price }) => price > high || price < low);
  let written = -Infinity;
  return svg`${cut.map((bar) => {
    const left = plot.x(bar.start);
    const right = plot.x(bar.end);
    const isAbove = bar.price > high;
    const y = isAbove ? plot.top + 10 : plot.bottom - 10;
    const middle = Math.min(
      Math.max((left + right) / 2, plot.left + 22),
      plot.right - 22,
    );
    const fits = middle - written > 56;
    if (fits) written = middle;
    const label = shortPrice(bar.price, words);
    return svg`<path class="cut" d="M${left - 1} ${y + 2}L${right + 1} ${y - 3}" />
      ${
        fits
          ? svg`<text class="value" text-anchor="middle" x=${middle}
              y=${isAbove ? plot.top - 4 : plot.bottom + 11}>${label}</text>`
          : nothing
      }`;
  })}`;
}

export function drawUnknowns(view: PriceView, plot: Plot, words: Words): Drawing {
  return svg`${view.unknowns.map((unknown) => {
    const left = plot.x(unknown.start);
    const width = plot.x(unknown.end) - left;
    const text = unknownText(unknown, view.now, words);
    return svg`<rect class="unknown" x=${left} y=${plot.top} width=${width}
        height=${plot.bottom - plot.top} rx="4" fill="url(#haze)" />
      ${
        isWritten(text, width)
          ? svg`<text class="unknown-text" text-anchor="middle"
              x=${left + width / 2} y=${freeHeight(view, plot)}>${text}</text>`
          : nothing
      }`;
  })}`;
}

/** Return a height in the middle of the plot where no break-even price is written. */
function freeHeight({ breakEvens }: PriceView, plot: Plot): number {
  const heights = [0.5, 0.25, 0.75, 0.12, 0.9].map(
    (part) => plot.top + (plot.bottom - plot.top) * part,
  );
  const isFree = (height: number): boolean =>
    breakEvens.every(({ price }) => Math.abs(plot.y(price) - height + 6) > 18);
  return heights.find(isFree) ?? plot.top + 12;
}

/** Return about how wide a text is. */
export function textWidth(text: string): number {
  return text.length * 6.2;
}

/** Return whether a text is about to fit into a width. */
export function isWritten(text: string, width: number): boolean {
  return textWidth(text) + 10 <= width;
}

export function drawScale(view: PriceView, plot: Plot, words: Words): Drawing {
  // Without a price there is nothing to measure by.
  if (!view.bars.length && !view.breakEvens.length) return svg``;
  const { ticks } = view.scale;
  return svg`${ticks.map((tick) => {
    const y = plot.y(tick);
    return svg`<line class=${tick === 0 ? "zero" : "grid"}
        x1=${plot.left} x2=${plot.right} y1=${y} y2=${y} />
      <text class="axis" text-anchor="end" x=${plot.left - 6} y=${y + 3.5}>${tickText(tick, words)}</text>`;
  })}
  <text class="axis" x="0" y="10">${words.unit.whole}</text>`;
}

/** Return the text of a tick, which is a round number. */
export function tickText(tick: number, { format, unit }: Words): string {
  return format.round(tick * unit.factor);
}

export function drawTimes(
  view: PriceView,
  plot: Plot,
  y: number,
  words: Words,
): Drawing {
  const { format } = words;
  const step = hourStep(plot, view, format.usesAmPm ? 46 : 26);
  const hours = fullHours(view.span, format.zone, step);
  return svg`${hours.map((time) => {
    const x = plot.x(time);
    return svg`<line class="grid" x1=${x} x2=${x} y1=${plot.bottom} y2=${plot.bottom + 3} />
      <text class="axis" text-anchor="middle" x=${x} y=${y}>${format.hour(time)}</text>`;
  })}
  ${view.days.map(({ start, end }, index) => {
    const x = plot.x(start);
    return svg`${
      index > 0
        ? svg`<line class="midnight" x1=${x} x2=${x} y1=${plot.top} y2=${y - 12} />`
        : nothing
    }
      <text class="day" text-anchor="middle" x=${(x + plot.x(end)) / 2} y=${y + 15}>${format.day(start)}</text>`;
  })}`;
}

/** Draw each window as a dotted band of its own beneath the bars. */
export function drawWindows(view: PriceView, plot: Plot, top: number): Drawing {
  return svg`${view.windows.slice(0, MOST_STRIPS).map(({ periods }, row) =>
    periods.map(
      ({ start, end }) => svg`<rect class="window" rx="2.5"
        x=${plot.x(start) + 0.5} y=${top + row * STRIP_HEIGHT + 1}
        width=${Math.max(plot.x(end) - plot.x(start) - 1, 1)} height=${STRIP_HEIGHT - 3} />`,
    ),
  )}`;
}

export function drawNow({ span, now }: PriceView, plot: Plot, bottom: number): Drawing {
  if (now < span.start || now >= span.end) return nothing;
  const x = plot.x(now);
  return svg`<line class="now" x1=${x} x2=${x} y1=${plot.top - 4} y2=${bottom} />
    <circle class="now" cx=${x} cy=${plot.top - 5} r="3.5" />`;
}
