/** The view of prices, costs and plans. */

import type { CardConfig, SectionConfig } from "../ha/types";
import type { Device } from "../model/home";
import { minerPath } from "../model/paths";
import { entityName } from "../model/readings";
import {
  FULL_WIDTH,
  graph,
  type Graph,
  graphEntities,
  type GraphEntity,
  heading,
  MAX_COLUMNS,
  navigateTo,
  ownCard,
  paired,
  section,
  tile,
  tilesOf,
} from "./cards";
import {
  chosenMiners,
  type Context,
  fleetOfShown,
  noFleet,
  noMiners,
  noPrices,
  titleOfFleet,
} from "./context";

/** With more lines than this, a graph tells nothing. */
const MOST_LINES = 10;

const BY_DAY = { period: "day", days: 30, drawn: "change" } as const;
const BY_MONTH = { period: "month", days: 365, drawn: "change" } as const;

export function energySections(context: Context): SectionConfig[] {
  const { home } = context;
  if (!home.miners.length) return withoutMiners(context);
  const inColumn = [windows(context), plans(context)];
  const limits = breakEven(context);
  const isFew = home.miners.length <= MOST_LINES;
  const isAlone = !isFew || !inColumn.flat().length;
  return [
    prices(context),
    ...usage(context),
    section(limits, isAlone ? MAX_COLUMNS : 1),
    // Beside the long list of the miners' figures is room for both.
    ...(isFew && limits.length ? [inColumn.flat()] : inColumn).map((cards) =>
      section(cards),
    ),
  ].filter(({ cards }) => cards.length);
}

/** Return what is there of prices, which are worth a look before the first miner. */
function withoutMiners(context: Context): SectionConfig[] {
  const start = section([noMiners(context)], MAX_COLUMNS);
  if (!context.home.tariffs.length) return [start];
  const cards = windows(context);
  return [
    prices(context),
    ...(cards.length ? [section(cards, MAX_COLUMNS)] : []),
    start,
  ];
}

function prices(context: Context): SectionConfig {
  return section(
    context.home.tariffs.length
      ? [ownCard("price", { ...chosenMiners(context), ...FULL_WIDTH })]
      : [noPrices(context)],
    MAX_COLUMNS,
  );
}

function windows(context: Context): CardConfig[] {
  const { home, text } = context;
  const tiles = home.windows.flatMap((window) => [
    heading(window.name, "mdi:clock-check-outline", { heading_style: "subtitle" }),
    ...paired(
      tilesOf(context, window, [
        "binary_sensor.active",
        "sensor.next_start",
        "sensor.average_price",
      ]),
    ),
  ]);
  if (!tiles.length) return [];
  return [heading(text("strategy.windows"), "mdi:clock-outline"), ...tiles];
}

/** Return graphs of what was used and paid, of each miner or of all together. */
function usage(context: Context): SectionConfig[] {
  const { home, text } = context;
  const isFew = home.miners.length <= MOST_LINES;
  const of = (own: string, total: string): Graph["entities"] =>
    isFew
      ? graphEntities(home.miners, own)
      : graphEntities(home.fleet ? [home.fleet] : [], total);
  const titleOf = (words: string): string =>
    isFew ? words : titleOfFleet(context, words);
  const energy = of("sensor.energy", "sensor.total_energy");
  const cost = of("sensor.energy_cost", "sensor.total_energy_cost");
  const title = heading(text("strategy.usage"), "mdi:lightning-bolt");
  if (!isFew && home.fleet === undefined) {
    return [section([title, noFleet(context)], MAX_COLUMNS)];
  }
  if (!energy.length && !cost.length) return [];
  const graphs = (
    when: typeof BY_DAY | typeof BY_MONTH,
    costWords: string,
    energyWords: string,
  ): CardConfig[] => [
    ...graph({ title: titleOf(costWords), entities: cost, ...when }),
    ...graph({ title: titleOf(energyWords), entities: energy, ...when }),
  ];
  const days = graphs(
    BY_DAY,
    text("strategy.cost_by_day"),
    text("strategy.energy_by_day"),
  );
  const months = graphs(
    BY_MONTH,
    text("strategy.cost_by_month"),
    text("strategy.energy_by_month"),
  );
  return [
    section([title, ...days]),
    section([heading(text("strategy.usage_months"), "mdi:calendar-month"), ...months]),
  ];
}

/** Return what electricity may cost for each miner, against what it did cost. */
function breakEven(context: Context): CardConfig[] {
  const { home, text } = context;
  const limits = graphEntities(home.miners, "sensor.break_even_price");
  if (!limits.length) return [];
  return [
    heading(text("strategy.break_even"), "mdi:scale-balance"),
    ...(home.miners.length <= MOST_LINES
      ? breakEvenOfFew(context, limits)
      : breakEvenOfMany(context)),
  ];
}

function breakEvenOfFew(
  { hass, home, text }: Context,
  limits: readonly GraphEntity[],
): CardConfig[] {
  const price = graphEntities(home.tariffs.slice(0, 1), "sensor.current_price");
  const figures = ["sensor.break_even_price", "sensor.profit"].flatMap((key) => {
    const entities = graphEntities(home.miners, key);
    return entities.length
      ? [
          heading(entityName(hass, key), "mdi:pickaxe", { heading_style: "subtitle" }),
          { type: "entities", entities, ...FULL_WIDTH },
        ]
      : [];
  });
  return [
    ...graph({
      title: text("strategy.price_week"),
      entities: [...price, ...limits],
      period: "hour",
      days: 7,
      drawn: "mean",
    }),
    ...figures,
  ];
}

function breakEvenOfMany(context: Context): CardConfig[] {
  const profit = fleetOfShown(context)?.entities["sensor.total_profit"];
  return [
    ownCard("table", { ...chosenMiners(context), ...FULL_WIDTH }),
    ...(profit === undefined ? [] : [tile(profit, FULL_WIDTH)]),
  ];
}

function plans(context: Context): CardConfig[] {
  const { home, text } = context;
  const cards = home.miners.flatMap((miner) => plan(context, miner));
  if (!cards.length) return [];
  return [heading(text("strategy.plans"), "mdi:calendar-clock"), ...cards];
}

function plan(context: Context, miner: Device): CardConfig[] {
  const mode = miner.entities["sensor.planned_mode"];
  if (mode === undefined) return [];
  return [
    heading(miner.name, "mdi:pickaxe", {
      heading_style: "subtitle",
      tap_action: navigateTo(minerPath(miner.id)),
    }),
    tile(mode, {
      state_content: ["state", "next_change", "next_mode"],
      ...FULL_WIDTH,
    }),
    ...paired(
      tilesOf(context, miner, [
        "binary_sensor.plan_followed",
        "sensor.planned_cost_today",
        "sensor.planned_energy_today",
      ]),
    ),
  ];
}
