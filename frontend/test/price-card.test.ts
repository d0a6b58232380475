import { describe, expect, it } from "vitest";

import { checkedConfig, type PriceCardConfig } from "../src/cards/price-card/config";
import { configOf, dataOf } from "../src/cards/price-card/editor-form";
import { breakEvenGroups, hourStep, plotOf } from "../src/cards/price-card/geometry";
import { suggestedFor } from "../src/cards/price-card/suggestion";
import type { HomeAssistant } from "../src/ha/types";
import { localizer } from "../src/i18n/localize";
import { readHome } from "../src/model/home";
import { formatOf } from "../src/prices/format";
import { choose, readPrices, watched, type PriceSource } from "../src/prices/source";
import {
  spoken,
  stopText,
  stopsOf,
  summaryText,
  unknownText,
  whenText,
  type Words,
} from "../src/prices/texts";
import { tonesOf } from "../src/prices/tones";
import { viewOf, type PriceView } from "../src/prices/view";
import { fakeHome, halfHours, withStates, type FakeHome } from "./fake-home";

const NOW = Date.parse("2026-11-28T12:10:00Z");
const TYPE = "custom:miner-controller-price-card";
const PRICE = "sensor.tariff_current_price";
const MARGINS = { left: 30, right: 0, top: 20, height: 150 };

interface Seen {
  hass: HomeAssistant;
  source: PriceSource;
  view: PriceView;
  words: Words;
}

function see(home: FakeHome, config: Partial<PriceCardConfig> = {}): Seen {
  return seen(fakeHome({ tariff: true, timeZone: "Europe/London", ...home }), config);
}

function seen(home: HomeAssistant, config: Partial<PriceCardConfig> = {}): Seen {
  const hass: HomeAssistant = {
    ...home,
    locale: {
      language: "en-GB",
      number_format: "language",
      time_format: "24",
      time_zone: "server",
    },
  };
  const chosen = choose(readHome(hass), config.tariff, config.miners);
  if (chosen === undefined) throw new Error("There is no tariff");
  const source = readPrices(hass.states, chosen);
  const format = formatOf(hass);
  const { period = "48h", bar_minutes } = config;
  const view = viewOf(source, period, bar_minutes, NOW, format.zone);
  const words = { text: localizer("en"), format, unit: source.unit, hass };
  return { hass, source, view, words };
}

describe("what is read", () => {
  it("is nothing without a tariff, and never an exception", () => {
    expect(choose(readHome(fakeHome({ miners: 2 })), undefined, undefined)).toBe(
      undefined,
    );
    const { source, view } = see({
      miners: 1,
      plans: 1,
      states: {
        [PRICE]: { state: "unavailable", attributes: { prices: "broken" } },
        "sensor.miner1_planned_mode": {
          state: "unknown",
          attributes: { plan: [{}], options: 3 },
        },
        "sensor.miner1_break_even_price": "",
      },
    });
    expect(source.current).toBeUndefined();
    expect(view.bars).toEqual([]);
    expect(view.breakEvens).toEqual([]);
    expect(view.unknowns).toHaveLength(1);
  });

  it("is of the miners that are chosen: all, some or none", () => {
    const home = { miners: 3, plans: 1 };
    expect(see(home).source.miners).toHaveLength(3);
    expect(see(home, { miners: ["miner2"] }).source.miners).toHaveLength(1);
    const none = see(home, { miners: [] });
    expect(none.view.lanes).toEqual([]);
    expect(none.view.bars.some(({ meaning }) => meaning === "dear")).toBe(true);
  });

  it("compares no amounts of different currencies", () => {
    const other = { state: "0.2", attributes: { unit_of_measurement: "EUR/kWh" } };
    const states = { "sensor.miner1_break_even_price": other };
    expect(see({ miners: 1, states }).view.breakEvens).toEqual([]);
  });

  it("depends on the entities that are watched", () => {
    const { hass } = see({ miners: 1, plans: 1, windows: 1, fleet: true });
    const chosen = choose(readHome(hass), undefined, undefined);
    expect(chosen && watched(chosen)).toEqual([
      PRICE,
      "binary_sensor.window1_active",
      "sensor.miner1_planned_mode",
      "sensor.miner1_break_even_price",
    ]);
  });
});

