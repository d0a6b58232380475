/** What of the prices is shown at a moment, free of pixels. */

import { planRuns, type Run } from "./lanes";
import { meaningBy, type Meaning } from "./meaning";
import { daysOf, gaps, publicationOf, type Period } from "./period";
import { scaleOf, type Scale } from "./scale";
import { clipped, resampled, type PriceBar, type Slot } from "./slots";
import type { CheapWindow, MinerPlan, PriceSource, PricedMiner } from "./source";
import { shared, type Span } from "./time";

export interface Bar extends PriceBar {
  readonly meaning: Meaning;
}

/** A time without prices. */
export interface Unknown extends Span {
  /** When the prices are to be published. Without it nobody knows, or it is past. */
  readonly publication: number | undefined;
}

export interface Lane {
  readonly miner: string;
  readonly plan: MinerPlan;
  readonly runs: readonly Run[];
}

export interface BreakEven {
  readonly miner: string;
  readonly price: number;
}

export interface PriceView {
  readonly span: Span;
  readonly days: readonly Span[];
  readonly now: number;
  readonly bars: readonly Bar[];
  readonly unknowns: readonly Unknown[];
  readonly windows: readonly CheapWindow[];
  readonly lanes: readonly Lane[];
  readonly breakEvens: readonly BreakEven[];
  readonly scale: Scale;
}

export function viewOf(
  source: PriceSource,
  period: Period,
  minutes: number | undefined,
  now: number,
  zone: string,
): PriceView {
  const days = daysOf(period, now, zone);
  const span = { start: days[0]?.start ?? now, end: days.at(-1)?.end ?? now };
  const slots: readonly PriceBar[] =
    minutes === undefined
      ? clipped(source.slots, span)
      : resampled(source.slots, minutes, days);
  const prices = slots.map(({ price }) => price);
  const breakEvens = breakEvensOf(source.miners);
  const marks = breakEvens.map(({ price }) => price);
  const meaning = meaningBy(prices, marks);
  return {
    span,
    days,
    now,
    bars: slots.map((slot) => ({ ...slot, meaning: meaning(slot.price) })),
    unknowns: unknownsOf(slots, span, now, source.unit.currency),
    windows: source.windows
      .map(({ name, periods }) => ({ name, periods: clipped(periods, span) }))
      .filter(({ periods }) => periods.length > 0),
    lanes: source.miners.flatMap(({ name, plan }) =>
      plan ? [{ miner: name, plan, runs: planRuns(plan.slots, span, now) }] : [],
    ),
    breakEvens,
    scale: scaleOf(prices, marks),
  };
}

function breakEvensOf(miners: readonly PricedMiner[]): BreakEven[] {
  return miners
    .flatMap(({ name, breakEven }) =>
      breakEven === undefined ? [] : [{ miner: name, price: breakEven }],
    )
    .sort((a, b) => a.price - b.price);
}

function unknownsOf(
  slots: readonly Slot[],
  span: Span,
  now: number,
  currency: string,
): Unknown[] {
  return gaps(slots, span).map((gap) => {
    const publication = publicationOf(gap.start, currency);
    const isAhead = publication !== undefined && publication > now;
    return { ...gap, publication: isAhead ? publication : undefined };
  });
}

/**
 * Return what the price now means, compared with those shown if it is among them.
 *
 * Its bar may mean something else where that is the average of several prices.
 */
export function meaningNow(view: PriceView, source: PriceSource): Meaning | undefined {
  const { current, slots } = source;
  if (current === undefined) return undefined;
  const isShown = view.span.start <= view.now && view.now < view.span.end;
  const prices = (isShown ? view.bars : slots).map(({ price }) => price);
  const breakEvens = view.breakEvens.map(({ price }) => price);
  return meaningBy(prices, breakEvens)(current);
}

/** Return the windows that a part of a span is in. */
export function windowsIn(view: PriceView, span: Span): string[] {
  return view.windows
    .filter(({ periods }) => periods.some((each) => shared(each, span) !== undefined))
    .map(({ name }) => name);
}

/** Return the modes that a lane has in a span, in order. */
export function modesIn(lane: Lane, span: Span): (string | undefined)[] {
  const modes = lane.runs
    .filter((run) => shared(run, span) !== undefined)
    .map(({ mode }) => mode);
  return [...new Set(modes)];
}

/** Return the next slot that is shown with another price, if all until then is known. */
export function nextChange(
  slots: readonly Slot[],
  now: number,
  shown: (price: number) => string,
): Slot | undefined {
  const ahead = slots.filter(({ end }) => end > now);
  const [current] = ahead;
  if (current === undefined || current.start > now) return undefined;
  const text = shown(current.price);
  let known = current.start;
  for (const slot of ahead) {
    if (slot.start > known) return undefined;
    if (shown(slot.price) !== text) return slot;
    known = slot.end;
  }
  return undefined;
}
