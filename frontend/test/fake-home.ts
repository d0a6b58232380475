/** A home as Home Assistant's frontend knows it, made to measure for a test. */

import type {
  AreaEntry,
  DeviceEntry,
  EntityEntry,
  EntityState,
  HomeAssistant,
} from "../src/ha/types";
import {
  CATEGORIES,
  cheapWindow,
  FLEET,
  MINER,
  plan,
  POOL,
  type Shown,
  type Slot,
  tariff,
} from "./fake-states";

type Call = (message: { type: string; [key: string]: unknown }) => unknown;

export interface FakeHome {
  /** How many miners, or their names. Their devices are "miner1", "miner2", … */
  miners?: number | readonly string[];
  /** A tariff, whose device is "tariff", with these prices or half-hourly ones. */
  tariff?: boolean | readonly Slot[];
  /** How many cheap windows: "window1", … */
  windows?: number;
  /** The device "fleet". */
  fleet?: boolean;
  /** How many pools: "pool1", … */
  pools?: number;
  /** How many of the miners, from the first, have a plan. */
  plans?: number;
  /** Names of areas; the miners are spread over them in turn. */
  areas?: readonly string[];
  /** Entities that are not there, by what they are ("select.mode") or by their ids. */
  without?: readonly string[];
  /** Other states than the usual, by entity id; the attributes are added to. */
  states?: Readonly<Record<string, Shown>>;
  /** Answers of the websocket API, by type; what throws is refused. */
  calls?: Readonly<Record<string, Call>>;
  /** What is called when a service is. */
  onService?: HomeAssistant["callService"];
  language?: string;
  timeZone?: string;
  admin?: boolean;
  /** When it is, for prices and plans. */
  now?: string;
}

/** Return a home with nothing in it but what is asked for. */
export function fakeHome(wanted: FakeHome = {}): HomeAssistant {
  const now = wanted.now ?? "2026-11-28T12:10:00+00:00";
  const registry: Registry = { entities: {}, devices: {}, areas: {}, states: {} };
  const names =
    typeof wanted.miners === "object"
      ? wanted.miners
      : counted(wanted.miners ?? 0).map((number) => `Miner ${number}`);
  for (const name of wanted.areas ?? []) {
    registry.areas[slug(name)] = { area_id: slug(name), name, icon: null };
  }
  const areas = Object.keys(registry.areas);
  const slots =
    typeof wanted.tariff === "object" ? wanted.tariff : halfHours(now.slice(0, 10));
  names.forEach((name, index) => {
    add(
      registry,
      {
        id: `miner${index + 1}`,
        name,
        areaId: areas[index % areas.length] ?? null,
      },
      { ...MINER, ...(index < (wanted.plans ?? 0) ? plan(slots, now) : {}) },
    );
  });
  if (wanted.fleet) {
    add(registry, { id: "fleet", name: "Miner fleet", isService: true }, FLEET);
  }
  for (const number of counted(wanted.pools ?? 0)) {
    const name = `Pool ${number}`;
    add(registry, { id: `pool${number}`, name, isService: true, entry: "fleet" }, POOL);
  }
  if (wanted.tariff) {
    add(
      registry,
      { id: "tariff", name: "Tariff", isService: true },
      tariff(slots, now),
    );
  }
  for (const number of counted(wanted.windows ?? 0)) {
    add(
      registry,
      {
        id: `window${number}`,
        name: `Cheap window ${number}`,
        isService: true,
        entry: "tariff",
      },
      cheapWindow(slots),
    );
  }
  leaveOut(registry, wanted.without ?? []);
  for (const [id, shown] of Object.entries(wanted.states ?? {})) {
    registry.states[id] = stateOf(id, shown, registry.states[id]?.attributes);
  }
  return hassOf(registry, wanted);
}

/** Return the same home after some of its states have changed. */
export function withStates(
  hass: HomeAssistant,
  states: Readonly<Record<string, Shown>>,
): HomeAssistant {
  const changed = Object.entries(states).map(([id, shown]) => [
    id,
    stateOf(id, shown, hass.states[id]?.attributes),
  ]);
  return {
    ...hass,
    states: {
      ...hass.states,
      ...(Object.fromEntries(changed) as HomeAssistant["states"]),
    },
  };
}

