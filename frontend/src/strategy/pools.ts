/** The view of the fleet's pools. */

import type { CardConfig, SectionConfig } from "../ha/types";
import { type Device, DOMAIN } from "../model/home";
import {
  type Button,
  devicePath,
  graph,
  graphEntities,
  heading,
  MAX_COLUMNS,
  navigateTo,
  notice,
  paired,
  section,
  tilesOf,
} from "./cards";
import { type Context, noFleet } from "./context";

const FIGURES = [
  "binary_sensor.reachable",
  "sensor.response_time",
  "sensor.miners",
  "sensor.shares_accepted",
  "sensor.shares_rejected",
  "sensor.pool_hashrate",
  "sensor.pool_workers",
  "sensor.pool_best_difficulty",
  "sensor.pool_balance",
];

export function poolsSections(context: Context): SectionConfig[] {
  const { home, text } = context;
  if (home.fleet === undefined) return [section([noFleet(context)])];
  const edit = editButton(context, home.fleet);
  if (!home.pools.length) {
    return [
      section([
        notice(text("strategy.no_pools"), text("strategy.no_pools_hint"), edit),
      ]),
    ];
  }
  return [
    ...home.pools.map((pool) => section(poolCards(context, pool))),
    // The graph takes the place beside the last one of an odd number of pools.
    section(
      graph({
        title: text("strategy.response_times"),
        entities: graphEntities(home.pools, "sensor.response_time"),
        period: "hour",
        days: 7,
        drawn: "mean",
      }),
      home.pools.length % 2 ? 1 : MAX_COLUMNS,
    ),
    section(
      edit.length
        ? [notice(text("strategy.edit_pools"), text("strategy.edit_pools_hint"), edit)]
        : [],
      MAX_COLUMNS,
    ),
  ].filter(({ cards }) => cards.length);
}

function poolCards(context: Context, pool: Device): CardConfig[] {
  return [
    heading(
      pool.name,
      "mdi:server-network",
      context.isAdmin ? { tap_action: navigateTo(devicePath(pool)) } : {},
    ),
    ...paired(tilesOf(context, pool, FIGURES)),
  ];
}

/** Home Assistant opens a fleet's page by an address, but no form on it. */
function editButton({ text, isAdmin }: Context, fleet: Device): Button[] {
  if (!isAdmin) return [];
  const entry = fleet.entryId === undefined ? "" : `#config_entry=${fleet.entryId}`;
  const path = `/config/integrations/integration/${DOMAIN}${entry}`;
  return [
    {
      text: text("strategy.edit_pools_button"),
      icon: "mdi:pencil",
      action: navigateTo(path),
    },
  ];
}