describe("texts", () => {
  it("of a slot tell the time, the price, what it means, and what is planned", () => {
    const { view, words } = see(
      { miners: 1, plans: 1, windows: 1 },
      { period: "today" },
    );
    const stop = stopsOf(view)[4];
    const text = stop && stopText(view, stop, words);
    expect(text).toMatchObject({
      when: "02:00–02:30",
      meaning: "Below break-even",
      windows: ["Cheap window 1"],
    });
    expect(text?.price).toMatch(/^\d+\.\d p\/kWh$/);
    expect(text && spoken(text)).toContain("Miner 1: ");
  });

  it("tell in the clock of the user when prices are published", () => {
    const { view, words } = see({ timeZone: "Europe/Berlin" });
    expect(view.unknowns.map((each) => unknownText(each, NOW, words))).toEqual([
      // The first hour of the day in Berlin is the last one in London.
      "Price not known",
      "Published about 17:00",
    ]);
  });

  it("tell apart the hour that the clock shows twice", () => {
    const { view, words } = see({}, { period: "today" });
    const when = (start: string, end: string): string =>
      whenText(view, { start: Date.parse(start), end: Date.parse(end) }, words);
    expect([
      when("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
      when("2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z"),
      when("2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"),
      when("2026-10-25T23:30:00Z", "2026-10-26T00:00:00Z"),
      when("2026-10-26T00:00:00Z", "2026-10-26T00:30:00Z"),
    ]).toEqual([
      "01:00–01:30 BST",
      "01:30 BST–01:00 GMT",
      "01:00–01:30 GMT",
      "23:30–00:00 GMT",
      "00:00–00:30",
    ]);
  });

  it("say where a bar is the average of several prices", () => {
    const tariff = halfHours("2026-11-28", (index) => (index === 1 ? 0.3 : 0.1));
    const { view, words } = see({ tariff }, { period: "today", bar_minutes: 60 });
    const prices = view.bars.map((bar) => stopText(view, bar, words).price);
    expect(prices.slice(0, 2)).toEqual(["20.0 p/kWh on average", "10.0 p/kWh"]);
  });

  it("do not promise prices that should be there", () => {
    const { view, words } = see({
      states: { [PRICE]: { state: "unknown", attributes: { prices: [] } } },
    });
    const [unknown] = view.unknowns;
    expect(unknown && unknownText(unknown, NOW, words)).toBe("Price not known");
    expect(summaryText(view, words)).toBe("No prices are known for this period.");
  });

  it("show other currencies and languages as they are", () => {
    const hass = fakeHome({
      tariff: true,
      states: {
        [PRICE]: { state: "31.25", attributes: { unit_of_measurement: "JPY/kWh" } },
      },
    });
    const german = {
      ...hass,
      locale: { ...hass.locale, language: "de", number_format: "language" },
    };
    const { amount } = formatOf(german);
    const { unit } = seen(german).source;
    expect(unit.whole).toBe("JPY/kWh");
    expect(amount(31.25, unit)).toBe("31,3");
    expect(amount(0.2134, { ...unit, factor: 100 })).toBe("21,3");
    expect(amount(-0.0001, { ...unit, factor: 100 })).toBe("0,0");
  });
});

describe("the chart", () => {
  it("has its hours apart at 300 pixels", () => {
    const { view } = see({});
    const plot = plotOf(view, 268, MARGINS);
    const step = hourStep(plot, view, 26);
    expect(((plot.right - plot.left) / 48) * step).toBeGreaterThanOrEqual(26);
    expect(plot.timeAt(plot.x(NOW))).toBeCloseTo(NOW, -2);
  });

  it("joins the labels of break-even prices that are near", () => {
    const states = Object.fromEntries(
      [0.12, 0.121, 0.2, 5].map((price, index) => [
        `sensor.miner${index + 1}_break_even_price`,
        String(price),
      ]),
    );
    const { view } = see({ miners: 4, states });
    const groups = breakEvenGroups(view, plotOf(view, 300, MARGINS));
    expect(groups.map(({ miners, isOff }) => [miners.length, isOff])).toEqual([
      [2, false],
      [1, false],
      [1, true],
    ]);
  });

  it("draws an extreme price up to the edge", () => {
    const prices = halfHours("2026-11-28", (index) => (index === 20 ? 4 : 0.2));
    const { view } = see({ tariff: prices });
    const plot = plotOf(view, 300, MARGINS);
    expect(plot.y(4)).toBe(plot.top);
    expect(plot.y(0.2)).toBeLessThan(plot.bottom - 75);
  });

  it("gives a mode one tone on all lanes", () => {
    const planOf = (
      ...modes: string[]
    ): { state: string; attributes: Record<string, unknown> } => ({
      state: "off",
      attributes: {
        options: ["off", ...modes],
        plan: ["off", ...modes].map((mode, index) => ({
          start: `2026-11-28T1${index + 3}:00:00Z`,
          end: `2026-11-28T1${index + 4}:00:00Z`,
          mode,
        })),
      },
    });
    const states = {
      "sensor.miner1_planned_mode": planOf("eco", "turbo"),
      "sensor.miner2_planned_mode": planOf("eco"),
    };
    const { view, words } = see({ miners: 2, plans: 2, states });
    expect([...tonesOf(view, words).values()]).toEqual([0, 56, 70]);
  });

  it("changes with a state", () => {
    const before = see({ miners: 1 });
    const changed = withStates(before.hass, {
      "sensor.miner1_break_even_price": "0.2",
    });
    expect(seen(changed).view.breakEvens[0]?.price).toBe(0.2);
  });
});

describe("settings", () => {
  it.each([
    null,
    { type: TYPE, tariff: 5 },
    { type: TYPE, miners: "miner1" },
    { type: TYPE, miners: [1] },
    { type: TYPE, title: {} },
    { type: TYPE, period: "week" },
    { type: TYPE, bar_minutes: 20 },
    { type: TYPE, compact: "yes" },
  ])("that make no sense are refused: %j", (config) => {
    expect(() => checkedConfig(config)).toThrow();
  });

  it("are taken as they are, with what others have added", () => {
    const config = { type: TYPE, period: "today", miners: [], visibility: [] };
    expect(checkedConfig(config)).toEqual(config);
  });

  it("without a value are as not set", () => {
    const empty = { tariff: null, title: null, miners: null, compact: null };
    expect(checkedConfig({ type: TYPE, ...empty })).toEqual({ type: TYPE });
  });

  it("keep a title hidden until there is another one", () => {
    const config: PriceCardConfig = { type: TYPE, title: "" };
    const data = { ...dataOf(config, [], []), compact: true };
    const hidden = { type: TYPE, title: "", compact: true };
    expect(configOf(data, config, [], [])).toEqual(hidden);
    const titled = { ...data, title: "Power" };
    expect(configOf(titled, config, [], [])).toEqual({ ...hidden, title: "Power" });
  });

  it("come back from the editor without what is so anyway", () => {
    const { tariffs, miners } = readHome(fakeHome({ tariff: true, miners: 2 }));
    const config: PriceCardConfig = { type: TYPE };
    const data = dataOf(config, tariffs, miners);
    expect(configOf(data, config, tariffs, miners)).toEqual(config);
    const cleared = { ...data, period: undefined, bar_minutes: undefined, title: "" };
    expect(configOf(cleared, config, tariffs, miners)).toEqual(config);
    const changed = { ...data, miners: ["miner1"], bar_minutes: "30", compact: true };
    expect(configOf(changed, config, tariffs, miners)).toEqual({
      type: TYPE,
      miners: ["miner1"],
      bar_minutes: 30,
      compact: true,
    });
  });

  it("are suggested for prices and plans only", () => {
    const hass = fakeHome({ tariff: true, miners: 1, plans: 1 });
    expect(suggestedFor(hass, PRICE)?.config).toEqual({ type: TYPE, tariff: "tariff" });
    expect(suggestedFor(hass, "sensor.miner1_planned_mode")?.config).toEqual({
      type: TYPE,
      miners: ["miner1"],
    });
    expect(suggestedFor(hass, "sensor.miner1_hashrate")).toBeNull();
    expect(suggestedFor(hass, "light.kitchen")).toBeNull();
  });
});
