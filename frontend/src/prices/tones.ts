/** How strong the colour of a mode is: the same one on all lanes and in the legend. */

import { levelOf } from "./lanes";
import { modeText, type Words } from "./texts";
import type { PriceView } from "./view";

/**
 * Return the tone in percent of each mode that is planned, by its name, weakest first.
 *
 * A mode of one name may be the best of one miner and the least of another. It has the
 * mean of what it is to them.
 */
export function tonesOf(view: PriceView, words: Words): Map<string, number> {
  const levels = new Map<string, number[]>();
  for (const lane of view.lanes) {
    for (const mode of new Set(lane.runs.map((run) => run.mode))) {
      if (mode === undefined) continue;
      const name = modeText(lane, mode, words);
      const level = levelOf(mode, lane.plan.modes);
      levels.set(name, [...(levels.get(name) ?? []), level]);
    }
  }
  const tones = [...levels].map(([name, each]) => [name, toneOf(mean(each))] as const);
  return new Map(tones.sort(([, a], [, b]) => a - b));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toneOf(level: number): number {
  // Text stays readable on the strongest one, in light and in dark.
  return level === 0 ? 0 : Math.round(15 + 55 * level);
}
