/** What part of time is shown, and what of it is not known. */

import { HOUR, atHour, startOfDay, wallClock, type Span } from "./time";

export const PERIODS = ["today", "tomorrow", "48h"] as const;

export type Period = (typeof PERIODS)[number];

/** Return the days of a period: one, or today and tomorrow. */
export function daysOf(period: Period, now: number, zone: string): Span[] {
  const midnights = [0, 1, 2].map((days) => startOfDay(now, zone, days));
  const [today = now, tomorrow = now, after = now] = midnights;
  const days = [
    { start: today, end: tomorrow },
    { start: tomorrow, end: after },
  ];
  if (period === "48h") return days;
  return period === "today" ? days.slice(0, 1) : days.slice(1);
}

/** Return what no part of, in order, covers of a span. */
export function gaps(parts: readonly Span[], span: Span): Span[] {
  const found: Span[] = [];
  let known = span.start;
  for (const { start, end } of parts) {
    if (start > known) found.push({ start: known, end: Math.min(start, span.end) });
    known = Math.max(known, end);
    if (known >= span.end) return found;
  }
  if (known < span.end) found.push({ start: known, end: span.end });
  return found;
}

const LONDON = "Europe/London";
const PUBLICATION_HOUR = 16;

/**
 * Return when the price of a time is published, as far as that is known.
 *
 * British prices of a day from 23:00 on are published at about 16:00 of the day on
 * which they start. Both are times in London, wherever they are looked at.
 */
export function publicationOf(time: number, currency: string): number | undefined {
  if (currency !== "GBP") return undefined;
  // The last hour of a day is a part of the next day's prices.
  const isLastHour = wallClock(time, LONDON).hour === 23;
  const inDay = isLastHour ? time + HOUR : time;
  return atHour(inDay, LONDON, PUBLICATION_HOUR, -1);
}
