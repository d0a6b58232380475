/** The form of the editor: its fields, and how settings become data of it and back. */

import type { Localize } from "../../i18n/localize";
import type { Device } from "../../model/home";
import { PERIODS } from "../../prices/period";
import { BAR_MINUTES, type PriceCardConfig } from "./config";

export interface Field {
  readonly name: keyof PriceCardConfig;
  readonly selector: Readonly<Record<string, unknown>>;
}

interface Option {
  readonly value: string;
  readonly label: string;
}

const AS_PUBLISHED = "published";

export function labelOf(name: Field["name"], text: Localize): string {
  return name === "type" ? "" : text(`price_card.editor_${name}`);
}

export function fieldsOf(
  text: Localize,
  tariffs: readonly Device[],
  miners: readonly Device[],
): Field[] {
  const named = (devices: readonly Device[]): Option[] =>
    devices.map(({ id, name }) => ({ value: id, label: name }));
  const minutes = BAR_MINUTES.map((count) => ({
    value: String(count),
    label: text("price_card.editor_minutes", { count }),
  }));
  const published = {
    value: AS_PUBLISHED,
    label: text("price_card.editor_as_published"),
  };
  const periods = PERIODS.map((period) => ({
    value: period,
    label: text(`price_card.period_${period}`),
  }));
  const choice = (options: readonly Option[], multiple = false): Field["selector"] => ({
    select: { options, multiple, mode: multiple ? "list" : "dropdown" },
  });
  return [
    { name: "title", selector: { text: {} } },
    { name: "tariff", selector: choice(named(tariffs)) },
    // A list of nothing to choose from would only ask questions.
    ...(miners.length
      ? [{ name: "miners", selector: choice(named(miners), true) } as const]
      : []),
    { name: "period", selector: choice(periods) },
    { name: "bar_minutes", selector: choice([published, ...minutes]) },
    { name: "show_period", selector: { boolean: {} } },
    { name: "compact", selector: { boolean: {} } },
  ];
}

export function dataOf(
  config: PriceCardConfig,
  tariffs: readonly Device[],
  miners: readonly Device[],
): Record<string, unknown> {
  return {
    ...config,
    tariff: config.tariff ?? tariffs[0]?.id,
    miners: config.miners ?? miners.map(({ id }) => id),
    period: config.period ?? "48h",
    bar_minutes: config.bar_minutes?.toString() ?? AS_PUBLISHED,
    show_period: config.show_period ?? true,
    compact: config.compact ?? false,
  };
}

/** Return what was chosen, without what is so anyway. */
export function configOf(
  data: Readonly<Record<string, unknown>>,
  before: PriceCardConfig,
  tariffs: readonly Device[],
  miners: readonly Device[],
): Record<string, unknown> {
  const chosen = Array.isArray(data.miners) ? (data.miners as unknown[]) : [];
  const minutes = Number(data.bar_minutes);
  const isUsual: Readonly<Record<string, boolean>> = {
    // An empty title hides it, and stays until there is another one.
    title: !data.title && before.title !== "",
    tariff:
      !data.tariff || (before.tariff === undefined && data.tariff === tariffs[0]?.id),
    // With all of them, those that come later are in it too.
    miners: miners.length
      ? miners.every(({ id }) => chosen.includes(id))
      : before.miners === undefined,
    period: !data.period || data.period === "48h",
    bar_minutes: !(minutes > 0),
    show_period: data.show_period === true,
    compact: data.compact !== true,
  };
  const all: Record<string, unknown> = {
    ...data,
    title: data.title ?? before.title,
    bar_minutes: minutes,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isUsual[name]));
}
