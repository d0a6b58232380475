/** Explains what occurs on the chart, and nothing else. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { MEANINGS } from "../../prices/meaning";
import { meaningText, unknownText, type Words } from "../../prices/texts";
import { tonesOf } from "../../prices/tones";
import type { PriceView } from "../../prices/view";
import { MOST_STRIPS, PATTERNS, fillOf } from "./drawing";

export function renderLegend(view: PriceView, words: Words): TemplateResult {
  const { text } = words;
  const occurring = new Set(view.bars.map(({ meaning }) => meaning));
  const isCut = view.bars.some(
    ({ price }) => price > view.scale.high || price < view.scale.low,
  );
  return html`<svg class="patterns" aria-hidden="true">${PATTERNS}</svg>
    <ul class="legend">
      ${MEANINGS.filter((meaning) => occurring.has(meaning)).map(
        (meaning) =>
          html`<li>
            ${swatch(svg`<rect class="bar ${meaning}" fill=${fillOf(meaning)} width="12" height="12" rx="2" />`)}
            ${meaningText(meaning, view.breakEvens, words)}
          </li>`,
      )}
      ${isCut ? html`<li>${swatch(svg`<path class="cut" d="M0 9L12 3" />`)} ${text("price_card.off_scale")}</li>` : nothing}
      ${view.windows.slice(0, MOST_STRIPS).map(
        ({ name }) =>
          html`<li>
            ${swatch(svg`<rect class="window" x="0.5" y="3.5" width="11" height="5" rx="2.5" />`)}
            <span class="name">${name}</span>
          </li>`,
      )}
      ${[...unknownTexts(view, words)].map(
        (unknown) =>
          html`<li>
            ${swatch(svg`<rect class="unknown" fill="url(#haze)" width="12" height="12" rx="2" />`)}
            ${unknown}
          </li>`,
      )}
      ${[...tonesOf(view, words)].map(
        ([mode, tone]) =>
          html`<li>
            <span class="run ${tone === 0 ? "off" : ""}" style="--tone:${tone}%"></span>
            ${mode}
          </li>`,
      )}
    </ul>`;
}

function swatch(drawn: unknown): TemplateResult {
  return html`<svg width="12" height="12" aria-hidden="true">${drawn}</svg>`;
}

function unknownTexts(view: PriceView, words: Words): Set<string> {
  return new Set(view.unknowns.map((unknown) => unknownText(unknown, view.now, words)));
}
