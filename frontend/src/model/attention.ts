/** What is wrong with miners, by the same rules as the fleet's sensor has. */

import type { HomeAssistant } from "../ha/types";
import type { Device } from "./home";
import { known, numberOf, stateOf } from "./readings";

/** Why a miner needs somebody to look after it, the most urgent first. */
export const REASONS = [
  "hardware_fault",
  "power_fault",
  "overheated",
  "away",
  "not_hashing",
  "fallback_pool",
] as const;

export type Reason = (typeof REASONS)[number];

/** What a miner is about at the moment, whether that is as it should be or not. */
export type Activity =
  "hashing" | "not_hashing" | "paused" | "switched_off" | "away" | "unknown";

export interface Concern {
  readonly name: string;
  /** Missing where the miner was never set up so far that it has a device. */
  readonly miner: Device | undefined;
  /** The most urgent first. */
  readonly reasons: readonly Reason[];
}

/** What `activityOf` and `reasonsOf` look at. */
export const ATTENTION_KEYS = [
  "binary_sensor.reachable",
  "binary_sensor.hashing",
  "binary_sensor.overheated",
  "binary_sensor.fallback_pool",
  "binary_sensor.power_fault",
  "binary_sensor.hardware_fault",
  "sensor.power",
  "switch.mining",
] as const;

/** The sensor of the fleet that lists the miners which need attention. */
export const CONCERNS_KEY = "sensor.miners_needing_attention";

/** Return what a miner is about. */
export function activityOf(hass: HomeAssistant, miner: Device): Activity {
  const reachable = stateOf(hass, miner, "binary_sensor.reachable");
  const hashing = stateOf(hass, miner, "binary_sensor.hashing");
  if ((reachable ?? hashing)?.state === "unavailable" || reachable?.state === "off") {
    // Its linked switch is all that still tells the power of a miner that is away.
    const isOff = numberOf(stateOf(hass, miner, "sensor.power")) === 0;
    return isOff ? "switched_off" : "away";
  }
  if (stateOf(hass, miner, "switch.mining")?.state === "off") return "paused";
  if (hashing?.state === "on") return "hashing";
  return hashing?.state === "off" ? "not_hashing" : "unknown";
}

/** Return why a miner needs somebody to look after it, nothing if it does not. */
export function reasonsOf(hass: HomeAssistant, miner: Device): readonly Reason[] {
  const activity = activityOf(hass, miner);
  if (activity === "away") return ["away"];
  if (activity === "switched_off") return [];
  return REASONS.filter((reason) =>
    reason === "not_hashing"
      ? activity === reason
      : stateOf(hass, miner, `binary_sensor.${reason}`)?.state === "on",
  );
}

/**
 * Return those of the miners that need somebody to look after them, the most urgent
 * first.
 *
 * The fleet knows best, and knows of miners without a device too. Those count where all
 * miners are looked at.
 */
export function concernsOf(
  hass: HomeAssistant,
  miners: readonly Device[],
  { fleet, everyMiner }: { fleet?: Device | undefined; everyMiner: boolean },
): Concern[] {
  const told = fleet && toldByFleet(hass, fleet);
  const concerns = miners.map((miner): Concern => {
    const reasons = told
      ? (told.find(({ entryId }) => entryId === miner.entryId)?.reasons ?? [])
      : reasonsOf(hass, miner);
    return { name: miner.name, miner, reasons };
  });
  const shown = new Set(miners.map(({ entryId }) => entryId));
  for (const { name, entryId, reasons } of everyMiner ? (told ?? []) : []) {
    if (!shown.has(entryId)) concerns.push({ name, miner: undefined, reasons });
  }
  return concerns
    .filter(({ reasons }) => reasons.length)
    .sort((a, b) => urgency(a.reasons) - urgency(b.reasons));
}

/** Return the place of the most urgent reason, after all others without any. */
export function urgency([first]: readonly Reason[]): number {
  return first === undefined ? REASONS.length : REASONS.indexOf(first);
}

interface Told {
  readonly name: string;
  readonly entryId: string;
  readonly reasons: readonly Reason[];
}

/** Return what the fleet's sensor lists, nothing where it is silent. */
function toldByFleet(hass: HomeAssistant, fleet: Device): readonly Told[] | undefined {
  const listed = known(stateOf(hass, fleet, CONCERNS_KEY))?.attributes.miners;
  if (!Array.isArray(listed)) return undefined;
  return listed.filter(isListed).map(({ miner, entry_id, reasons }) => ({
    name: miner,
    entryId: entry_id,
    reasons: REASONS.filter((reason) => reasons.includes(reason)),
  }));
}

function isListed(
  each: unknown,
): each is { miner: string; entry_id: string; reasons: unknown[] } {
  return (
    typeof each === "object" &&
    each !== null &&
    "miner" in each &&
    typeof each.miner === "string" &&
    "entry_id" in each &&
    typeof each.entry_id === "string" &&
    "reasons" in each &&
    Array.isArray(each.reasons)
  );
}
