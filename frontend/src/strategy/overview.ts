/** The view that tells at a glance how the miners are. */

import type { CardConfig, SectionConfig } from "../ha/types";
import type { Device } from "../model/home";
import { minerPath } from "../model/paths";
import {
  FULL_WIDTH,
  graph,
  graphEntities,
  heading,
  inColumns,
  inFours,
  MAX_COLUMNS,
  navigateTo,
  ownCard,
  paired,
  section,
  tile,
  tilesOf,
} from "./cards";
import { isSelective } from "./config";
import {
  chosenMiners,
  type Context,
  fleetOfShown,
  noFleet,
  noMiners,
  noPrices,
  titleOfFleet,
} from "./context";

/** With more miners than this, tiles would be too many to look through. */
const MOST_TILES = 12;

/** With more lines than this, a graph tells nothing. */
const MOST_LINES = 10;

const TOTALS = [
  "sensor.total_hashrate",
  "sensor.total_power",
  "sensor.efficiency",
  "sensor.miners_online",
  "sensor.total_cost_today",
  "sensor.total_profit",
  "sensor.hottest_chip",
];

/** What fills the room that the price card leaves below the graph beside it. */
const WORK = [
  "sensor.shares_accepted_today",
  "sensor.shares_rejected_today",
  "sensor.best_difficulty",
  "sensor.bitcoin_price",
];

/** With these tiles, as high as the price card is, and not too high for a phone. */
const BESIDE_PRICES = { grid_options: { columns: "full", rows: 6 } };

export function overviewSections(context: Context): SectionConfig[] {
  if (!context.home.miners.length) {
    const start = section([noMiners(context)], MAX_COLUMNS);
    return context.home.tariffs.length
      ? [start, ...pricesAndHashrate(context)]
      : [start];
  }
  return [
    section(totals(context), MAX_COLUMNS),
    ...pricesAndHashrate(context),
    section(miners(context), MAX_COLUMNS),
    section(hints(context), MAX_COLUMNS),
  ].filter(({ cards }) => cards.length);
}

function totals(context: Context): CardConfig[] {
  const { home, text } = context;
  const fleet = fleetOfShown(context);
  const price = home.tariffs[0]?.entities["sensor.current_price"];
  return [
    heading(text("strategy.totals"), "mdi:sigma"),
    ownCard("attention", { ...chosenMiners(context), ...FULL_WIDTH }),
    ...inFours([
      ...(fleet ? tilesOf(context, fleet, TOTALS) : []),
      ...(price === undefined ? [] : [tile(price)]),
    ]),
  ];
}

/** Return how to add what is not there, after what is. */
function hints(context: Context): CardConfig[] {
  const { home } = context;
  return [
    ...(home.fleet ? [] : [noFleet(context)]),
    ...(home.tariffs.length ? [] : [noPrices(context)]),
  ];
}

/** Return one beside the other, or one across where the other is not there. */
function pricesAndHashrate(context: Context): SectionConfig[] {
  // Both have a title of their own.
  const prices = context.home.tariffs.length
    ? [ownCard("price", { ...chosenMiners(context), ...FULL_WIDTH })]
    : [];
  const graphs = hashrate(context);
  const fleet = fleetOfShown(context);
  if (!prices.length || !graphs.length) {
    return [[...prices, ...graphs]]
      .filter((cards) => cards.length)
      .map((cards) => section(cards, MAX_COLUMNS));
  }
  return [
    section(prices),
    section([
      ...graphs.map((card) => ({ ...card, ...BESIDE_PRICES })),
      ...paired(fleet ? tilesOf(context, fleet, WORK) : []),
    ]),
  ];
}

function hashrate(context: Context): CardConfig[] {
  const { home, selection, text } = context;
  const title = text("strategy.hashrate_day");
  const total = home.fleet?.entities["sensor.total_hashrate"];
  if (!home.miners.length) return [];
  const isOfEach = isSelective(selection) && home.miners.length <= MOST_LINES;
  return total === undefined || isOfEach
    ? hashrates(home.miners, title)
    : graph({
        title: titleOfFleet(context, title),
        entities: [{ entity: total }],
        period: "5minute",
        days: 1,
        drawn: "mean",
      });
}

/** Return a graph that keeps units apart, as a small miner counts in kH/s. */
function hashrates(all: readonly Device[], title: string): CardConfig[] {
  const entities = graphEntities(all, "sensor.hashrate");
  if (!entities.length || entities.length > MOST_LINES) return [];
  return [{ type: "history-graph", title, hours_to_show: 24, entities, ...FULL_WIDTH }];
}

function miners(context: Context): CardConfig[] {
  const { home, text } = context;
  return [
    heading(text("strategy.miners"), "mdi:pickaxe"),
    ...(home.miners.length > MOST_TILES
      ? [ownCard("table", chosenMiners(context))]
      : inColumns(home.miners.flatMap(minerTile))),
  ];
}

function minerTile(miner: Device): CardConfig[] {
  const entity =
    miner.entities["binary_sensor.hashing"] ??
    miner.entities["binary_sensor.reachable"];
  if (entity === undefined) return [];
  const toMiner = navigateTo(minerPath(miner.id));
  return [
    tile(entity, {
      name: miner.name,
      color: "green",
      tap_action: toMiner,
      icon_tap_action: toMiner,
      ...(entity === miner.entities["binary_sensor.hashing"]
        ? { features: [{ type: "custom:miner-controller-readings" }] }
        : {}),
    }),
  ];
}
