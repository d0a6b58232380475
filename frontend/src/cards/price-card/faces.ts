/** The parts of the card around its chart, and the card without one. */

import { html, nothing, type TemplateResult } from "lit";
import type { EntityState, HomeAssistant } from "../../ha/types";
import { localizer, type Localize } from "../../i18n/localize";
import { PERIODS, type Period } from "../../prices/period";
import type { PriceSource } from "../../prices/source";
import { meaningText, priceText, shortPrice, type Words } from "../../prices/texts";
import { startOfDay } from "../../prices/time";
import { meaningNow, nextChange, type PriceView } from "../../prices/view";
import type { PriceCardConfig } from "./config";

/** What is to be shown, and what it takes to tell it to a user. */
export interface Shown {
  readonly source: PriceSource;
  readonly state: EntityState;
  readonly view: PriceView;
  readonly words: Words;
}

export function renderTitle(
  title: string | undefined,
  text: Localize,
): TemplateResult | typeof nothing {
  return title === "" ? nothing : html`<h2>${title ?? text("price_card.title")}</h2>`;
}

/** Tell why there are no prices, and how to come to some. */
export function renderHint(
  hass: HomeAssistant,
  config: PriceCardConfig,
  hasTariff: boolean,
): TemplateResult {
  const text = localizer(hass.language);
  const isGone = config.tariff !== undefined;
  const hint = hasTariff
    ? text("price_card.price_hidden")
    : text(isGone ? "price_card.tariff_gone" : "price_card.no_tariff");
  const canAdd = !hasTariff && !isGone && hass.user?.is_admin !== false;
  return html`<ha-card>
    ${renderTitle(config.title, text)}
    <p>${hint}</p>
    ${
      canAdd
        ? html`<a href="/config/integrations/dashboard/add?domain=miner_controller"
            >${text("price_card.add_prices")}</a
          >`
        : nothing
    }
  </ha-card>`;
}

export function renderPeriods(
  shown: Period,
  text: Localize,
  show: (period: Period) => void,
): TemplateResult {
  return html`<div class="periods" role="group" aria-label=${text("price_card.period")}>
    ${PERIODS.map(
      (period) =>
        html`<button
          type="button"
          aria-pressed=${period === shown}
          @click=${() => {
            show(period);
          }}
        >
          ${text(`price_card.period_${period}`)}
        </button>`,
    )}
  </div>`;
}

/** Show the price now, what it means, and the next one. */
export function renderCurrent(shown: Shown): TemplateResult {
  const { source, view, words } = shown;
  const meaning = meaningNow(view, source);
  const next = nextText(shown);
  return html`<div class="current">
    ${renderPrice(shown)}
    <div class="about">
      ${
        meaning
          ? html`<div class="meaning">
              ${meaningText(meaning, view.breakEvens, words)}
            </div>`
          : nothing
      }
      ${next ? html`<div>${next}</div>` : nothing}
    </div>
  </div>`;
}

function renderPrice({ source, state: entity, words }: Shown): TemplateResult {
  const { current, unit } = source;
  if (current === undefined) {
    return html`<div class="price none">${words.hass.formatEntityState(entity)}</div>`;
  }
  return html`<div class="price">
    ${words.format.amount(current, unit)}<span class="unit">${unit.whole}</span>
  </div>`;
}

function nextText({ source, view, words }: Shown): string | undefined {
  const { format, text } = words;
  const priced = (price: number): string => shortPrice(price, words);
  const next = nextChange(source.slots, view.now, priced);
  if (next === undefined) return undefined;
  const zone = format.zoneName(next.start);
  const isToday = next.start < startOfDay(view.now, format.zone, 1);
  return text("price_card.next_change", {
    price: priced(next.price),
    time: `${(isToday ? format.time : format.dayTime)(next.start)} ${zone}`.trimEnd(),
  });
}

/** Show the price now and the bars in one row, which opens the details. */
export function renderCompact(
  { source, view, words, state: entity }: Shown,
  title: string | undefined,
  open: () => void,
): TemplateResult {
  const { text } = words;
  const meaning = meaningNow(view, source);
  const price =
    source.current === undefined
      ? words.hass.formatEntityState(entity)
      : priceText(source.current, words);
  const long = meaning ? meaningText(meaning, view.breakEvens, words) : "";
  const short = text(meaning ? `price_card.short_${meaning}` : "price_card.title");
  return html`<ha-card class="compact">
    <button
      type="button"
      class="tile"
      aria-label=${text("price_card.open", { price, meaning: long })}
      @click=${open}
    >
      <span class="texts">
        <span class="price">${price}</span>
        <span class="title">${title ?? short}</span>
      </span>
      <miner-controller-price-sparkline
        .view=${view}
      ></miner-controller-price-sparkline>
    </button>
  </ha-card>`;
}
