/** The plan of each miner as a lane beneath the prices. */

import { html, nothing, type TemplateResult } from "lit";
import type { Run } from "../../prices/lanes";
import { modeText, type Words } from "../../prices/texts";
import type { Lane, PriceView } from "../../prices/view";
import { isWritten } from "./drawing";
import type { Plot } from "./geometry";

const MOST_LANES = 6;

export function renderLanes(
  view: PriceView,
  words: Words,
  plot: Plot,
  tones: ReadonlyMap<string, number>,
  showsAll: boolean,
  toggle: () => void,
): TemplateResult | typeof nothing {
  const { lanes } = view;
  if (lanes.length === 0) return nothing;
  // One more lane takes no more room than a button for it.
  const isLong = lanes.length > MOST_LANES + 1;
  const shown = isLong && !showsAll ? lanes.slice(0, MOST_LANES) : lanes;
  const { text } = words;
  return html`<div class="lanes" aria-hidden="true">
      ${shown.map((lane) => renderLane(lane, view, words, plot, tones))}
    </div>
    ${
      isLong
        ? html`<button
            type="button"
            class="more"
            aria-expanded=${showsAll}
            @click=${toggle}
          >
            ${
              showsAll
                ? text("price_card.fewer_plans")
                : text("price_card.more_plans", { count: lanes.length })
            }
          </button>`
        : nothing
    }`;
}

function renderLane(
  lane: Lane,
  { span, now }: PriceView,
  words: Words,
  plot: Plot,
  tones: ReadonlyMap<string, number>,
): TemplateResult {
  return html`<div class="lane-name" style="margin-left:${plot.left}px">
      ${lane.miner}
    </div>
    <div class="lane">
      ${lane.runs.map((run) => renderRun(run, lane, words, plot, tones))}
      ${
        span.start <= now && now < span.end
          ? html`<div class="now" style="left:${plot.x(now)}px"></div>`
          : nothing
      }
    </div>`;
}

function renderRun(
  run: Run,
  lane: Lane,
  words: Words,
  plot: Plot,
  tones: ReadonlyMap<string, number>,
): TemplateResult {
  const left = plot.x(run.start);
  const width = Math.max(plot.x(run.end) - left - 1, 1);
  const text = modeText(lane, run.mode, words);
  const tone = run.mode === undefined ? 0 : (tones.get(text) ?? 0);
  const kind = run.mode === undefined ? "none" : tone === 0 ? "off" : "";
  return html`<div
    class="run ${kind}"
    style="left:${left}px;width:${width}px;--tone:${tone}%"
  >
    ${isWritten(text, width) || lane.plan.hasProblem ? text : nothing}
  </div>`;
}
