/** Where on the chart times and prices are. */

import { HOUR } from "../../prices/time";
import type { PriceView } from "../../prices/view";

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(time: number): number;
  /** Return the place of a price; one off the scale is at the edge. */
  y(price: number): number;
  /** Return the time at a place. */
  timeAt(x: number): number;
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

export function plotOf(view: PriceView, width: number, margins: Margins): Plot {
  const { span, scale } = view;
  const { left, top, height } = margins;
  const right = Math.max(left + 1, width - margins.right);
  const perTime = (right - left) / (span.end - span.start);
  const perPrice = height / (scale.high - scale.low);
  return {
    left,
    right,
    top,
    bottom: top + height,
    x: (time) => left + (time - span.start) * perTime,
    y: (price) =>
      top + (scale.high - Math.min(scale.high, Math.max(scale.low, price))) * perPrice,
    timeAt: (x) => span.start + (x - left) / perTime,
  };
}

const STEPS = [1, 2, 3, 4, 6, 12];

/** Return every how many hours there is room for a label. */
export function hourStep(plot: Plot, view: PriceView, labelWidth: number): number {
  const hourWidth =
    (plot.right - plot.left) / ((view.span.end - view.span.start) / HOUR);
  return STEPS.find((step) => step * hourWidth >= labelWidth) ?? 24;
}

/** Break-even prices so near to each other that they get one label. */
export interface BreakEvenGroup {
  readonly miners: readonly string[];
  readonly low: number;
  readonly high: number;
  /** Whether they are more than the scale shows. */
  readonly isOff: boolean;
}

const LABEL_HEIGHT = 14;

/** Return the break-even prices from low to high, in groups that are apart. */
export function breakEvenGroups(view: PriceView, plot: Plot): BreakEvenGroup[] {
  const groups: { miners: string[]; low: number; high: number; isOff: boolean }[] = [];
  for (const { miner, price } of view.breakEvens) {
    const last = groups.at(-1);
    const isOff = price > view.scale.high || price < view.scale.low;
    const isNear =
      last !== undefined && plot.y(last.high) - plot.y(price) < LABEL_HEIGHT;
    if (isNear) {
      last.miners.push(miner);
      last.high = price;
      last.isOff &&= isOff;
    } else {
      groups.push({ miners: [miner], low: price, high: price, isOff });
    }
  }
  return groups;
}
