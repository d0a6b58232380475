/** Prices as people read them: in pence rather than in hundredths of a pound. */

/** How the hundredth of a currency is written. */
const MINOR_UNITS: Readonly<Partial<Record<string, string>>> = {
  AUD: "c",
  CAD: "¢",
  CHF: "Rp.",
  DKK: "øre",
  EUR: "ct",
  GBP: "p",
  NOK: "øre",
  NZD: "c",
  PLN: "gr",
  SEK: "öre",
  USD: "¢",
};

export interface PriceUnit {
  readonly currency: string;
  /** The short one for next to a number: "p". */
  readonly short: string;
  /** The whole one: "p/kWh". */
  readonly whole: string;
  /** How many of it one of the currency are. */
  readonly factor: number;
}

/** Return how to show prices that come in a unit like "GBP/kWh". */
export function priceUnit(unit: unknown): PriceUnit {
  const whole = typeof unit === "string" ? unit : "";
  const [currency = "", per] = whole.split("/", 2);
  const minor = MINOR_UNITS[currency];
  if (minor === undefined || per === undefined) {
    return { currency, short: currency, whole, factor: 1 };
  }
  return { currency, short: minor, whole: `${minor}/${per}`, factor: 100 };
}

/** Return a number with as many digits as matter in a price. */
export function priceDigits(amount: number, factor: number): number {
  const size = Math.abs(amount);
  if (size >= 100) return 0;
  if (factor > 1 || size >= 10) return 1;
  return size >= 1 ? 2 : 4;
}
