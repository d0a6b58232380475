/** What every view is made from. */

import type { CardConfig, HomeAssistant } from "../ha/types";
import { type Localize, localizer } from "../i18n/localize";
import { type Device, type Home, readHome, type Selection } from "../model/home";
import { ADD_PATH, type Button, navigateTo, notice } from "./cards";
import { isSelective } from "./config";

export interface Context {
  readonly hass: HomeAssistant;
  readonly home: Home;
  readonly selection: Selection;
  readonly text: Localize;
  readonly isAdmin: boolean;
}

export function readContext(hass: HomeAssistant, selection: Selection): Context {
  return {
    hass,
    home: readHome(hass, selection),
    selection,
    text: localizer(hass.language),
    isAdmin: hass.user?.is_admin ?? false,
  };
}

/** Return the devices of the miners if not all are wanted. */
export function chosenMiners({ home, selection }: Context): { miners?: string[] } {
  return isSelective(selection) ? { miners: home.miners.map(({ id }) => id) } : {};
}

/** Return the fleet if what it tells is of the miners that are shown, and no others. */
export function fleetOfShown({ home, selection }: Context): Device | undefined {
  return isSelective(selection) ? undefined : home.fleet;
}

/** Return a title that says whose sums these are where not all miners are shown. */
export function titleOfFleet({ selection, text }: Context, title: string): string {
  return isSelective(selection) ? text("strategy.of_all", { title }) : title;
}

/** Return the button that adds something, which only administrators can. */
export function addButton(
  { text, isAdmin }: Context,
  key: "strategy.add" | "strategy.add_miner" = "strategy.add",
): Button[] {
  return isAdmin
    ? [{ text: text(key), icon: "mdi:plus", action: navigateTo(ADD_PATH) }]
    : [];
}

/** Return what is shown where there is no miner. */
export function noMiners(context: Context): CardConfig {
  const { text, selection } = context;
  return isSelective(selection)
    ? notice(text("strategy.none_chosen"), text("strategy.none_chosen_hint"))
    : notice(
        text("strategy.welcome"),
        text("strategy.welcome_hint"),
        addButton(context, "strategy.add_miner"),
      );
}

/** Return what is shown in place of a miner that was removed. */
export function minerGone({ text }: Context): CardConfig {
  return notice(text("strategy.miner_gone"), text("strategy.miner_gone_hint"));
}

export function noFleet(context: Context): CardConfig {
  const { text } = context;
  return notice(
    text("strategy.no_fleet"),
    text("strategy.no_fleet_hint"),
    addButton(context),
  );
}

export function noPrices(context: Context): CardConfig {
  const { text } = context;
  return notice(
    text("strategy.no_prices"),
    text("strategy.no_prices_hint"),
    addButton(context),
  );
}
