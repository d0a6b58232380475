import { describe, expect, it } from "vitest";

import { planRuns, levelOf } from "../src/prices/lanes";
import { meaningBy } from "../src/prices/meaning";
import { daysOf, gaps, publicationOf } from "../src/prices/period";
import { scaleOf } from "../src/prices/scale";
import { readPlan, readSlots, resampled, type Slot } from "../src/prices/slots";
import { HOUR, MINUTE, fullHours, startOfDay, wallClock } from "../src/prices/time";
import { nextChange } from "../src/prices/view";

const LONDON = "Europe/London";
const BERLIN = "Europe/Berlin";
const at = (text: string): number => Date.parse(text);

/** Return slots from a time on, with one price each. */
function slotsOf(start: string, minutes: number, prices: readonly number[]): Slot[] {
  return prices.map((price, index) => ({
    start: at(start) + index * minutes * MINUTE,
    end: at(start) + (index + 1) * minutes * MINUTE,
    price,
  }));
}

describe("days", () => {
  it.each([
    ["2026-03-29T10:00:00Z", LONDON, 23],
    ["2026-10-25T10:00:00Z", LONDON, 25],
    ["2026-10-25T23:30:00Z", LONDON, 25],
    ["2026-11-28T10:00:00Z", LONDON, 24],
    ["2026-03-29T10:00:00Z", BERLIN, 23],
    // Here the clock goes from midnight to one: the day starts at one.
    ["2026-04-24T10:00:00Z", "Africa/Cairo", 23],
  ])("has the hours of its zone: %s in %s", (now, zone, hours) => {
    const [day] = daysOf("today", at(now), zone);
    expect(day && (day.end - day.start) / HOUR).toBe(hours);
  });

  it("start at the midnight of the zone", () => {
    expect(startOfDay(at("2026-06-10T12:00:00Z"), LONDON)).toBe(
      at("2026-06-09T23:00:00Z"),
    );
    expect(startOfDay(at("2026-12-31T12:00:00Z"), BERLIN, 1)).toBe(
      at("2026-12-31T23:00:00Z"),
    );
  });

  it("are two in 48 hours, also when one is longer", () => {
    const days = daysOf("48h", at("2026-10-24T12:00:00Z"), LONDON);
    expect(days.map(({ start, end }) => (end - start) / HOUR)).toEqual([24, 25]);
    expect(days[0]?.end).toBe(days[1]?.start);
  });

  it("label the hours that the clock shows", () => {
    const [day] = daysOf("today", at("2026-03-29T10:00:00Z"), LONDON);
    const hours = day && fullHours(day, LONDON, 3);
    expect(hours?.map((time) => wallClock(time, LONDON).hour)).toEqual([
      0, 3, 6, 9, 12, 15, 18, 21,
    ]);
    expect(hours && (hours[1] ?? 0) - (hours[0] ?? 0)).toBe(2 * HOUR);
  });
});

describe("slots", () => {
  it.each([undefined, null, "no", 5, {}, [[null, 1, "x"]], [[{ start: 1 }]]])(
    "are none in nonsense: %j",
    (list) => {
      expect(readSlots(list)).toEqual([]);
      expect(readPlan(list)).toEqual([]);
    },
  );

  it("are read in order, without those that make no sense", () => {
    const item = (hour: number, price: unknown): unknown => ({
      start: `2026-11-28T0${hour}:00:00+00:00`,
      end: `2026-11-28T0${hour + 1}:00:00+00:00`,
      price,
    });
    const backwards = {
      start: "2026-11-28T09:00:00Z",
      end: "2026-11-28T08:00:00Z",
      price: 1,
    };
    const list = [item(3, 0.3), item(1, -0.1), item(2, "0.2"), item(1, 5), backwards];
    expect(readSlots(list).map(({ price }) => price)).toEqual([-0.1, 0.3]);
  });
});

