/** Where the pages of the dashboard are. */

/** Return the path of a miner's page, relative to the dashboard that is open. */
export function minerPath(device: string): string {
  return `miner-${device}`;
}
