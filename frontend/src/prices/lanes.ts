/** Plans as lanes: how long a miner is in which mode. */

import { gaps } from "./period";
import { clipped, type PlannedSlot } from "./slots";
import type { Span } from "./time";

/** A time in one mode, which may be off. Without a mode nothing is planned yet. */
export interface Run extends Span {
  readonly mode: string | undefined;
}

/** Return the runs of a plan. What is over was not planned any more, and is left out. */
export function planRuns(plan: readonly PlannedSlot[], span: Span, now: number): Run[] {
  const runs: { start: number; end: number; mode: string }[] = [];
  for (const { start, end, mode } of clipped(plan, span)) {
    const last = runs.at(-1);
    if (last?.end === start && last.mode === mode) last.end = end;
    else runs.push({ start, end, mode });
  }
  const ahead = { start: Math.max(now, span.start), end: span.end };
  const unknown = gaps(clipped(runs, ahead), ahead);
  return [...runs, ...unknown.map((gap) => ({ ...gap, mode: undefined }))].sort(
    (a, b) => a.start - b.start,
  );
}

/** Return how much of its best a mode is, from 0 for off to 1, by its place among all. */
export function levelOf(mode: string, modes: readonly string[]): number {
  if (mode === "off") return 0;
  const working = modes.filter((each) => each !== "off");
  const place = working.indexOf(mode);
  return place < 0 || working.length < 2 ? 1 : (place + 1) / working.length;
}
