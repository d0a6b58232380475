/** Days and clocks of time zones, where a day has 23, 24 or 25 hours. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times are in milliseconds since 1970. What starts is in it, what ends is not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What clock and calendar of a zone show. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

export function wallClock(time: number, zone: string): WallClock {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
  };
}

/** Return what the clock would read as a time if it were one of UTC. */
function wallTime(time: number, zone: string): number {
  const { year, month, day, hour, minute } = wallClock(time, zone);
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** Return how far the clock of a zone is ahead of UTC, in whole minutes. */
function offsetAt(time: number, zone: string): number {
  return wallTime(time, zone) - Math.floor(time / MINUTE) * MINUTE;
}

/** Return whether the clock is changed on the day of a time. */
export function isClockChanged(time: number, zone: string): boolean {
  const last = startOfDay(time, zone, 1) - MINUTE;
  return offsetAt(startOfDay(time, zone), zone) !== offsetAt(last, zone);
}

/** Return the first moment at which the clock has come to `wall` or, skipped, past it. */
function firstAt(wall: number, zone: string): number {
  const candidates = [wall - DAY, wall + DAY]
    .map((near) => wall - (wallTime(near, zone) - near))
    .sort((a, b) => a - b);
  const [early = wall, late = wall] = candidates;
  return wallTime(early, zone) >= wall ? early : late;
}

/** Return when a day starts: the one of a time, or one so many days later. */
export function startOfDay(time: number, zone: string, daysLater = 0): number {
  const { year, month, day } = wallClock(time, zone);
  return firstAt(Date.UTC(year, month - 1, day + daysLater), zone);
}

/** Return when the clock shows a full hour, on the day of a time or some days later. */
export function atHour(
  time: number,
  zone: string,
  hour: number,
  daysLater = 0,
): number {
  const { year, month, day } = wallClock(time, zone);
  return firstAt(Date.UTC(year, month - 1, day + daysLater, hour), zone);
}

/** Return the full hours that are multiples of `every`, in a span from a midnight on. */
export function fullHours(span: Span, zone: string, every: number): number[] {
  const found: number[] = [];
  for (let time = span.start; time < span.end; time += HOUR / 2) {
    const { hour, minute } = wallClock(time, zone);
    if (minute === 0 && hour % every === 0) found.push(time);
  }
  return found;
}

/** Return the part that two spans share, if any. */
export function shared(one: Span, other: Span): Span | undefined {
  const start = Math.max(one.start, other.start);
  const end = Math.min(one.end, other.end);
  return start < end ? { start, end } : undefined;
}