describe("bars", () => {
  const day = "2026-11-28T00:00:00Z";
  const days = daysOf("today", at(day), LONDON);

  it("of an hour are the mean of their slots by time", () => {
    const slots = [
      ...slotsOf(day, 15, [0.1]),
      { start: at(day) + 15 * MINUTE, end: at(day) + HOUR, price: 0.3 },
    ];
    expect(resampled(slots, 60, days)).toEqual([
      { start: at(day), end: at(day) + HOUR, price: 0.25, isAverage: true },
    ]);
  });

  it("are no average of equal prices", () => {
    const [bar] = resampled(slotsOf(day, 30, [0.2, 0.2]), 60, days);
    expect(bar).toMatchObject({ price: 0.2, isAverage: false });
  });

  it("of 15 minutes split a slot", () => {
    const bars = resampled(slotsOf(day, 60, [0.2]), 15, days);
    expect(bars.map(({ price }) => price)).toEqual([0.2, 0.2, 0.2, 0.2]);
    expect(bars[3]?.end).toBe(at(day) + HOUR);
  });

  it("bridge no gap", () => {
    const [first, , third, fourth] = slotsOf(day, 15, [0.1, 0.2, 0.3, 0.5]);
    const known = [first, third, fourth].filter((slot) => slot !== undefined);
    expect(resampled(known, 60, days)).toEqual([
      { ...first, isAverage: false },
      {
        start: at(day) + 30 * MINUTE,
        end: at(day) + HOUR,
        price: 0.4,
        isAverage: true,
      },
    ]);
  });

  it.each([
    ["2026-03-29T00:00:00Z", 46, 23],
    ["2026-10-24T23:00:00Z", 50, 25],
  ])("are as many as the day has hours: %s", (start, count, hours) => {
    const prices = Array.from({ length: count }, (_, index) => index / 100);
    const dst = daysOf("today", at(start), LONDON);
    expect(resampled(slotsOf(start, 30, prices), 60, dst)).toHaveLength(hours);
    expect(resampled(slotsOf(start, 30, prices), 30, dst)).toHaveLength(count);
    expect(gaps(slotsOf(start, 30, prices), dst[0] ?? { start: 0, end: 1 })).toEqual(
      [],
    );
  });

  it("of quarter hours in Berlin become half hours", () => {
    const prices = Array.from({ length: 96 }, (_, index) => index);
    const start = "2026-11-27T23:00:00Z";
    const bars = resampled(
      slotsOf(start, 15, prices),
      30,
      daysOf("today", at(day), BERLIN),
    );
    expect(bars).toHaveLength(48);
    expect(bars[1]).toMatchObject({ start: at(start) + 30 * MINUTE, price: 2.5 });
  });
});

describe("what is not known", () => {
  it("is before, between and after what is", () => {
    const span = { start: 0, end: 10 };
    const parts = [
      { start: 2, end: 4 },
      { start: 6, end: 7 },
    ];
    expect(gaps(parts, span)).toEqual([
      { start: 0, end: 2 },
      { start: 4, end: 6 },
      { start: 7, end: 10 },
    ]);
    expect(gaps([], span)).toEqual([span]);
  });

  it.each([
    // The last hour of a day comes with the next day's prices.
    ["2026-11-28T22:30:00Z", "2026-11-27T16:00:00Z"],
    ["2026-11-28T23:00:00Z", "2026-11-28T16:00:00Z"],
    ["2026-11-29T12:00:00Z", "2026-11-28T16:00:00Z"],
    ["2026-06-10T22:00:00Z", "2026-06-10T15:00:00Z"],
  ])("is published at 16:00 in London: %s", (time, published) => {
    expect(publicationOf(at(time), "GBP")).toBe(at(published));
    expect(publicationOf(at(time), "EUR")).toBeUndefined();
  });
});

