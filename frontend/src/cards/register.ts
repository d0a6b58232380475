/** The small cards, as Home Assistant finds them by their names. */

import { localizer } from "../i18n/localize";
import { ATTENTION_CARD, AttentionCard } from "./attention-card";
import { CREATE_DASHBOARD, CreateDashboard } from "./create-dashboard";
import { define } from "./define";
import { isSupported } from "./feature-context";
import { FOLD_CARD, FoldCard } from "./fold-card";
import { READINGS_FEATURE, ReadingsFeature } from "./readings-feature";
import { TABLE_CARD, TableCard } from "./table-card";

declare global {
  interface Window {
    customCards?: Record<string, unknown>[];
    customCardFeatures?: Record<string, unknown>[];
  }
}

define(TABLE_CARD, TableCard);
define(ATTENTION_CARD, AttentionCard);
define(FOLD_CARD, FoldCard);
define(READINGS_FEATURE, ReadingsFeature);
define(CREATE_DASHBOARD, CreateDashboard);

// The page knows its language before anybody has signed in.
const text = localizer(document.documentElement.lang);

list((window.customCards ??= []), {
  type: TABLE_CARD,
  name: text("cards.table.name"),
  description: text("cards.table.description"),
  preview: true,
  documentationURL:
    "https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md",
});
list((window.customCardFeatures ??= []), {
  type: READINGS_FEATURE,
  name: text("cards.readings.name"),
  isSupported,
  configurable: false,
});

function list(
  entries: Record<string, unknown>[],
  entry: Record<string, unknown>,
): void {
  if (!entries.some(({ type }) => type === entry.type)) entries.push(entry);
}
