/** Everything about one miner, in a section among others or on a page of its own. */

import type { CardConfig, SectionConfig } from "../ha/types";
import type { Device } from "../model/home";
import { minerPath } from "../model/paths";
import {
  FULL_WIDTH,
  devicePath,
  entitiesOf,
  graph,
  graphEntities,
  heading,
  headingButton,
  navigateTo,
  ownCard,
  paired,
  performAfterAsking,
  section,
  tile,
  tilesOf,
  tileWithFeature,
} from "./cards";
import type { Context } from "./context";

const TEMPERATURES = ["sensor.temperature", "sensor.temperature_max"];

const PROBLEMS = [
  "binary_sensor.overheated",
  "binary_sensor.hardware_fault",
  "binary_sensor.power_fault",
  "binary_sensor.fallback_pool",
];

/** What is done often, and so is not folded away with the settings. */
const CONTROLS = ["switch.mining", "select.mode", "select.pool", "button.restart"];

const SETTING_DOMAINS = ["number", "switch", "select", "button", "update"];

type Place = "among others" | "own page";

/** Return the section of a miner, which leads to the page of it. */
export function minerSection(context: Context, miner: Device): SectionConfig {
  return section([
    minerHeading(context, miner, "among others"),
    ...readings(context, miner),
    ...controls(miner),
    ...graphs(context, miner),
    ...restart(context, miner),
    ...settings(context, miner),
  ]);
}

/** Return the same in two sections: what is and what is done beside all the rest. */
export function minerPage(
  context: Context,
  miner: Device,
  place: Place,
): SectionConfig[] {
  const rest = [
    ...graphs(context, miner),
    ...restart(context, miner),
    ...settings(context, miner),
  ];
  return [
    section([
      minerHeading(context, miner, place),
      ...readings(context, miner),
      ...controls(miner),
    ]),
    ...(rest.length ? [section(rest)] : []),
  ];
}

/** Return what the miner does now, and what that costs. */
function readings(context: Context, miner: Device): CardConfig[] {
  const keys = [
    "sensor.hashrate",
    ...temperatureOf(miner),
    "sensor.power",
    "sensor.efficiency",
    "sensor.shares_accepted",
    "sensor.shares_rejected",
    "sensor.best_difficulty",
    "sensor.uptime",
    "sensor.cost_today",
    "sensor.profit",
    "sensor.break_even_price",
    "sensor.planned_mode",
  ];
  return [
    ...paired(tilesOf(context, miner, keys)),
    // Names of pools are long.
    ...entitiesOf(miner, ["sensor.active_pool"]).map((pool) => tile(pool, FULL_WIDTH)),
  ];
}

/** Return what is drawn of the last days, of which there may be none yet. */
function graphs({ text }: Context, miner: Device): CardConfig[] {
  const week = { period: "hour", days: 7, drawn: "mean" } as const;
  return [
    ...graph({
      title: text("strategy.hashrate_week"),
      entities: graphEntities([miner], "sensor.hashrate"),
      ...week,
    }),
    ...graph({
      title: text("strategy.temperature_week"),
      entities: temperatureOf(miner).flatMap((key) => graphEntities([miner], key)),
      ...week,
    }),
  ];
}

/** Return which of the temperatures stands for the miner. */
function temperatureOf(miner: Device): string[] {
  return TEMPERATURES.filter((key) => key in miner.entities).slice(0, 1);
}

function minerHeading(
  { text, isAdmin }: Context,
  miner: Device,
  place: Place,
): CardConfig {
  const state =
    miner.entities["binary_sensor.hashing"] ??
    miner.entities["binary_sensor.reachable"];
  const badge = (entity: string): CardConfig => ({
    type: "entity",
    entity,
    color: "state",
    show_icon: true,
    show_state: true,
    tap_action: { action: "more-info" },
  });
  return heading(miner.name, "mdi:pickaxe", {
    ...(place === "own page" ? {} : { tap_action: navigateTo(minerPath(miner.id)) }),
    badges: [
      ...(state === undefined ? [] : [badge(state)]),
      ...entitiesOf(miner, PROBLEMS).map((entity) => ({
        ...badge(entity),
        color: "red",
        state_content: "name",
        visibility: [{ condition: "state", entity, state: "on" }],
      })),
      // The names of miners need the room where there are several.
      ...(place === "own page" && isAdmin
        ? [
            headingButton({
              icon: "mdi:cog",
              text: text("strategy.device"),
              action: navigateTo(devicePath(miner)),
            }),
          ]
        : []),
    ],
  });
}

function controls(miner: Device): CardConfig[] {
  // The names of pools need all of a line.
  return [
    ...entitiesOf(miner, ["switch.mining"]).map((entity) =>
      tileWithFeature(entity, "toggle", { features_position: "inline" }),
    ),
    ...entitiesOf(miner, ["select.mode"]).map((entity) =>
      tileWithFeature(entity, "select-options", {
        features_position: "inline",
        hide_state: true,
      }),
    ),
    ...entitiesOf(miner, ["select.pool"]).map((entity) =>
      tileWithFeature(entity, "select-options", { hide_state: true }),
    ),
  ];
}

function restart({ text }: Context, miner: Device): CardConfig[] {
  return entitiesOf(miner, ["button.restart"]).map((entity) => {
    const press = performAfterAsking(
      "button.press",
      text("strategy.restart_question", { name: miner.name }),
      { entity_id: entity },
    );
    return tile(entity, {
      tap_action: press,
      icon_tap_action: press,
      hide_state: true,
      ...FULL_WIDTH,
    });
  });
}

/** Return whatever else can be set or pressed, folded away. */
function settings({ text }: Context, miner: Device): CardConfig[] {
  const keys = Object.keys(miner.entities).filter(
    (key) =>
      SETTING_DOMAINS.includes(key.split(".", 1)[0] ?? "") && !CONTROLS.includes(key),
  );
  if (!keys.length) return [];
  return [
    ownCard("fold", {
      title: text("strategy.settings"),
      icon: "mdi:tune",
      card: {
        type: "entities",
        show_header_toggle: false,
        entities: entitiesOf(miner, keys.sort()).map((entity) => ({
          entity,
          name: { type: "entity" },
        })),
      },
    }),
  ];
}
