/** The view with everything about each miner, by area. */

import type { SectionConfig } from "../ha/types";
import type { Device } from "../model/home";
import { columnsOf } from "../model/table";
import { heading, MAX_COLUMNS, ownCard, section } from "./cards";
import { type Context, minerGone, noMiners } from "./context";
import { minerPage, minerSection } from "./miner-section";

/** With more miners than this, a table takes the place of their sections. */
const MOST_SECTIONS = 8;

interface Group {
  /** Nothing if no miner is in any area. */
  readonly name: string | undefined;
  readonly icon: string;
  readonly miners: readonly Device[];
}

export function minersSections(context: Context): SectionConfig[] {
  const { miners } = context.home;
  if (!miners.length) return [section([noMiners(context)])];
  const inTable = miners.length > MOST_SECTIONS;
  const columns = columnsOf(miners);
  return groups(context).flatMap(({ name, icon, miners: members }) => {
    const title = name === undefined ? [] : [heading(name, icon)];
    if (inTable) {
      const table = ownCard("table", {
        miners: members.map(({ id }) => id),
        columns,
      });
      return [section([...title, table], MAX_COLUMNS)];
    }
    return [
      ...(title.length ? [section(title, MAX_COLUMNS)] : []),
      ...sectionsOf(context, members),
    ];
  });
}

/** Return a section each, or two of the first one where one would be alone. */
function sectionsOf(context: Context, miners: readonly Device[]): SectionConfig[] {
  return miners.flatMap((miner, index) =>
    index === 0 && miners.length % 2 === 1
      ? minerPage(context, miner, "among others")
      : minerSection(context, miner),
  );
}

/** Return the miners of each area, in Home Assistant's order; without one last. */
function groups({ hass, home, text }: Context): Group[] {
  const areas = Object.values(hass.areas).map((area) => ({
    name: area.name,
    icon: area.icon ?? "mdi:texture-box",
    miners: home.miners.filter(({ areaId }) => areaId === area.area_id),
  }));
  const inAreas = areas.filter(({ miners }) => miners.length);
  const others = home.miners.filter(
    ({ areaId }) => areaId === undefined || !(areaId in hass.areas),
  );
  if (!others.length) return inAreas;
  const name = inAreas.length ? text("strategy.no_area") : undefined;
  return [...inAreas, { name, icon: "mdi:pickaxe", miners: others }];
}

/** Return the page of one miner, which may have been removed meanwhile. */
export function minerSections(
  context: Context,
  device: string | undefined,
): SectionConfig[] {
  const miner = context.home.miners.find(({ id }) => id === device);
  return miner === undefined
    ? [section([minerGone(context)])]
    : minerPage(context, miner, "own page");
}
