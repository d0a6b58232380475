import { describe, expect, it } from "vitest";

import { activityOf, concernsOf, reasonsOf } from "../src/model/attention";
import { readHome } from "../src/model/home";
import { fakeHome, type FakeHome } from "./fake-home";

function judged(states: NonNullable<FakeHome["states"]>, without: string[] = []) {
  const hass = fakeHome({ miners: 1, states, without });
  const [miner] = readHome(hass).miners;
  if (miner === undefined) throw new Error("There is no miner");
  return { activity: activityOf(hass, miner), reasons: reasonsOf(hass, miner) };
}

const AWAY = {
  "binary_sensor.miner1_reachable": "off",
  "binary_sensor.miner1_hashing": "unavailable",
  "binary_sensor.miner1_overheated": "unavailable",
  "sensor.miner1_power": "unavailable",
};

describe("a miner by itself", () => {
  it("is well while it hashes", () => {
    expect(judged({})).toEqual({ activity: "hashing", reasons: [] });
  });

  it("needs attention when it is away, as far as its switch does not explain it", () => {
    expect(judged(AWAY)).toEqual({ activity: "away", reasons: ["away"] });
    expect(judged({ ...AWAY, "sensor.miner1_power": "0" })).toEqual({
      activity: "switched_off",
      reasons: [],
    });
  });

  it("is away where it could not be set up, or has no entity that says so", () => {
    expect(
      judged({ ...AWAY, "binary_sensor.miner1_reachable": "unavailable" }),
    ).toEqual({ activity: "away", reasons: ["away"] });
    expect(judged(AWAY, ["binary_sensor.reachable"]).reasons).toEqual(["away"]);
  });

  it("needs attention when it answers without hashing, unless it is paused", () => {
    const idle = { "binary_sensor.miner1_hashing": "off" };

    expect(judged(idle).reasons).toEqual(["not_hashing"]);
    expect(judged(idle, ["switch.mining"]).reasons).toEqual(["not_hashing"]);
    expect(judged({ ...idle, "switch.miner1_mining": "off" })).toEqual({
      activity: "paused",
      reasons: [],
    });
  });

  it("is not known to be idle before it has told", () => {
    expect(judged({ "binary_sensor.miner1_hashing": "unknown" })).toEqual({
      activity: "unknown",
      reasons: [],
    });
  });

  it("has its most urgent trouble first", () => {
    expect(
      judged({
        "binary_sensor.miner1_fallback_pool": "on",
        "binary_sensor.miner1_hashing": "off",
        "binary_sensor.miner1_overheated": "on",
      }).reasons,
    ).toEqual(["overheated", "not_hashing", "fallback_pool"]);
  });
});

describe("all miners", () => {
  const listed = (miners: unknown) => ({
    "sensor.fleet_miners_needing_attention": { state: "2", attributes: { miners } },
  });

  function told(options: FakeHome, chosen?: string[]): string[] {
    const hass = fakeHome(options);
    const { miners, fleet } = readHome(hass, { miners: chosen });
    const concerns = concernsOf(hass, miners, { fleet, everyMiner: !chosen });
    return concerns.map(
      ({ name, miner, reasons }) => `${name} (${miner?.id ?? "-"}): ${reasons.join()}`,
    );
  }

  it("are judged one by one without a fleet, the most urgent first", () => {
    expect(
      told({
        miners: 3,
        states: {
          "binary_sensor.miner1_fallback_pool": "on",
          "binary_sensor.miner3_overheated": "on",
        },
      }),
    ).toEqual(["Miner 3 (miner3): overheated", "Miner 1 (miner1): fallback_pool"]);
  });

  it("are as the fleet says, which knows of those without a device too", () => {
    expect(
      told({
        miners: 3,
        fleet: true,
        states: {
          // The fleet knows of a reason for this.
          "binary_sensor.miner1_reachable": "off",
          ...listed([
            {
              // Its device has the name that it had before.
              miner: "Renamed",
              entry_id: "entry_miner2",
              reasons: ["fallback_pool", "overheated"],
            },
            { miner: "Never met", entry_id: "entry_9", reasons: ["away"] },
          ]),
        },
      }),
    ).toEqual(["Miner 2 (miner2): overheated,fallback_pool", "Never met (-): away"]);
  });

  it("are only those that were chosen", () => {
    const states = listed([
      { miner: "Miner 1", entry_id: "entry_miner1", reasons: ["away"] },
      { miner: "Never met", entry_id: "entry_9", reasons: ["away"] },
    ]);

    expect(told({ miners: 2, fleet: true, states }, ["miner2"])).toEqual([]);
  });

  it("are told apart where two have one name", () => {
    const states = listed([
      { miner: "Bitaxe", entry_id: "entry_miner2", reasons: ["away"] },
    ]);

    expect(told({ miners: ["Bitaxe", "Bitaxe"], fleet: true, states })).toEqual([
      "Bitaxe (miner2): away",
    ]);
  });

  it.each([
    ["a silent fleet", { "sensor.fleet_miners_needing_attention": "unavailable" }],
    ["a list of nonsense", listed("nobody")],
  ])("are judged by themselves with %s", (_, states) => {
    const overheated = { "binary_sensor.miner1_overheated": "on" };

    expect(
      told({ miners: 1, fleet: true, states: { ...states, ...overheated } }),
    ).toEqual(["Miner 1 (miner1): overheated"]);
  });
});
