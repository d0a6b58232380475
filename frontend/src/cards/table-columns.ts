/** What the columns of the table of miners are called. */

import type { HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";
import { entityName } from "../model/readings";
import type { Column, Reading } from "../model/table";

/** Return what a column is called, which has less room than what is in it elsewhere. */
export function headingOf(hass: HomeAssistant, reading: Reading): string {
  return reading === "sensor.temperature"
    ? localizer(hass.language)("cards.table.temperature")
    : entityName(hass, reading);
}

/** Return what a column is called in the style sheet. */
export function classOf(column: Column): string {
  return column.replace(/^\w+\./, "");
}
