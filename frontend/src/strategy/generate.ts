/** The dashboard and its views, out of what is in a home. */

import type { DashboardConfig, HomeAssistant, ViewConfig } from "../ha/types";
import { minerPath } from "../model/paths";
import { automationsSections } from "./automations";
import { MAX_COLUMNS } from "./cards";
import {
  readDashboardOptions,
  readViewOptions,
  STRATEGY_TYPE,
  type ViewName,
  type ViewOptions,
  type WrittenOptions,
  writtenSelection,
} from "./config";
import { type Context, readContext } from "./context";
import { energySections } from "./energy";
import { minerSections, minersSections } from "./miners";
import { overviewSections } from "./overview";
import { poolsSections } from "./pools";

const ICONS: Readonly<Record<ViewName, string>> = {
  overview: "mdi:view-dashboard",
  miners: "mdi:pickaxe",
  energy: "mdi:lightning-bolt",
  pools: "mdi:server-network",
  automations: "mdi:robot",
};

/** Return the views, each of which is made when it is opened. */
export function generateDashboard(
  written: WrittenOptions,
  hass: HomeAssistant,
): DashboardConfig {
  const options = readDashboardOptions(written);
  const { home, text } = readContext(hass, options);
  const selection = writtenSelection(options);
  return {
    ...(options.title === undefined ? {} : { title: options.title }),
    views: [
      ...options.views.map((view) => ({
        title: text(`strategy.${view}`),
        path: view,
        icon: ICONS[view],
        strategy: { type: STRATEGY_TYPE, view, ...selection },
      })),
      ...home.miners.map(({ id, name }) => ({
        title: name,
        path: minerPath(id),
        subview: true,
        strategy: { type: STRATEGY_TYPE, view: "miner", device: id },
      })),
    ],
  };
}

export async function generateView(
  written: WrittenOptions,
  hass: HomeAssistant,
): Promise<ViewConfig> {
  const options = readViewOptions(written);
  return {
    type: "sections",
    max_columns: MAX_COLUMNS,
    sections: await sectionsOf(options, readContext(hass, options)),
  };
}

function sectionsOf(
  { view, device }: ViewOptions,
  context: Context,
): NonNullable<ViewConfig["sections"]> | Promise<NonNullable<ViewConfig["sections"]>> {
  switch (view) {
    case "overview":
      return overviewSections(context);
    case "miners":
      return minersSections(context);
    case "energy":
      return energySections(context);
    case "pools":
      return poolsSections(context);
    case "automations":
      return automationsSections(context);
    case "miner":
      return minerSections(context, device);
  }
}