/** Return the half hours of a day in UTC, cheap at night and dear in the evening. */
export function halfHours(
  day: string,
  price: (index: number) => number = usualPrice,
): Slot[] {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return counted(48).map((number) => ({
    start: isoTime(midnight + (number - 1) * 1_800_000),
    end: isoTime(midnight + number * 1_800_000),
    price: price(number - 1),
  }));
}

function usualPrice(index: number): number {
  return Math.round((0.18 - 0.1 * Math.cos((index / 48) * 2 * Math.PI)) * 1e4) / 1e4;
}

interface Registry {
  entities: Record<string, EntityEntry>;
  devices: Record<string, DeviceEntry>;
  areas: Record<string, AreaEntry>;
  states: Record<string, EntityState>;
}

interface NewDevice {
  id: string;
  name: string;
  areaId?: string | null;
  isService?: boolean;
  /** The entry that it belongs to, if not one of its own. */
  entry?: string;
}

function add(
  registry: Registry,
  device: NewDevice,
  shown: Readonly<Record<string, Shown>>,
): void {
  registry.devices[device.id] = {
    id: device.id,
    name: device.name,
    name_by_user: null,
    area_id: device.areaId ?? null,
    config_entries: [`entry_${device.entry ?? device.id}`],
    entry_type: device.isService ? "service" : null,
    disabled_by: null,
  };
  for (const [key, each] of Object.entries(shown)) {
    const [domain = "", translationKey = ""] = key.split(".");
    const id = `${domain}.${device.id}_${translationKey}`;
    const category = CATEGORIES[key];
    registry.entities[id] = {
      entity_id: id,
      platform: "miner_controller",
      translation_key: translationKey,
      device_id: device.id,
      ...(category ? { entity_category: category } : {}),
    };
    registry.states[id] = stateOf(id, each, {
      friendly_name: `${device.name} ${translationKey}`,
    });
  }
}

function leaveOut({ entities, states }: Registry, without: readonly string[]): void {
  for (const entity of Object.values(entities)) {
    const key = `${entity.entity_id.split(".")[0] ?? ""}.${entity.translation_key ?? ""}`;
    if (!without.includes(key) && !without.includes(entity.entity_id)) continue;
    Reflect.deleteProperty(entities, entity.entity_id);
    Reflect.deleteProperty(states, entity.entity_id);
  }
}

function hassOf(registry: Registry, wanted: FakeHome): HomeAssistant {
  const language = wanted.language ?? "en";
  return {
    ...registry,
    language,
    locale: {
      language,
      number_format: "language",
      time_format: "language",
      time_zone: "server",
    },
    config: {
      time_zone: wanted.timeZone ?? "Europe/London",
      currency: "GBP",
      components: ["miner_controller", "automation"],
    },
    user: { is_admin: wanted.admin ?? true },
    localize: (key) => key,
    formatEntityState(entity, state = entity.state) {
      const unit = entity.attributes.unit_of_measurement;
      return typeof unit === "string" ? `${state} ${unit}` : state;
    },
    formatEntityAttributeValue: (entity, attribute, value) =>
      String(value ?? entity.attributes[attribute]),
    callWS<Result>(message: { type: string; [key: string]: unknown }) {
      const call = wanted.calls?.[message.type];
      return call === undefined
        ? Promise.reject(new Error(`Unknown command ${message.type}`))
        : Promise.resolve(message).then((sent) => call(sent) as Result);
    },
    callService: wanted.onService ?? (() => Promise.resolve()),
  };
}

function stateOf(
  id: string,
  shown: Shown,
  attributes: Readonly<Record<string, unknown>> = {},
): EntityState {
  const given = typeof shown === "string" ? { state: shown } : shown;
  return {
    entity_id: id,
    state: given.state,
    attributes: { ...attributes, ...given.attributes },
    last_changed: "2026-11-28T12:00:00+00:00",
    last_updated: "2026-11-28T12:00:00+00:00",
  };
}

function isoTime(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "+00:00");
}

function counted(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, "_");
}
