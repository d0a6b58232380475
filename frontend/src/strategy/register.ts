/** Makes the dashboard known to Home Assistant. */

import { define } from "../cards/define";
import { loadForm } from "../ha/load-form";
import type { DashboardConfig, HomeAssistant, ViewConfig } from "../ha/types";
import { localizer } from "../i18n/localize";
import { STRATEGY_TYPE, type WrittenOptions } from "./config";
import { StrategyEditor } from "./editor";
import { generateDashboard, generateView } from "./generate";

const EDITOR = "miner-controller-strategy-editor";

/** What the views are made from, so a new miner appears by itself. */
const REGISTRY_DEPENDENCIES = ["entities", "devices", "areas"];

class DashboardStrategy extends HTMLElement {
  static readonly registryDependencies = REGISTRY_DEPENDENCIES;

  static generate(
    config: WrittenOptions,
    hass: HomeAssistant,
  ): Promise<DashboardConfig> {
    return Promise.resolve(generateDashboard(config, hass));
  }

  static getCreateSuggestions(hass: HomeAssistant): { title: string; icon: string } {
    return { title: localizer(hass.language)("strategy.name"), icon: "mdi:pickaxe" };
  }

  static async getConfigElement(): Promise<HTMLElement> {
    await loadForm();
    return document.createElement(EDITOR);
  }
}

class ViewStrategy extends HTMLElement {
  static readonly registryDependencies = REGISTRY_DEPENDENCIES;

  static generate(config: WrittenOptions, hass: HomeAssistant): Promise<ViewConfig> {
    return generateView(config, hass);
  }
}

define("ll-strategy-dashboard-miner-controller", DashboardStrategy);
define("ll-strategy-view-miner-controller", ViewStrategy);
define(EDITOR, StrategyEditor);

interface CustomStrategy {
  type: string;
  strategyType: "dashboard";
  name: string;
  description: string;
  documentationURL: string;
}

declare global {
  interface Window {
    customStrategies?: CustomStrategy[];
  }
}

const type = STRATEGY_TYPE.replace("custom:", "");
const strategies = (window.customStrategies ??= []);
if (!strategies.some((strategy) => strategy.type === type)) {
  const text = localizer(navigator.language);
  strategies.push({
    type,
    strategyType: "dashboard",
    name: text("strategy.name"),
    description: text("strategy.description"),
    documentationURL:
      "https://github.com/Danvic-DEV/miner_controller/blob/main/docs/dashboard.md",
  });
}
