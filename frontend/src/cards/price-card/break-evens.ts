/** Draws the break-even prices of miners as lines, or those of many as a range. */

import { nothing, svg } from "lit";
import { shortPrice, type Words } from "../../prices/texts";
import type { PriceView } from "../../prices/view";
import { textWidth, type Drawing } from "./drawing";
import { breakEvenGroups, type BreakEvenGroup, type Plot } from "./geometry";

// More lines than these are told as a range.
const MOST_LINES = 4;
const NAME_LENGTH = 18;

export function drawBreakEvens(view: PriceView, plot: Plot, words: Words): Drawing {
  const { breakEvens, scale } = view;
  const [lowest] = breakEvens;
  const highest = breakEvens.at(-1);
  if (lowest === undefined || highest === undefined) return nothing;
  if (breakEvens.length > MOST_LINES) {
    const group = {
      miners: breakEvens.map(({ miner }) => miner),
      low: lowest.price,
      high: highest.price,
      isOff: lowest.price > scale.high || highest.price < scale.low,
    };
    const y = plot.y(highest.price);
    return svg`<rect class="break-even-band" x=${plot.left} y=${y}
        width=${plot.right - plot.left} height=${Math.max(plot.y(lowest.price) - y, 2)} />
      ${drawLabel(group, view, plot, words)}`;
  }
  const onScale = breakEvens.filter(
    ({ price }) => price <= scale.high && price >= scale.low,
  );
  return svg`${onScale.map(({ price }) => {
    const y = plot.y(price);
    return svg`<line class="break-even" x1=${plot.left} x2=${plot.right} y1=${y} y2=${y} />`;
  })}
  ${breakEvenGroups(view, plot).map((group) => drawLabel(group, view, plot, words))}`;
}

function drawLabel(
  group: BreakEvenGroup,
  view: PriceView,
  plot: Plot,
  words: Words,
): Drawing {
  const label = labelOf(group, view, words);
  const y = plot.y(group.high);
  const isAtTop = y - plot.top < 12;
  const isLeft = isOnLeft(group.high, textWidth(label), view, plot);
  return svg`<text class="break-even-text" text-anchor=${isLeft ? "start" : "end"}
    x=${isLeft ? plot.left + 4 : plot.right - 4} y=${isAtTop ? y + 11 : y - 4}>${label}</text>`;
}

function labelOf(
  { miners, low, high, isOff }: BreakEvenGroup,
  { breakEvens }: PriceView,
  words: Words,
): string {
  const from = words.format.amount(low, words.unit);
  const to = shortPrice(high, words);
  const isRange = words.format.amount(high, words.unit) !== from;
  const price = isRange ? `${from}–${to}` : to;
  const [miner = ""] = miners;
  const isNamed = breakEvens.length > 1 && miners.length === 1;
  const label = isNamed
    ? `${shortened(miner)} ${price}`
    : words.text("price_card.break_even", { price });
  return isOff ? `${low > 0 ? "↑" : "↓"} ${label}` : label;
}

/** Return whether a label is better read on the left: on the right there are bars. */
function isOnLeft(price: number, width: number, view: PriceView, plot: Plot): boolean {
  const countBetween = (left: number, right: number): number =>
    view.bars.filter(
      (bar) => bar.price > price && plot.x(bar.end) > left && plot.x(bar.start) < right,
    ).length;
  const onLeft = countBetween(plot.left, plot.left + width);
  return onLeft < countBetween(plot.right - width, plot.right);
}

function shortened(name: string): string {
  const letters = Array.from(name);
  return letters.length > NAME_LENGTH
    ? `${letters.slice(0, NAME_LENGTH - 1).join("")}…`
    : name;
}
