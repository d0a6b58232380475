import type { HomeAssistant } from "../ha/types";
import { DOMAIN } from "../model/home";

/** What a tile is about. */
export interface FeatureContext {
  readonly entity_id?: string;
}

/** Return whether a tile is about a miner. */
export function isSupported(
  hass: HomeAssistant,
  { entity_id }: FeatureContext,
): boolean {
  const entity = entity_id === undefined ? undefined : hass.entities[entity_id];
  return entity?.platform === DOMAIN && entity.translation_key === "hashing";
}
