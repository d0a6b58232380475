/** The rows of the table of miners: what they show, and how they are sorted. */

import type { EntityState, HomeAssistant } from "../ha/types";
import { type Activity, activityOf, type Reason, urgency } from "./attention";
import type { Device } from "./home";
import { comparable, known, stateOf } from "./readings";

/** What a column shows, the most important first. */
export const READINGS = [
  "sensor.hashrate",
  "sensor.temperature",
  "sensor.power",
  "sensor.efficiency",
  "select.mode",
  "sensor.profit",
] as const;

export type Reading = (typeof READINGS)[number];
export type Column = "status" | "name" | Reading;

export interface Row {
  readonly miner: Device;
  readonly activity: Activity;
  readonly reasons: readonly Reason[];
  readonly readings: Readonly<Record<Reading, EntityState | undefined>>;
}

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** Return what a miner's row shows. */
export function rowOf(
  hass: HomeAssistant,
  miner: Device,
  reasons: readonly Reason[],
): Row {
  const readings = Object.fromEntries(
    READINGS.map((reading) => [reading, known(stateOf(hass, miner, reading))]),
  ) as Row["readings"];
  return { miner, activity: activityOf(hass, miner), reasons, readings };
}

/** Return the columns that any of the miners has something for. */
export function columnsOf(miners: readonly Device[]): Reading[] {
  return READINGS.filter((reading) =>
    miners.some(({ entities }) => reading in entities),
  );
}

/**
 * Return the rows in an order, those without a value last in any.
 *
 * They come sorted by name, which stays so among equals.
 */
export function sorted(
  rows: readonly Row[],
  { column, descending }: Order,
  language: string,
): Row[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a, column), valueOf(b, column)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined);
    }
    return (
      sign *
      (typeof left === "number" && typeof right === "number"
        ? left - right
        : compare(String(left), String(right)))
    );
  });
}

function valueOf(row: Row, column: Column): number | string | undefined {
  if (column === "status") return urgency(row.reasons);
  if (column === "name") return row.miner.name;
  const state = row.readings[column];
  return column === "select.mode" ? state?.state : comparable(state);
}

/** Return the rows of the miners whose names have all the words in them. */
export function filtered(rows: readonly Row[], words: string): Row[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return rows.filter(({ miner }) =>
    wanted.every((word) => miner.name.toLowerCase().includes(word)),
  );
}
