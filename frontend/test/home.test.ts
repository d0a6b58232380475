import { describe, expect, it } from "vitest";

import { deviceOf, readHome } from "../src/model/home";
import { fakeHome } from "./fake-home";

describe("readHome", () => {
  it("finds nothing in a home without us", () => {
    const home = readHome(fakeHome());

    expect(home).toEqual({
      miners: [],
      tariffs: [],
      windows: [],
      fleet: undefined,
      pools: [],
    });
  });

  it("tells the kinds of devices apart", () => {
    const hass = fakeHome({
      miners: 2,
      tariff: true,
      windows: 1,
      fleet: true,
      pools: 2,
    });
    const home = readHome(hass);

    expect(home.miners.map(({ id }) => id)).toEqual(["miner1", "miner2"]);
    expect(home.tariffs.map(({ id }) => id)).toEqual(["tariff"]);
    expect(home.windows.map(({ id }) => id)).toEqual(["window1"]);
    expect(home.fleet?.id).toBe("fleet");
    expect(home.pools.map(({ id }) => id)).toEqual(["pool1", "pool2"]);
    expect(home.pools[0]?.entryId).toBe(home.fleet?.entryId);
  });

  it("still knows a tariff of which one sensor was disabled", () => {
    const hass = fakeHome({ tariff: true, without: ["sensor.current_price"] });

    expect(readHome(hass).tariffs).toHaveLength(1);
  });

  it("sorts miners by name as people count", () => {
    const hass = fakeHome({ miners: ["Bitaxe 10", "avalon", "Bitaxe 9"] });

    expect(readHome(hass).miners.map(({ name }) => name)).toEqual([
      "avalon",
      "Bitaxe 9",
      "Bitaxe 10",
    ]);
  });

  it("finds a renamed entity by what it is, and no hidden one", () => {
    const hass = fakeHome({ miners: 1 });
    const entities = {
      "sensor.garage": {
        ...hass.entities["sensor.miner1_hashrate"],
        entity_id: "sensor.garage",
      },
      "select.miner1_mode": {
        ...hass.entities["select.miner1_mode"],
        entity_id: "select.miner1_mode",
        hidden: true,
      },
      "sensor.other": {
        entity_id: "sensor.other",
        platform: "mqtt",
        translation_key: "power",
        device_id: "miner1",
      },
    };
    const [miner] = readHome({ ...hass, entities }).miners;

    expect(miner?.entities).toEqual({ "sensor.hashrate": "sensor.garage" });
  });

  it("knows the switch that only a restart ends as the switch that it is", () => {
    const hass = fakeHome({ miners: 1, without: ["switch.mining"] });
    const mining = {
      ...hass.entities["sensor.miner1_power"],
      entity_id: "switch.miner1_mining",
      translation_key: "mining_with_restart",
    };
    const entities = { ...hass.entities, "switch.miner1_mining": mining };

    expect(readHome({ ...hass, entities }).miners[0]?.entities["switch.mining"]).toBe(
      "switch.miner1_mining",
    );
  });

  it("takes the miners that are wanted by device or area", () => {
    const hass = fakeHome({ miners: 4, areas: ["Garage", "Loft"] });
    const namesOf = (selection: object): string[] =>
      readHome(hass, selection).miners.map(({ id }) => id);

    expect(namesOf({ miners: [], areas: [] })).toHaveLength(4);
    expect(namesOf({ areas: ["garage"] })).toEqual(["miner1", "miner3"]);
    expect(namesOf({ miners: ["miner2"], areas: ["garage"] })).toEqual([
      "miner1",
      "miner2",
      "miner3",
    ]);
    expect(namesOf({ miners: ["gone"] })).toEqual([]);
  });

  it("shows the name that a person gave, also right after it was given", () => {
    const hass = fakeHome({ miners: 1 });
    expect(readHome(hass).miners[0]?.name).toBe("Miner 1");

    const miner1 = { ...hass.devices.miner1, name_by_user: "Heater" };
    const renamed = { ...hass, devices: { miner1 } } as typeof hass;

    expect(readHome(renamed).miners[0]?.name).toBe("Heater");
  });
});

describe("deviceOf", () => {
  it("finds the device of an entity of ours and no other", () => {
    const hass = fakeHome({ miners: 2 });

    expect(deviceOf(hass, "binary_sensor.miner2_hashing")?.id).toBe("miner2");
    expect(deviceOf(hass, "light.porch")).toBeUndefined();
  });
});
