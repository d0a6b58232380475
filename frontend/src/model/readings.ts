/** What states say, as numbers and as texts; nothing where nothing is known. */

import type { EntityState, HomeAssistant } from "../ha/types";
import { DOMAIN, type Device } from "./home";

const SILENT = new Set(["unavailable", "unknown", ""]);

// A miner tells its work in what suits it, from a lottery stick to a whole rack.
const HASHES: Readonly<Record<string, number>> = {
  "H/s": 1,
  "kH/s": 1e3,
  "MH/s": 1e6,
  "GH/s": 1e9,
  "TH/s": 1e12,
  "PH/s": 1e15,
  "EH/s": 1e18,
};

// People choose the units of these, for each entity by itself.
const POWERS: Readonly<Record<string, number>> = { mW: 1e-3, W: 1, kW: 1e3, MW: 1e6 };

const FACTORS: Readonly<Record<string, number>> = { ...HASHES, ...POWERS };

/** Return the state of one of a device's entities, by what it is. */
export function stateOf(
  hass: HomeAssistant,
  device: Device,
  key: string,
): EntityState | undefined {
  const id = device.entities[key];
  return id === undefined ? undefined : hass.states[id];
}

/** Return the state if it says something. */
export function known(state: EntityState | undefined): EntityState | undefined {
  return state === undefined || SILENT.has(state.state) ? undefined : state;
}

/** Return the number that a state is. */
export function numberOf(state: EntityState | undefined): number | undefined {
  const told = known(state);
  const value = Number(told?.state);
  return told !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Return what a state is to be compared by: in H/s, W and °C, whatever its unit. */
export function comparable(state: EntityState | undefined): number | undefined {
  const value = numberOf(state);
  const unit = state?.attributes.unit_of_measurement;
  if (value === undefined || typeof unit !== "string") return value;
  if (unit === "°F") return (value - 32) / 1.8;
  if (unit === "K") return value - 273.15;
  return value * (FACTORS[unit] ?? 1);
}

/** Return the name that Home Assistant has for what an entity is. */
export function entityName(hass: HomeAssistant, key: string): string {
  const [domain = "", name = ""] = key.split(".");
  const words = name.replaceAll("_", " ");
  return (
    hass.localize(`component.${DOMAIN}.entity.${domain}.${name}.name`) ||
    words.charAt(0).toUpperCase() + words.slice(1)
  );
}
