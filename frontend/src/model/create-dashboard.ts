/** Making the dashboard, which only the frontend of an administrator can. */

import type { HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";

const CONFIG = { strategy: { type: "custom:miner-controller" } };
const PATH = "miner-controller";

/** A dashboard as Home Assistant lists it. */
export interface Dashboard {
  readonly id: string;
  readonly url_path: string;
  readonly title: string;
  readonly mode: string;
}

/** Return the dashboard of ours that is there already. */
export async function findDashboard(
  hass: HomeAssistant,
): Promise<Dashboard | undefined> {
  const dashboards = await listDashboards(hass);
  const ours = await Promise.all(dashboards.map((each) => isOurs(hass, each)));
  return dashboards.find((_, index) => ours[index]);
}

/** Make the dashboard, and return its path. Nothing is left of one that fails. */
export async function createDashboard(hass: HomeAssistant): Promise<string> {
  const taken = new Set((await listDashboards(hass)).map((each) => each.url_path));
  const path = freePath(taken);
  const { id } = await hass.callWS<{ id: string }>({
    type: "lovelace/dashboards/create",
    url_path: path,
    title: localizer(hass.language)("cards.create.title"),
    icon: "mdi:pickaxe",
    mode: "storage",
    show_in_sidebar: true,
    require_admin: false,
  });
  try {
    await hass.callWS({
      type: "lovelace/config/save",
      url_path: path,
      config: CONFIG,
    });
  } catch (error) {
    // Why it failed is what matters, also where this fails as well.
    await hass
      .callWS({ type: "lovelace/dashboards/delete", dashboard_id: id })
      .catch(() => undefined);
    throw error;
  }
  return path;
}

function listDashboards(hass: HomeAssistant): Promise<Dashboard[]> {
  return hass.callWS<Dashboard[]>({ type: "lovelace/dashboards/list" });
}

async function isOurs(hass: HomeAssistant, dashboard: Dashboard): Promise<boolean> {
  try {
    const config = await hass.callWS<{ strategy?: { type?: unknown } }>({
      type: "lovelace/config",
      url_path: dashboard.url_path,
    });
    return config.strategy?.type === CONFIG.strategy.type;
  } catch {
    // One that makes itself up, or that nobody has saved yet, has no configuration.
    return false;
  }
}

function freePath(taken: ReadonlySet<string>): string {
  let path = PATH;
  for (let number = 2; taken.has(path); number += 1) path = `${PATH}-${number}`;
  return path;
}
