/** Cards of Home Assistant, as the views of the dashboard use them. */

import type { CardConfig, SectionConfig } from "../ha/types";
import { type Device, DOMAIN } from "../model/home";
import { entityName } from "../model/readings";
import type { Context } from "./context";

/** As many columns as a view has at most: what fills two leaves holes in three. */
export const MAX_COLUMNS = 2;

export const ADD_PATH = `/config/integrations/dashboard/add?domain=${DOMAIN}`;

/** As wide as the section is. */
export const FULL_WIDTH = { grid_options: { columns: "full" } };

/** As wide as one column, however many the section has. */
export const ONE_COLUMN = { grid_options: { columns: 12 } };

export interface Button {
  readonly text: string;
  readonly icon: string;
  readonly action: CardConfigAction;
}

export type CardConfigAction = Readonly<Record<string, unknown>>;

export function navigateTo(path: string): CardConfigAction {
  return { action: "navigate", navigation_path: path };
}

/** Return an action that asks before it is done. */
export function performAfterAsking(
  action: string,
  question: string,
  target?: Readonly<Record<string, unknown>>,
): CardConfigAction {
  return {
    action: "perform-action",
    perform_action: action,
    ...(target === undefined ? {} : { target }),
    confirmation: { text: question },
  };
}

export function devicePath(device: Device): string {
  return `/config/devices/device/${device.id}`;
}

export function section(cards: readonly CardConfig[], columns = 1): SectionConfig {
  return {
    type: "grid",
    cards: [...cards],
    ...(columns > 1 ? { column_span: columns } : {}),
  };
}

export function heading(
  text: string,
  icon: string,
  options: Readonly<Record<string, unknown>> = {},
): CardConfig {
  return { type: "heading", heading: text, icon, ...options };
}

/** Return a tile of an entity that is named by itself, without its device. */
export function tile(
  entity: string,
  options: Readonly<Record<string, unknown>> = {},
): CardConfig {
  return { type: "tile", entity, name: { type: "entity" }, ...options };
}

/** Return a tile of each of a device's entities that are there, in this order. */
export function tilesOf(
  context: Context,
  device: Device,
  keys: readonly string[],
): CardConfig[] {
  const names = shortNames(context);
  return keys.flatMap((key) => {
    const entity = device.entities[key];
    const name = names[key];
    return entity === undefined
      ? []
      : [tile(entity, name === undefined ? {} : { name })];
  });
}

/** Return tiles two in a row, the first one across it where one would be alone. */
export function paired(tiles: readonly CardConfig[]): CardConfig[] {
  return tiles.map((each, index) =>
    index === 0 && tiles.length % 2 === 1 ? { ...each, ...FULL_WIDTH } : each,
  );
}

/** Return tiles one in each of two columns, the first one across likewise. */
export function inColumns(tiles: readonly CardConfig[]): CardConfig[] {
  return tiles.map((each, index) => ({
    ...each,
    ...(index === 0 && tiles.length % 2 === 1 ? FULL_WIDTH : ONE_COLUMN),
  }));
}

/** Return tiles four in a row of two columns, the first ones wider to fill it. */
export function inFours(tiles: readonly CardConfig[]): CardConfig[] {
  const missing = (4 - (tiles.length % 4)) % 4;
  if (tiles.length === 1) return paired(tiles);
  return tiles.map((each, index) =>
    index < missing ? { ...each, ...ONE_COLUMN } : each,
  );
}

/** Return names that fit half a phone, where those of the entities do not. */
function shortNames({ hass, text }: Context): Record<string, string> {
  return {
    "sensor.temperature": text("strategy.temperature"),
    "sensor.temperature_max": text("strategy.temperature"),
    "sensor.break_even_price": text("strategy.break_even"),
    "sensor.total_profit": entityName(hass, "sensor.profit"),
    // These figures say themselves that they count shares.
    "sensor.shares_accepted": text("strategy.accepted"),
    "sensor.shares_rejected": text("strategy.rejected"),
    "sensor.shares_accepted_today": text("strategy.accepted_today"),
    "sensor.shares_rejected_today": text("strategy.rejected_today"),
    "sensor.planned_cost_today": text("strategy.planned_cost"),
    "sensor.planned_energy_today": text("strategy.planned_energy"),
  };
}

export function entitiesOf(device: Device, keys: readonly string[]): string[] {
  return keys
    .map((key) => device.entities[key])
    .filter((entity) => entity !== undefined);
}

/** Return a tile of an entity with what can be done with it. */
export function tileWithFeature(
  entity: string,
  feature: string,
  options: Readonly<Record<string, unknown>> = {},
): CardConfig {
  return tile(entity, { features: [{ type: feature }], ...FULL_WIDTH, ...options });
}

export interface Graph {
  readonly title: string;
  readonly entities: readonly GraphEntity[];
  readonly period: "5minute" | "hour" | "day" | "month";
  readonly days: number;
  /** What is drawn of each period: its mean as a line, or its sum as a bar. */
  readonly drawn: "mean" | "change";
}

/** Return a line or two of ours, which may hold nothing that a device tells. */
export function remark(content: string): CardConfig {
  return { type: "markdown", text_only: true, content, ...FULL_WIDTH };
}

/** Return what is pressed beside a heading. */
export function headingButton({ text, icon, action }: Button): CardConfig {
  return { type: "button", text, icon, tap_action: action };
}

export interface GraphEntity {
  readonly entity: string;
  readonly name?: string;
}

/** Return a graph of statistics, or nothing without an entity. */
export function graph({ title, entities, period, days, drawn }: Graph): CardConfig[] {
  if (!entities.length) return [];
  return [
    {
      type: "statistics-graph",
      title,
      entities: [...entities],
      period,
      days_to_show: days,
      stat_types: [drawn],
      chart_type: drawn === "mean" ? "line" : "bar",
      ...(entities.length === 1 ? { hide_legend: true } : {}),
      ...FULL_WIDTH,
    },
  ];
}

/** Return one entity of each device, named by the device. */
export function graphEntities(devices: readonly Device[], key: string): GraphEntity[] {
  return devices.flatMap(({ name, entities }) => {
    const entity = entities[key];
    return entity === undefined ? [] : [{ entity, name }];
  });
}

/** Return a card that says what is not there, and what can be done about it. */
export function notice(
  title: string,
  content: string,
  buttons: readonly Button[] = [],
): CardConfig {
  return {
    type: "empty-state",
    title,
    content,
    ...(buttons.length
      ? {
          buttons: buttons.map(({ text, icon, action }) => ({
            text,
            icon,
            tap_action: action,
          })),
        }
      : {}),
    ...FULL_WIDTH,
  };
}

/** What leads to the pages of miners, which the dashboard has. */
const LEADING = ["table", "attention"];

/** Return a card of our own. */
export function ownCard(
  name: "price" | "table" | "attention" | "fold",
  options: Readonly<Record<string, unknown>> = {},
): CardConfig {
  return {
    type: `custom:miner-controller-${name}-card`,
    ...(LEADING.includes(name) ? { subviews: true } : {}),
    ...options,
  };
}