describe("the meaning of a price", () => {
  it("without miners is its rank among those shown", () => {
    const prices = Array.from({ length: 48 }, (_, index) => index / 100);
    const meaning = meaningBy(prices, []);
    expect([-0.01, 0.05, 0.2, 0.45].map(meaning)).toEqual([
      "negative",
      "cheap",
      "ordinary",
      "dear",
    ]);
    expect(meaningBy([0.2, 0.2, 0.2], [])(0.2)).toBe("ordinary");
  });

  it("with one miner is what mining pays for", () => {
    const meaning = meaningBy([], [0.2]);
    expect([-0.1, 0, 0.1999, 0.2].map(meaning)).toEqual([
      "negative",
      "below_all",
      "below_all",
      "above_all",
    ]);
  });

  it("with many miners may be below some of them", () => {
    const meaning = meaningBy([], [0.3, 0.1, 0.2]);
    expect([0.05, 0.1, 0.29, 0.3].map(meaning)).toEqual([
      "below_all",
      "below_some",
      "below_some",
      "above_all",
    ]);
  });
});

describe("the scale", () => {
  it("has zero and all prices in it", () => {
    const { low, high, ticks } = scaleOf([0.1, 0.35, -0.04], []);
    expect(low).toBeLessThanOrEqual(-0.04);
    expect(high).toBeGreaterThanOrEqual(0.35);
    expect(ticks).toContain(0);
  });

  it("stays readable next to one very high price", () => {
    const usual = Array.from({ length: 47 }, (_, index) => 0.15 + index / 400);
    expect(scaleOf([...usual, 3], []).high).toBeLessThan(0.4);
    const { low } = scaleOf([...usual, -2], []);
    expect(low).toBeGreaterThan(-0.5);
    expect(low).toBeLessThan(0);
  });

  it("has zero at the top where all is negative", () => {
    const { low, high } = scaleOf([-0.01, -0.05, -0.03], []);
    expect(high).toBe(0);
    expect(low).toBeLessThanOrEqual(-0.05);
  });

  it("reaches a break-even price that is near, and not one that is far", () => {
    expect(scaleOf([0.1, 0.2], [0.28]).high).toBeGreaterThanOrEqual(0.28);
    expect(scaleOf([0.1, 0.2], [2]).high).toBeLessThan(0.4);
  });

  it.each([[[]], [[0, 0]]])("is there without anything to show: %j", (prices) => {
    const { low, high } = scaleOf(prices, []);
    expect(high).toBeGreaterThan(low);
  });
});

describe("a plan", () => {
  const slot = (
    start: number,
    mode: string,
  ): { start: number; end: number; mode: string } => ({
    start,
    end: start + 1,
    mode,
  });

  it("joins equal neighbours, and tells off from not planned", () => {
    const plan = [slot(2, "eco"), slot(3, "eco"), slot(4, "off"), slot(6, "off")];
    expect(planRuns(plan, { start: 0, end: 8 }, 2)).toEqual([
      { start: 2, end: 4, mode: "eco" },
      { start: 4, end: 5, mode: "off" },
      { start: 5, end: 6, mode: undefined },
      { start: 6, end: 7, mode: "off" },
      { start: 7, end: 8, mode: undefined },
    ]);
  });

  it("is not missed for what is over", () => {
    expect(planRuns([], { start: 0, end: 8 }, 5)).toEqual([
      { start: 5, end: 8, mode: undefined },
    ]);
    expect(planRuns([], { start: 0, end: 8 }, 9)).toEqual([]);
  });

  it("has stronger modes the more power they take", () => {
    const modes = ["off", "eco", "turbo"];
    expect(modes.map((mode) => levelOf(mode, modes))).toEqual([0, 0.5, 1]);
    expect(levelOf("on", ["off", "on"])).toBe(1);
  });
});

describe("the next change", () => {
  const shown = (price: number): string => price.toFixed(1);
  const slots = slotsOf("2026-11-28T00:00:00Z", 30, [1, 1.01, 2]);

  it("is the first price that looks different", () => {
    expect(nextChange(slots, at("2026-11-28T00:10:00Z"), shown)?.price).toBe(2);
  });

  it("is not known after a gap or before the first price", () => {
    const [first, , third] = slots;
    const gapped = [first, third].filter((slot) => slot !== undefined);
    expect(nextChange(gapped, at("2026-11-28T00:10:00Z"), shown)).toBeUndefined();
    expect(nextChange(slots, at("2026-11-27T23:00:00Z"), shown)).toBeUndefined();
  });
});
