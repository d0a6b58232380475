import type { HomeAssistant } from "../ha/types";

/**
 * Return whether something that is shown has changed.
 *
 * Home Assistant replaces `hass` with each state of the whole home, and the functions
 * in it when languages, formats or translations change.
 */
export function hasChanged(
  before: HomeAssistant | undefined,
  now: HomeAssistant | undefined,
  entityIds: Iterable<string>,
): boolean {
  if (before === undefined || now === undefined) return before !== now;
  if (
    before.entities !== now.entities ||
    before.devices !== now.devices ||
    before.localize !== now.localize ||
    before.formatEntityState !== now.formatEntityState ||
    before.locale !== now.locale ||
    before.user !== now.user
  ) {
    return true;
  }
  for (const id of entityIds) {
    if (before.states[id] !== now.states[id]) return true;
  }
  return false;
}
