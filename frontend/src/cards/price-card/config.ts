/** The settings of the price card. */

import { localizer } from "../../i18n/localize";
import { PERIODS, type Period } from "../../prices/period";

export const CARD = "miner-controller-price-card";
export const CARD_TYPE = `custom:${CARD}`;
export const BAR_MINUTES = [15, 30, 60] as const;

export interface PriceCardConfig {
  readonly type: string;
  /** The device of a tariff; the first one without it. */
  readonly tariff?: string;
  /** Devices of miners; all that care for prices without it, none with an empty list. */
  readonly miners?: readonly string[];
  readonly title?: string;
  /** What is shown at first. */
  readonly period?: Period;
  /** The length of a bar; as published without it. */
  readonly bar_minutes?: (typeof BAR_MINUTES)[number];
  readonly compact?: boolean;
  /** Whether the period can be switched. */
  readonly show_period?: boolean;
}

/** Return settings that make sense, or throw what is wrong with them. */
export function checkedConfig(config: unknown): PriceCardConfig {
  // Home Assistant shows this before it tells a card which language is spoken.
  const text = localizer("en");
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new Error(text("price_card.error_object"));
  }
  // An option without a value in YAML is null, and as if it was not there.
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== null),
  );
  const { tariff, miners, title, period, bar_minutes } = given;
  if (tariff !== undefined && typeof tariff !== "string") {
    throw new Error(text("price_card.error_device"));
  }
  if (miners !== undefined && !isTexts(miners)) {
    throw new Error(text("price_card.error_miners"));
  }
  if (title !== undefined && typeof title !== "string") {
    throw new Error(text("price_card.error_text", { option: "title" }));
  }
  const assertOneOf = (
    option: string,
    value: unknown,
    choices: readonly unknown[],
  ): void => {
    if (value === undefined || choices.includes(value)) return;
    const named = choices.join(", ");
    throw new Error(text("price_card.error_choice", { option, choices: named }));
  };
  assertOneOf("period", period, PERIODS);
  assertOneOf("bar_minutes", bar_minutes, BAR_MINUTES);
  for (const option of ["compact", "show_period"]) {
    if (!["boolean", "undefined"].includes(typeof given[option])) {
      throw new Error(text("price_card.error_switch", { option }));
    }
  }
  return given as unknown as PriceCardConfig;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
