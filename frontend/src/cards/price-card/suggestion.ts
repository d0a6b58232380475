/** Suggests the price card for the entities that it tells about. */

import type { HomeAssistant } from "../../ha/types";
import { DOMAIN } from "../../model/home";
import { CARD_TYPE, type PriceCardConfig } from "./config";

export function suggestedFor(
  hass: HomeAssistant,
  entityId: string,
): { config: PriceCardConfig } | null {
  const entity = hass.entities[entityId];
  if (entity?.platform !== DOMAIN || !entity.device_id) return null;
  switch (entity.translation_key) {
    case "current_price":
      return { config: { type: CARD_TYPE, tariff: entity.device_id } };
    case "planned_mode":
    case "break_even_price":
      return { config: { type: CARD_TYPE, miners: [entity.device_id] } };
    default:
      return null;
  }
}
