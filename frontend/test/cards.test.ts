import { describe, expect, it } from "vitest";

import { hasChanged } from "../src/cards/changes";
import { FieldChoice } from "../src/cards/field-choice";
import { isSupported } from "../src/cards/feature-context";
import { TableCard } from "../src/cards/table-card";
import { readHome } from "../src/model/home";
import { comparable, entityName, numberOf } from "../src/model/readings";
import {
  columnsOf,
  filtered,
  type Order,
  READINGS,
  rowOf,
  sorted,
} from "../src/model/table";
import { fakeHome, type FakeHome, withStates } from "./fake-home";

function rows(options: FakeHome) {
  const hass = fakeHome(options);
  return readHome(hass).miners.map((miner) => rowOf(hass, miner, []));
}

describe("the table", () => {
  const names = (options: FakeHome, order: Order): string[] =>
    sorted(rows(options), order, "en").map(({ miner }) => miner.id);

  it("sorts hashrates of different units by what they are, unknown ones last", () => {
    const options = {
      miners: 4,
      states: {
        "sensor.miner1_hashrate": {
          state: "350",
          attributes: { unit_of_measurement: "kH/s" },
        },
        "sensor.miner2_hashrate": "unavailable",
        "sensor.miner3_hashrate": "90",
        "sensor.miner4_hashrate": "110",
      },
    };

    expect(names(options, { column: "sensor.hashrate", descending: true })).toEqual([
      "miner4",
      "miner3",
      "miner1",
      "miner2",
    ]);
    expect(names(options, { column: "sensor.hashrate", descending: false })).toEqual([
      "miner1",
      "miner3",
      "miner4",
      "miner2",
    ]);
  });

  it("has those that need attention first, and names in order among equals", () => {
    const hass = fakeHome({ miners: 3 });
    const all = readHome(hass).miners.map((miner) =>
      rowOf(hass, miner, miner.id === "miner3" ? ["overheated"] : []),
    );

    expect(
      sorted(all, { column: "status", descending: false }, "en").map(
        ({ miner }) => miner.id,
      ),
    ).toEqual(["miner3", "miner1", "miner2"]);
  });

  it("has no column for what no miner tells", () => {
    const { miners } = readHome(
      fakeHome({ miners: 2, without: ["sensor.profit", "select.miner1_mode"] }),
    );

    expect(columnsOf(miners)).toEqual(
      READINGS.filter((each) => each !== "sensor.profit"),
    );
  });

  it("finds a miner by parts of its name", () => {
    const all = rows({ miners: ["Bitaxe Garage", "Avalon", "Bitaxe Loft"] });

    expect(filtered(all, " LOFT bit ").map(({ miner }) => miner.name)).toEqual([
      "Bitaxe Loft",
    ]);
    expect(filtered(all, "")).toHaveLength(3);
  });
});

describe("readings", () => {
  const reading = (state: string, unit?: string) =>
    fakeHome({
      miners: 1,
      states: {
        "sensor.miner1_power": { state, attributes: { unit_of_measurement: unit } },
      },
    }).states["sensor.miner1_power"];

  it.each(["unknown", "unavailable", "", "none", "Infinity"])(
    "are no number when they say %j",
    (state) => {
      expect(numberOf(reading(state))).toBeUndefined();
    },
  );

  it("are compared by what they are, in whatever units", () => {
    expect(comparable(reading("1.5", "TH/s"))).toBe(1.5e12);
    expect(comparable(reading("-3", "°C"))).toBe(-3);
    expect(comparable(reading("140", "°F"))).toBeCloseTo(60);
    expect(comparable(reading("1.2", "kW"))).toBe(1200);
    expect(comparable(reading("17", "J/TH"))).toBe(17);
    expect(comparable(undefined)).toBeUndefined();
  });

  it("have the name that Home Assistant has, or one that can be read", () => {
    const hass = fakeHome();

    expect(entityName(hass, "sensor.hashrate")).toBe(
      "component.miner_controller.entity.sensor.hashrate.name",
    );
    expect(entityName({ ...hass, localize: () => "" }, "sensor.cost_today")).toBe(
      "Cost today",
    );
  });
});

describe("a card is rendered", () => {
  const hass = fakeHome({ miners: 2 });

  it("when something in it has changed, and not else", () => {
    const other = withStates(hass, { "sensor.miner2_power": "20" });

    expect(hasChanged(hass, other, ["sensor.miner2_power"])).toBe(true);
    expect(hasChanged(hass, other, ["sensor.miner1_power", "sensor.gone"])).toBe(false);
    expect(hasChanged(undefined, hass, [])).toBe(true);
  });

  it("when texts or formats have changed", () => {
    expect(hasChanged(hass, { ...hass, localize: () => "" }, [])).toBe(true);
  });
});

describe("a list that is null, as after a bare word in YAML", () => {
  it("is as one that is not set", () => {
    const card = new TableCard();
    const type = "custom:miner-controller-table-card";

    expect(() => {
      card.setConfig({ type, miners: null, columns: null });
    }).not.toThrow();
    expect(() => {
      card.setConfig({ type, miners: "all" } as never);
    }).toThrow("miners");
  });
});

describe("a choice", () => {
  const key = (name: string, other = {}) => ({
    key: name,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    ...other,
  });

  it("is meant at once when it is made in the open list", () => {
    const choice = new FieldChoice();

    expect(choice.pick("eco")).toBe("eco");
    choice.press(key("ArrowDown"));
    choice.release();
    expect(choice.pick("turbo")).toBe("turbo");
    choice.press(key("ArrowDown", { altKey: true }));
    expect(choice.pick("eco")).toBe("eco");
  });

  it.each(["ArrowDown", "Home", "t"])("that is made by %s waits", (name) => {
    const choice = new FieldChoice();

    choice.press(key(name));
    expect(choice.pick("standard")).toBeUndefined();
    choice.press(key(name));
    expect(choice.pick("turbo")).toBeUndefined();
    expect(choice.pending).toBe("turbo");
    expect(choice.press(key("Enter"))).toBe("send");
    expect(choice.take()).toBe("turbo");
    expect(choice.take()).toBeUndefined();
  });

  it("that waits is given up by Escape, which else is not ours", () => {
    const choice = new FieldChoice();

    expect(choice.press(key("Escape"))).toBeUndefined();
    choice.press(key("ArrowUp"));
    choice.pick("eco");
    expect(choice.press(key("Escape"))).toBe("give up");
  });
});

describe("the readings of a tile", () => {
  it("are for what tells whether one of our miners hashes", () => {
    const hass = fakeHome({ miners: 1 });

    expect(isSupported(hass, { entity_id: "binary_sensor.miner1_hashing" })).toBe(true);
    expect(isSupported(hass, { entity_id: "sensor.miner1_power" })).toBe(false);
    expect(isSupported(hass, {})).toBe(false);
  });
});
