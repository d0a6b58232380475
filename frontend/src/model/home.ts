/** What of the integration is in a home: miners, tariffs, cheap windows, fleet, pools. */

import type { DeviceEntry, EntityEntry, HomeAssistant } from "../ha/types";

export const DOMAIN = "miner_controller";

/** One of our devices, with its entities by what they are: "sensor.hashrate". */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly areaId: string | undefined;
  readonly entryId: string | undefined;
  readonly entities: Readonly<Partial<Record<string, string>>>;
}

export interface Home {
  /** Sorted by name, numbers in names by their value. */
  readonly miners: readonly Device[];
  readonly tariffs: readonly Device[];
  readonly windows: readonly Device[];
  readonly fleet: Device | undefined;
  readonly pools: readonly Device[];
}

/** Which miners are wanted, by their devices and by their areas; all without either. */
export interface Selection {
  readonly miners?: readonly string[] | undefined;
  readonly areas?: readonly string[] | undefined;
}

// Any of these tells what a service is, so that one may be disabled or hidden.
const MARKS = {
  fleet: ["sensor.miners_total", "sensor.miners_online", "sensor.total_hashrate"],
  tariff: ["sensor.current_price", "sensor.next_price", "binary_sensor.negative_price"],
  window: ["binary_sensor.active", "sensor.next_start", "sensor.average_price"],
  pool: ["binary_sensor.reachable", "sensor.response_time", "sensor.miners"],
} as const;

/** Return what is in a home, with the miners that are wanted. */
export function readHome(hass: HomeAssistant, selection: Selection = {}): Home {
  const { home } = readAll(hass);
  return { ...home, miners: home.miners.filter((each) => isWanted(each, selection)) };
}

function isWanted(miner: Device, { miners, areas }: Selection): boolean {
  if (!miners?.length && !areas?.length) return true;
  return (
    (miners?.includes(miner.id) ?? false) ||
    (miner.areaId !== undefined && (areas?.includes(miner.areaId) ?? false))
  );
}

/** Return that one of our devices which an entity belongs to. */
export function deviceOf(hass: HomeAssistant, entityId: string): Device | undefined {
  const id = hass.entities[entityId]?.device_id;
  return id ? readAll(hass).devices.get(id) : undefined;
}

interface Found {
  readonly entry: DeviceEntry;
  readonly device: Device;
}

interface Whole {
  readonly home: Home;
  readonly devices: ReadonlyMap<string, Device>;
}

// Every card asks for the same registries, which change far less often than states do.
let last: { of: readonly unknown[]; whole: Whole } | undefined;

function readAll(hass: HomeAssistant): Whole {
  const of = [hass.entities, hass.devices, hass.language];
  if (!last?.of.every((each, index) => each === of[index])) {
    const found = findDevices(hass);
    const devices = new Map(found.map(({ device }) => [device.id, device]));
    last = { of, whole: { home: sortOut(found), devices } };
  }
  return last.whole;
}

function sortOut(found: readonly Found[]): Home {
  const services = found
    .filter(({ entry }) => entry.entry_type === "service")
    .map(({ device }) => device);
  const ofKind = (kind: keyof typeof MARKS): Device[] =>
    services.filter(({ entities }) => MARKS[kind].some((key) => key in entities));
  return {
    miners: found
      .filter(({ entry }) => entry.entry_type !== "service")
      .map(({ device }) => device),
    tariffs: ofKind("tariff"),
    windows: ofKind("window"),
    fleet: ofKind("fleet")[0],
    pools: ofKind("pool"),
  };
}

function findDevices(hass: HomeAssistant): Found[] {
  const byDevice = new Map<string, Record<string, string>>();
  for (const entity of Object.values(hass.entities)) {
    const key = keyOf(entity);
    if (key === undefined || !entity.device_id) continue;
    const entities = byDevice.get(entity.device_id) ?? {};
    entities[key] ??= entity.entity_id;
    byDevice.set(entity.device_id, entities);
  }
  const { compare } = new Intl.Collator(hass.language, { numeric: true });
  const found: Found[] = [];
  for (const [id, entities] of byDevice) {
    const entry = hass.devices[id];
    if (entry === undefined) continue;
    const device = {
      id,
      name: entry.name_by_user ?? entry.name ?? id,
      areaId: entry.area_id ?? undefined,
      entryId: entry.config_entries[0],
      entities,
    };
    found.push({ entry, device });
  }
  return found.sort((a, b) => compare(a.device.name, b.device.name));
}

/** Return what an entity of ours is, or nothing for a hidden one and for all others. */
function keyOf(entity: EntityEntry): string | undefined {
  if (entity.platform !== DOMAIN || entity.hidden || !entity.translation_key) {
    return undefined;
  }
  const domain = entity.entity_id.split(".", 1)[0] ?? "";
  // The same switch has two names: one says that only a restart ends the pause.
  const key = entity.translation_key.replace(/^mining_with_restart$/, "mining");
  return `${domain}.${key}`;
}
