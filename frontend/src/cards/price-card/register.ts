/** Makes the price card known to the browser and to Home Assistant. */

import { localizer } from "../../i18n/localize";
import { define } from "../define";
import { PriceChart } from "./chart";
import { CARD } from "./config";
import { PriceCardEditor } from "./editor";
import { PriceCard } from "./price-card";
import { PriceSparkline } from "./sparkline";
import { suggestedFor } from "./suggestion";

declare global {
  interface Window {
    customCards?: Record<string, unknown>[];
  }
}

define("miner-controller-price-chart", PriceChart);
define("miner-controller-price-sparkline", PriceSparkline);
define(`${CARD}-editor`, PriceCardEditor);
define(CARD, PriceCard);

const text = localizer(document.documentElement.lang);

window.customCards ??= [];
if (!window.customCards.some(({ type }) => type === CARD)) {
  window.customCards.push({
    type: CARD,
    name: text("price_card.name"),
    description: text("price_card.description"),
    preview: true,
    documentationURL:
      "https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md",
    getEntitySuggestion: suggestedFor,
  });
}
