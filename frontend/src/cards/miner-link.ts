import { html, type TemplateResult } from "lit";

import { showMoreInfo } from "../ha/events";
import type { Device } from "../model/home";
import { minerPath } from "../model/paths";

// What a miner's dialog is about where there is no page of it, the best first.
const ABOUT = ["binary_sensor.hashing", "binary_sensor.reachable", "sensor.hashrate"];

/** Return the name of a miner as what leads to its page, or else to its dialog. */
export function minerLink(
  miner: Device,
  { subviews = false }: { subviews?: boolean | undefined },
): TemplateResult {
  if (subviews) return html`<a href=${minerPath(miner.id)}>${miner.name}</a>`;
  const entityId = ABOUT.map((key) => miner.entities[key]).find(Boolean);
  if (entityId === undefined) return html`${miner.name}`;
  return html`<button
    type="button"
    class="link"
    @click=${(event: Event) => {
      if (event.target) showMoreInfo(event.target, entityId);
    }}
  >
    ${miner.name}
  </button>`;
}
