/** Times and numbers as the user of Home Assistant wants them. */

import type { HomeAssistant, LocaleData } from "../ha/types";
import { priceDigits, type PriceUnit } from "./money";
import { isClockChanged, wallClock } from "./time";

export interface Format {
  readonly zone: string;
  readonly usesAmPm: boolean;
  /** "16:30" */
  readonly time: (time: number) => string;
  /** "16" or "4 PM", for the axis */
  readonly hour: (time: number) => string;
  /** "Sat 28 Nov" */
  readonly day: (time: number) => string;
  /** "Sat 16:30" */
  readonly dayTime: (time: number) => string;
  /** "BST", on a day when the clock is changed and may show a time twice */
  readonly zoneName: (time: number) => string;
  /** "20", for a round number on the axis */
  readonly round: (amount: number) => string;
  /** "21.3" */
  readonly amount: (price: number, unit: PriceUnit) => string;
}

/** The languages whose way to write numbers can be chosen. */
const NUMBER_LANGUAGES: Readonly<Partial<Record<string, string[]>>> = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  none: ["en-US"],
  quote_decimal: ["de-CH"],
  space_comma: ["fr", "sv", "cs"],
};

export function formatOf({ locale, config }: HomeAssistant): Format {
  const zone =
    locale.time_zone === "server"
      ? config.time_zone
      : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const usesAmPm = wantsAmPm(locale);
  const clock = {
    hour: usesAmPm ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle: usesAmPm ? "h12" : "h23",
    timeZone: zone,
  } as const;
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale.language, { timeZone: zone, ...options });
  const time = dates(clock);
  const hour = dates({ hour: "numeric", hourCycle: "h12" });
  const day = dates({ weekday: "short", day: "numeric", month: "short" });
  const dayTime = dates({ weekday: "short", ...clock });
  const zoned = dates({ hour: "numeric", timeZoneName: "short" });
  const numbers =
    locale.number_format === "system"
      ? undefined
      : (NUMBER_LANGUAGES[locale.number_format] ?? locale.language);
  const number = (value: number, least: number, most: number): string =>
    new Intl.NumberFormat(numbers, {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
      useGrouping: locale.number_format !== "none",
    }).format(value);
  return {
    zone,
    usesAmPm,
    time: (at) => time.format(at),
    hour: (at) =>
      usesAmPm ? hour.format(at) : String(wallClock(at, zone).hour).padStart(2, "0"),
    day: (at) => day.format(at),
    dayTime: (at) => dayTime.format(at),
    zoneName: (at) =>
      isClockChanged(at, zone)
        ? (zoned.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ??
          "")
        : "",
    round: (amount) => number(Number(amount.toPrecision(6)), 0, 6),
    amount: (price, { factor }) => {
      const amount = price * factor;
      const digits = priceDigits(amount, factor);
      // Not -0, which would be written with its sign.
      const shown = Number(amount.toFixed(digits)) || 0;
      return number(shown, Math.min(digits, 2), digits);
    },
  };
}

function wantsAmPm({ time_format, language }: LocaleData): boolean {
  if (time_format === "12" || time_format === "24") return time_format === "12";
  const locale = time_format === "language" ? language : undefined;
  const hourCycle = new Intl.DateTimeFormat(locale, {
    hour: "numeric",
  }).resolvedOptions().hourCycle;
  return hourCycle === "h11" || hourCycle === "h12";
}
