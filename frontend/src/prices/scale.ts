/** The scale of prices: always with zero in it, and readable next to an extreme. */

import { quantile } from "./meaning";

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

// What is so much more than nearly all others would make them all look like nothing.
const EXTREME = 2.5;
const NEARLY_ALL = 0.95;
// Where there are only extremes on one side of zero, they still get some room.
const ROOM = 0.2;
// A mark that is further away than this is told at the edge.
const FAR = 1.6;

/**
 * Return the scale of prices, and of marks that are not too far from them.
 *
 * A price outside of it is an extreme, which is drawn up to the edge and marked.
 */
export function scaleOf(prices: readonly number[], marks: readonly number[]): Scale {
  const sizes = prices.map(Math.abs).sort((a, b) => a - b);
  const limit = sizes.length > 0 ? quantile(sizes, NEARLY_ALL) * EXTREME : 0;
  const usual = prices.filter((price) => Math.abs(price) <= limit);
  let high = Math.max(0, ...usual);
  let low = Math.min(0, ...usual);
  const far = Math.max(high, -low) * FAR;
  for (const mark of marks) if (mark <= far) high = Math.max(high, mark);
  const isCut = prices.some((price) => price > limit);
  if (isCut) high = Math.max(high, -low * ROOM);
  if (prices.some((price) => price < -limit)) low = Math.min(low, -high * ROOM);
  if (high === low) high = Math.max(...marks, 0) || 1;
  // A little room keeps what is highest off the edge, and an extreme apart from it.
  return ticked(low, high * (isCut ? 1.25 : 1.08));
}

function ticked(low: number, high: number): Scale {
  const step = niceStep((high - low) / 5);
  const part = step / 4;
  const bottom = -Math.ceil(-low / part) * part;
  const top = Math.ceil(high / part) * part;
  const ticks: number[] = [];
  for (let n = Math.ceil(bottom / step - 1e-9); n * step <= top + step * 1e-9; n++) {
    // Not -0, which would be written with its sign.
    ticks.push(n === 0 ? 0 : n * step);
  }
  return { low: bottom === 0 ? 0 : bottom, high: top, ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((each) => each * power >= rough * 0.999) ?? 10;
  return factor * power;
}
