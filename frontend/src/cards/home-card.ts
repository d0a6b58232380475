import { LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";

import type { CardConfig, HomeAssistant } from "../ha/types";
import { type Device, type Home, readHome } from "../model/home";
import { hasChanged } from "./changes";

/** What cards of several miners are told. */
export interface MinersCardConfig extends CardConfig {
  /** The devices of the miners that are shown: all without, as after a bare "miners:". */
  miners?: readonly string[] | null;
  /** Whether the dashboard has a page for each miner, as only ours has. */
  subviews?: boolean;
}

/** A card of several miners, rendered when one of the states in it has changed. */
export abstract class HomeCard extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;

  @state() protected config: MinersCardConfig | undefined;

  protected home: Home | undefined;

  private shown: readonly string[] = [];

  private readFrom: readonly unknown[] = [];

  setConfig(config: MinersCardConfig): void {
    const { miners } = config;
    if (miners !== undefined && miners !== null && !Array.isArray(miners)) {
      throw new Error("miners must be a list of device ids");
    }
    this.config = config;
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if ([...changed.keys()].some((name) => name !== "hass")) return true;
    return hasChanged(changed.get("hass"), this.hass, this.shown);
  }

  protected override willUpdate(): void {
    const { hass, config } = this;
    if (hass === undefined || config === undefined) return;
    const from = [hass.entities, hass.devices, hass.language, config];
    if (from.every((each, index) => each === this.readFrom[index])) return;
    this.readFrom = from;
    this.home = readHome(hass, { miners: config.miners ?? undefined });
    this.shown = this.shownOf(this.home);
  }

  /** Return the entities that are shown. */
  protected abstract shownOf(home: Home): readonly string[];
}

/** Return the ids of those entities of devices that are of some kinds. */
export function entitiesOf(
  devices: readonly Device[],
  keys: readonly string[],
): string[] {
  return devices.flatMap(({ entities }) => keys.flatMap((key) => entities[key] ?? []));
}
