/** Reads prices, cheap windows, plans and break-even prices out of the states. */

import type { EntityState, HomeAssistant } from "../ha/types";
import type { Device, Home } from "../model/home";
import { priceUnit, type PriceUnit } from "./money";
import { readPeriods, readPlan, readSlots, type PlannedSlot, type Slot } from "./slots";
import type { Span } from "./time";

export interface CheapWindow {
  readonly name: string;
  readonly periods: readonly Span[];
}

export interface PricedMiner {
  readonly name: string;
  /** In the currency of the prices, where it is known. */
  readonly breakEven: number | undefined;
  readonly plan: MinerPlan | undefined;
}

export interface MinerPlan {
  /** The sensor of the planned mode, which names its modes. */
  readonly state: EntityState;
  readonly slots: readonly PlannedSlot[];
  /** All modes that can be planned, off first and then by power. */
  readonly modes: readonly string[];
  /** Whether something is missing for a plan. */
  readonly hasProblem: boolean;
}

export interface PriceSource {
  readonly tariff: string;
  /** The sensor of the price now, which a user may have disabled. */
  readonly state: EntityState | undefined;
  readonly current: number | undefined;
  readonly unit: PriceUnit;
  readonly slots: readonly Slot[];
  readonly windows: readonly CheapWindow[];
  readonly miners: readonly PricedMiner[];
}

/** Whose prices are shown, and for whom. */
export interface Chosen {
  readonly tariff: Device;
  readonly windows: readonly Device[];
  readonly miners: readonly Device[];
}

const PRICE = "sensor.current_price";
const ACTIVE = "binary_sensor.active";
const PLAN = "sensor.planned_mode";
const BREAK_EVEN = "sensor.break_even_price";

/** Return whether prices mean anything to a miner. */
export function caresForPrices({ entities }: Device): boolean {
  return PLAN in entities || BREAK_EVEN in entities;
}

/** Return the devices that are chosen. Without a choice it is the first and all. */
export function choose(
  home: Home,
  tariffId: string | undefined,
  minerIds: readonly string[] | undefined,
): Chosen | undefined {
  const tariff =
    tariffId === undefined
      ? home.tariffs[0]
      : home.tariffs.find(({ id }) => id === tariffId);
  if (tariff === undefined) return undefined;
  return {
    tariff,
    windows: home.windows.filter(({ entryId }) => entryId === tariff.entryId),
    miners: home.miners.filter(
      (miner) => caresForPrices(miner) && (minerIds?.includes(miner.id) ?? true),
    ),
  };
}

/** Return the entities that what is shown depends on. */
export function watched({ tariff, windows, miners }: Chosen): string[] {
  return [
    tariff.entities[PRICE],
    ...windows.map(({ entities }) => entities[ACTIVE]),
    ...miners.flatMap(({ entities }) => [entities[PLAN], entities[BREAK_EVEN]]),
  ].filter((entityId) => entityId !== undefined);
}

export function readPrices(
  states: HomeAssistant["states"],
  { tariff, windows, miners }: Chosen,
): PriceSource {
  const stateOf = (device: Device, key: string): EntityState | undefined => {
    const entityId = device.entities[key];
    return entityId === undefined ? undefined : states[entityId];
  };
  const state = stateOf(tariff, PRICE);
  const unit = priceUnit(state?.attributes.unit_of_measurement);
  return {
    tariff: tariff.name,
    state,
    current: numberOf(state),
    unit,
    slots: readSlots(state?.attributes.prices),
    windows: windows.map((window) => ({
      name: window.name,
      periods: readPeriods(stateOf(window, ACTIVE)?.attributes.periods),
    })),
    miners: miners.map((miner) => ({
      name: miner.name,
      breakEven: breakEvenOf(stateOf(miner, BREAK_EVEN), unit),
      plan: planOf(stateOf(miner, PLAN)),
    })),
  };
}

function numberOf(state: EntityState | undefined): number | undefined {
  const text = state?.state.trim() ?? "";
  const value = text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function breakEvenOf(
  state: EntityState | undefined,
  unit: PriceUnit,
): number | undefined {
  const { whole } = priceUnit(state?.attributes.unit_of_measurement);
  // Amounts of another currency can not be compared.
  return whole === unit.whole ? numberOf(state) : undefined;
}

function planOf(state: EntityState | undefined): MinerPlan | undefined {
  if (state === undefined) return undefined;
  const { plan, options, problem } = state.attributes;
  const slots = readPlan(plan);
  const isText = (option: unknown): option is string => typeof option === "string";
  return {
    state,
    slots,
    modes: Array.isArray(options) ? options.filter(isText) : [],
    hasProblem: slots.length === 0 && isText(problem),
  };
}
