/** Slots of prices: read from attributes, and brought to another length. */

import { MINUTE, shared, type Span } from "./time";

export interface Slot extends Span {
  readonly price: number;
}

export interface PriceBar extends Slot {
  /** Whether its price is the mean of different ones. */
  readonly isAverage?: boolean;
}

/** What a plan wants in a slot. */
export interface PlannedSlot extends Span {
  readonly mode: string;
}

/** Return slots out of an attribute: nothing of what makes no sense. */
export const readSlots = readOnce((list): Slot[] =>
  readSpans(list, ({ price }, span) =>
    typeof price === "number" && Number.isFinite(price)
      ? { ...span, price }
      : undefined,
  ),
);

export const readPlan = readOnce((list): PlannedSlot[] =>
  readSpans(list, ({ mode }, span) =>
    typeof mode === "string" && mode !== "" ? { ...span, mode } : undefined,
  ),
);

export const readPeriods = readOnce((list): Span[] =>
  readSpans(list, (_, span) => span),
);

/** Read each list once: a plan has many slots, and most changes are of another's. */
function readOnce<Read>(
  read: (list: readonly unknown[]) => Read[],
): (list: unknown) => readonly Read[] {
  const known = new WeakMap<readonly unknown[], readonly Read[]>();
  return (list) => {
    if (!Array.isArray(list)) return [];
    const found = known.get(list) ?? read(list);
    known.set(list, found);
    return found;
  };
}

/** Return what is read from each item in order of time, without overlaps. */
function readSpans<Read extends Span>(
  list: readonly unknown[],
  read: (item: Readonly<Record<string, unknown>>, span: Span) => Read | undefined,
): Read[] {
  const found: Read[] = [];
  for (const item of list) {
    if (typeof item !== "object" || item === null) continue;
    const fields = item as Readonly<Record<string, unknown>>;
    const start = readTime(fields.start);
    const end = readTime(fields.end);
    if (!(start < end)) continue;
    const one = read(fields, { start, end });
    if (one !== undefined) found.push(one);
  }
  found.sort((a, b) => a.start - b.start);
  let known = -Infinity;
  return found.filter(({ start, end }) => {
    if (start < known) return false;
    known = end;
    return true;
  });
}

export function readTime(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : NaN;
}

/** Return the parts of slots in a span. */
export function clipped<Part extends Span>(parts: readonly Part[], span: Span): Part[] {
  return parts.flatMap((part) => {
    const both = shared(part, span);
    return both === undefined ? [] : [{ ...part, ...both }];
  });
}

/**
 * Return bars of so many minutes, counted from the start of each day.
 *
 * A bar costs the mean of what it covers, weighted by time. Where a price is missing, a
 * bar ends, and another starts after it: none tells of a time without a price.
 */
export function resampled(
  slots: readonly Slot[],
  minutes: number,
  days: readonly Span[],
): PriceBar[] {
  const bars: PriceBar[] = [];
  for (const day of days) {
    const length = minutes * MINUTE;
    let open:
      | { cell: number; start: number; end: number; sum: number; prices: Set<number> }
      | undefined;
    const close = (): void => {
      if (open === undefined) return;
      const { start, end, sum, prices } = open;
      const price = sum / (end - start);
      bars.push({ start, end, price, isAverage: prices.size > 1 });
      open = undefined;
    };
    for (const slot of clipped(slots, day)) {
      let start = slot.start;
      while (start < slot.end) {
        const cell = Math.floor((start - day.start) / length);
        const end = Math.min(slot.end, day.start + (cell + 1) * length);
        if (open?.cell !== cell || open.end !== start) close();
        open ??= { cell, start, end: start, sum: 0, prices: new Set() };
        open.prices.add(slot.price);
        open.sum += slot.price * (end - start);
        open.end = end;
        start = end;
      }
    }
    close();
  }
  return bars;
}
