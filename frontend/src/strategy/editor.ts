/** The form in which the dashboard's options are chosen. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { fireEvent } from "../ha/events";
import type { HomeAssistant } from "../ha/types";
import { localizer } from "../i18n/localize";
import { DOMAIN } from "../model/home";
import {
  changedConfig,
  readDashboardOptions,
  VIEW_NAMES,
  type WrittenOptions,
} from "./config";

interface Field {
  readonly name: "title" | "views" | "areas" | "miners";
  readonly selector: Readonly<Record<string, unknown>>;
}

export class StrategyEditor extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;

  @state() private config: WrittenOptions | undefined;

  setConfig(config: WrittenOptions): void {
    this.config = config;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.hass === undefined || this.config === undefined) return nothing;
    return html`<ha-form
      .hass=${this.hass}
      .data=${formData(this.config)}
      .schema=${formSchema(this.hass)}
      .computeLabel=${this.label}
      .computeHelper=${this.helper}
      @value-changed=${this.changed}
    ></ha-form>`;
  }

  private readonly label = ({ name }: Field): string =>
    localizer(this.hass?.language ?? "en")(`strategy.option_${name}`);

  private readonly helper = ({ name }: Field): string =>
    name === "title"
      ? ""
      : localizer(this.hass?.language ?? "en")(`strategy.option_${name}_hint`);

  private readonly changed = (event: CustomEvent<{ value: WrittenOptions }>): void => {
    event.stopPropagation();
    if (this.config === undefined) return;
    const config = changedConfig(this.config, event.detail.value);
    this.config = config;
    fireEvent(this, "config-changed", { config });
  };
}

function formData(written: WrittenOptions): WrittenOptions {
  const { title, views, miners, areas } = readDashboardOptions(written);
  return { title: title ?? "", views, miners, areas };
}

function formSchema(hass: HomeAssistant): Field[] {
  const text = localizer(hass.language);
  const isMiner = {
    integration: DOMAIN,
    domain: "binary_sensor",
    device_class: "running",
  };
  const options = VIEW_NAMES.map((value) => ({
    value,
    label: text(`strategy.${value}`),
  }));
  return [
    { name: "title", selector: { text: {} } },
    {
      name: "views",
      selector: { select: { multiple: true, mode: "list", options } },
    },
    {
      name: "areas",
      selector: { area: { multiple: true, entity: [isMiner] } },
    },
    {
      name: "miners",
      selector: {
        device: {
          multiple: true,
          filter: [{ integration: DOMAIN }],
          entity: [isMiner],
        },
      },
    },
  ];
}
