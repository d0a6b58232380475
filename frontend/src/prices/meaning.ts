/** What a price means: for the chosen miners, or among the prices shown. */

export const MEANINGS = [
  "negative",
  "below_all",
  "below_some",
  "above_all",
  "cheap",
  "ordinary",
  "dear",
] as const;

export type Meaning = (typeof MEANINGS)[number];

/** Return the value below which a part of sorted numbers is. */
export function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * Return what tells the meaning of a price.
 *
 * With break-even prices it is what mining pays for. Without any it is the rank among
 * the prices shown: the cheapest quarter, the dearest one, and what is in between.
 */
export function meaningBy(
  prices: readonly number[],
  breakEvens: readonly number[],
): (price: number) => Meaning {
  if (breakEvens.length > 0) {
    const lowest = Math.min(...breakEvens);
    const highest = Math.max(...breakEvens);
    return (price) => {
      if (price < 0) return "negative";
      if (price < lowest) return "below_all";
      return price < highest ? "below_some" : "above_all";
    };
  }
  const sorted = [...prices].sort((a, b) => a - b);
  const first = quantile(sorted, 0.25);
  const last = quantile(sorted, 0.75);
  return (price) => {
    if (price < 0) return "negative";
    // Prices that are all the same are neither cheap nor dear.
    if (!(first < last)) return "ordinary";
    if (price <= first) return "cheap";
    return price >= last ? "dear" : "ordinary";
  };
}
