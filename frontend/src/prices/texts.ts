/** What is told of prices in words: for tooltips and for who does not see the chart. */

import type { HomeAssistant } from "../ha/types";
import type { Localize } from "../i18n/localize";
import type { Format } from "./format";
import type { Run } from "./lanes";
import type { Meaning } from "./meaning";
import type { PriceUnit } from "./money";
import { startOfDay, type Span } from "./time";
import {
  modesIn,
  windowsIn,
  type Bar,
  type BreakEven,
  type Lane,
  type PriceView,
  type Unknown,
} from "./view";

const MOST_PLANS = 6;

/** All it takes to put something into words. */
export interface Words {
  readonly text: Localize;
  readonly format: Format;
  readonly unit: PriceUnit;
  readonly hass: Pick<
    HomeAssistant,
    "formatEntityState" | "formatEntityAttributeValue"
  >;
}

/** A time that can be asked about: one with a price, or one without. */
export type Stop = Bar | Unknown;

export interface StopText {
  readonly when: string;
  readonly price: string;
  readonly meaning: string;
  readonly windows: readonly string[];
  readonly plans: readonly { readonly miner: string; readonly mode: string }[];
  /** "and 4 more", where there are more plans than one reads. */
  readonly more: string;
}

export function isBar(stop: Stop): stop is Bar {
  return "price" in stop;
}

/** Return all times that can be asked about, in their order. */
export function stopsOf({ bars, unknowns }: PriceView): Stop[] {
  return [...bars, ...unknowns].sort((a, b) => a.start - b.start);
}

/** "21.3 p/kWh" */
export function priceText(price: number, { format, unit }: Words): string {
  return `${format.amount(price, unit)} ${unit.whole}`.trimEnd();
}

/** "21.3 p/kWh", or that it is what several prices come to */
function barText({ price, isAverage }: Bar, words: Words): string {
  const text = priceText(price, words);
  return isAverage ? words.text("price_card.average", { price: text }) : text;
}

/** "21.3 p", for where it is clear that it is for a kWh */
export function shortPrice(price: number, { format, unit }: Words): string {
  return `${format.amount(price, unit)} ${unit.short}`.trimEnd();
}

export function meaningText(
  meaning: Meaning,
  breakEvens: readonly BreakEven[],
  { text }: Words,
): string {
  const isOne = breakEvens.length === 1;
  if (isOne && meaning === "below_all") return text("price_card.meaning_below_one");
  if (isOne && meaning === "above_all") return text("price_card.meaning_above_one");
  return text(`price_card.meaning_${meaning}`);
}

/** "Published about 16:00", with the day where it is not today */
export function unknownText(unknown: Unknown, now: number, words: Words): string {
  const { text, format } = words;
  const { publication } = unknown;
  if (publication === undefined) {
    return text(
      unknown.start <= now ? "price_card.no_price" : "price_card.not_published",
    );
  }
  const isToday = publication < startOfDay(now, format.zone, 1);
  const time = (isToday ? format.time : format.dayTime)(publication);
  return text("price_card.published_about", { time });
}

/** "Eco", or that nothing is planned */
export function modeText(lane: Lane, mode: Run["mode"], words: Words): string {
  if (mode !== undefined) return words.hass.formatEntityState(lane.plan.state, mode);
  return lane.plan.hasProblem
    ? words.hass.formatEntityAttributeValue(lane.plan.state, "problem")
    : words.text("price_card.no_plan");
}

/** "16:30–17:00", with days where there are several */
export function whenText(view: PriceView, span: Span, { format }: Words): string {
  const { start, end } = span;
  const hasDays = view.days.length > 1;
  const isOver = hasDays && end > startOfDay(start, format.zone, 1);
  const first = (hasDays ? format.dayTime : format.time)(start);
  const last = (isOver ? format.dayTime : format.time)(end);
  const zone = format.zoneName(start);
  if (zone === "") return `${first}–${last}`;
  // The end may be the midnight after the day of the change.
  const lastZone = format.zoneName(end) || format.zoneName(end - 1);
  return zone === lastZone || lastZone === ""
    ? `${first}–${last} ${zone}`
    : `${first} ${zone}–${last} ${lastZone}`;
}

export function stopText(view: PriceView, stop: Stop, words: Words): StopText {
  const plans = view.lanes.flatMap((lane) => {
    const modes = modesIn(lane, stop);
    // That nothing is planned goes without saying where there is no price.
    if (!modes.some((mode) => mode !== undefined || isBar(stop))) return [];
    const mode = modes.map((each) => modeText(lane, each, words)).join(", ");
    return [{ miner: lane.miner, mode }];
  });
  const count = plans.length - MOST_PLANS;
  return {
    when: whenText(view, stop, words),
    price: isBar(stop) ? barText(stop, words) : unknownText(stop, view.now, words),
    meaning: isBar(stop) ? meaningText(stop.meaning, view.breakEvens, words) : "",
    windows: windowsIn(view, stop),
    plans: plans.slice(0, MOST_PLANS),
    more: count > 0 ? words.text("price_card.and_more", { count }) : "",
  };
}

/** Return the same as one sentence, for a screen reader. */
export function spoken({
  when,
  price,
  meaning,
  windows,
  plans,
  more,
}: StopText): string {
  return [
    when,
    price,
    meaning,
    ...windows,
    ...plans.map(({ miner, mode }) => `${miner}: ${mode}`),
    more,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Return the whole chart as a sentence: how low, how high, and when. */
export function summaryText(view: PriceView, words: Words): string {
  const { text } = words;
  const [first] = view.bars;
  if (first === undefined) return text("price_card.summary_empty");
  const lowest = view.bars.reduce((a, b) => (b.price < a.price ? b : a), first);
  const highest = view.bars.reduce((a, b) => (b.price > a.price ? b : a), first);
  return text("price_card.summary", {
    lowest: barText(lowest, words),
    lowest_when: whenText(view, lowest, words),
    highest: barText(highest, words),
    highest_when: whenText(view, highest, words),
  });
}
