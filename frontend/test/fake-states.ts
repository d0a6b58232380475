/** What the entities of a home for tests show. */

/** A state, or a state with attributes. */
export type Shown = string | { state: string; attributes?: Record<string, unknown> };

export interface Slot {
  start: string;
  end: string;
  price: number;
}

export const MINER: Readonly<Record<string, Shown>> = {
  "sensor.hashrate": { state: "1.2", attributes: { unit_of_measurement: "TH/s" } },
  "sensor.temperature": { state: "58.5", attributes: { unit_of_measurement: "°C" } },
  "sensor.power": { state: "18.4", attributes: { unit_of_measurement: "W" } },
  "sensor.efficiency": { state: "15.3", attributes: { unit_of_measurement: "J/TH" } },
  "sensor.energy": { state: "12.5", attributes: { unit_of_measurement: "kWh" } },
  "sensor.energy_cost": { state: "2.5", attributes: { unit_of_measurement: "GBP" } },
  "sensor.cost_today": { state: "0.09", attributes: { unit_of_measurement: "GBP" } },
  "sensor.revenue": { state: "0.05", attributes: { unit_of_measurement: "GBP/d" } },
  "sensor.profit": { state: "-0.04", attributes: { unit_of_measurement: "GBP/d" } },
  "sensor.break_even_price": {
    state: "0.12",
    attributes: { unit_of_measurement: "GBP/kWh" },
  },
  "sensor.shares_accepted": "1523",
  "sensor.shares_rejected": "4",
  "sensor.best_difficulty": "4290000000",
  "sensor.active_pool": "pool.example.com",
  "sensor.uptime": "2026-11-25T08:00:00+00:00",
  "binary_sensor.reachable": "on",
  "binary_sensor.hashing": "on",
  "binary_sensor.overheated": "off",
  "binary_sensor.fallback_pool": "off",
  "binary_sensor.power_fault": "off",
  "binary_sensor.hardware_fault": "off",
  "select.mode": {
    state: "standard",
    attributes: { options: ["eco", "standard", "turbo"] },
  },
  "select.pool": {
    state: "Pool 1",
    attributes: { options: ["Pool 1", "Pool 2"] },
  },
  "number.frequency": {
    state: "525",
    attributes: { min: 400, max: 600, unit_of_measurement: "MHz" },
  },
  "switch.mining": "on",
  "switch.automatic_fan": "on",
  "button.restart": "unknown",
  "button.identify": "unknown",
  "event.activity": { state: "unknown", attributes: { event_type: null } },
  "update.firmware": "off",
};

export const FLEET: Readonly<Record<string, Shown>> = {
  "sensor.total_hashrate": {
    state: "3.6",
    attributes: { unit_of_measurement: "TH/s" },
  },
  "sensor.total_power": { state: "55.2", attributes: { unit_of_measurement: "W" } },
  "sensor.total_energy": { state: "37.5", attributes: { unit_of_measurement: "kWh" } },
  "sensor.efficiency": { state: "15.3", attributes: { unit_of_measurement: "J/TH" } },
  "sensor.miners_online": "3",
  "sensor.miners_total": "3",
  "sensor.miners_needing_attention": { state: "0", attributes: { miners: [] } },
  "sensor.hottest_chip": { state: "58.5", attributes: { unit_of_measurement: "°C" } },
  "sensor.best_difficulty": "4290000000",
  "sensor.shares_accepted_today": "800",
  "sensor.shares_rejected_today": "2",
  "sensor.total_energy_cost": {
    state: "7.5",
    attributes: { unit_of_measurement: "GBP" },
  },
  "sensor.total_cost_today": {
    state: "0.27",
    attributes: { unit_of_measurement: "GBP" },
  },
  "sensor.total_revenue": {
    state: "0.15",
    attributes: { unit_of_measurement: "GBP/d" },
  },
  "sensor.total_profit": {
    state: "-0.12",
    attributes: { unit_of_measurement: "GBP/d" },
  },
};

export const POOL: Readonly<Record<string, Shown>> = {
  "binary_sensor.reachable": "on",
  "sensor.response_time": { state: "42", attributes: { unit_of_measurement: "ms" } },
  "sensor.miners": "3",
  "sensor.shares_accepted": "4500",
  "sensor.shares_rejected": "12",
};

/** What is not of the entities that a miner is about. */
export const CATEGORIES: Readonly<Record<string, "config" | "diagnostic">> = {
  "binary_sensor.power_fault": "diagnostic",
  "binary_sensor.hardware_fault": "diagnostic",
  "sensor.uptime": "diagnostic",
  "number.frequency": "config",
  "switch.automatic_fan": "config",
  "button.identify": "config",
};

export function tariff(slots: readonly Slot[], now: string): Record<string, Shown> {
  const current = slots.find((slot) => isIn(slot, now));
  const following = slots.find((slot) => slot.start === current?.end);
  const prices = slots.map((slot) => slot.price);
  const priced = (price: number | undefined, attributes = {}): Shown => ({
    state: price === undefined ? "unknown" : String(price),
    attributes: { unit_of_measurement: "GBP/kWh", ...attributes },
  });
  return {
    "sensor.current_price": priced(current?.price, {
      ...(current ? { start: current.start, end: current.end } : {}),
      prices: slots,
    }),
    "sensor.next_price": priced(following?.price),
    "sensor.lowest_price_today": priced(Math.min(...prices)),
    "sensor.highest_price_today": priced(Math.max(...prices)),
    "sensor.average_price_today": priced(
      prices.reduce((sum, price) => sum + price, 0) / prices.length,
    ),
    "sensor.prices_known_until": slots.at(-1)?.end ?? "unknown",
    "binary_sensor.negative_price": (current?.price ?? 0) < 0 ? "on" : "off",
    "binary_sensor.tomorrow_published": "off",
  };
}

export function cheapWindow(slots: readonly Slot[]): Record<string, Shown> {
  const periods = slots.slice(4, 10).map(({ start, end }) => ({ start, end }));
  return {
    "binary_sensor.active": { state: "off", attributes: { periods } },
    "sensor.next_start": "unknown",
    "sensor.average_price": {
      state: "0.09",
      attributes: { unit_of_measurement: "GBP/kWh" },
    },
  };
}

export function plan(slots: readonly Slot[], now: string): Record<string, Shown> {
  const course = slots.map((slot) => ({
    ...slot,
    mode: slot.price > 0.22 ? "off" : slot.price > 0.15 ? "eco" : "turbo",
  }));
  const running = course.find((slot) => isIn(slot, now));
  const next = course.find(
    (slot) =>
      running !== undefined && slot.start > running.start && slot.mode !== running.mode,
  );
  return {
    "sensor.planned_mode": {
      state: running?.mode ?? "unknown",
      attributes: {
        options: ["off", "eco", "standard", "turbo"],
        plan: course,
        next_change: next?.start ?? null,
        next_mode: next?.mode ?? null,
      },
    },
    "sensor.planned_cost_today": {
      state: "0.31",
      attributes: { unit_of_measurement: "GBP" },
    },
    "sensor.planned_energy_today": {
      state: "1.9",
      attributes: { unit_of_measurement: "kWh" },
    },
    "binary_sensor.plan_followed": "on",
  };
}

function isIn({ start, end }: Slot, now: string): boolean {
  const time = Date.parse(now);
  return Date.parse(start) <= time && time < Date.parse(end);
}
