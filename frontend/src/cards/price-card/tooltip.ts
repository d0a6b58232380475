/** What is told of the slot under the pointer. */

import { html, nothing, type TemplateResult } from "lit";
import type { StopText } from "../../prices/texts";
import type { Span } from "../../prices/time";
import type { Plot } from "./geometry";

const GAP = 8;
const WIDEST = 260;
// Beside a slot so wide there may be no room: it is shown beside the middle of it.
const WIDE_SLOT = 60;

/** Show it beside the slot, on the side that has more room. */
export function renderTooltip(
  { when, price, meaning, windows, plans, more }: StopText,
  plot: Plot,
  { start, end }: Span,
  width: number,
): TemplateResult {
  const middle = (plot.x(start) + plot.x(end)) / 2;
  const reach = Math.min(plot.x(end) - middle, WIDE_SLOT / 2);
  const isLeft = middle > (plot.left + plot.right) / 2;
  const left = middle + reach + GAP;
  const right = width - middle + reach + GAP;
  const room = Math.min(width - (isLeft ? right : left) + GAP, WIDEST);
  const place = isLeft ? `right:${right}px` : `left:${left}px`;
  return html`<div
    class="tooltip"
    style="${place};max-width:${room}px"
    aria-hidden="true"
  >
    <div class="when">${when}</div>
    <div class="price">${price}</div>
    ${meaning ? html`<div>${meaning}</div>` : nothing}
    ${windows.map((name) => html`<div class="in-window">${name}</div>`)}
    ${
      plans.length > 0
        ? html`<dl>
            ${plans.map(
              ({ miner, mode }) =>
                html`<div class="plan">
                  <dt>${miner}</dt>
                  <dd>${mode}</dd>
                </div>`,
            )}
          </dl>`
        : nothing
    }
    ${more ? html`<div>${more}</div>` : nothing}
  </div>`;
}
