/** The view of what switches miners: automations, and blueprints to make them from. */

import type { CardConfig, HomeAssistant, SectionConfig } from "../ha/types";
import { DOMAIN } from "../model/home";
import BLUEPRINTS from "./blueprints.json";
import {
  heading,
  headingButton,
  inColumns,
  MAX_COLUMNS,
  navigateTo,
  notice,
  performAfterAsking,
  remark,
  section,
} from "./cards";
import type { Context } from "./context";

const SOURCE = `https://github.com/Danvic-DEV/${DOMAIN}/blob/main/custom_components/${DOMAIN}/blueprints/automation/`;

interface Blueprint {
  readonly file: string;
  readonly icon: string;
  readonly name: string;
  /** What it is called here if its name is too long for a phone. */
  readonly title?: string;
  readonly description: string;
}

export async function automationsSections(context: Context): Promise<SectionConfig[]> {
  const { hass, isAdmin, text } = context;
  const [automations, installed] = await Promise.all([
    findAutomations(hass),
    isAdmin ? findInstalled(hass) : new Set<string>(),
  ]);
  return [
    section(
      [
        heading(text("strategy.automations"), "mdi:robot"),
        ...(automations === undefined
          ? [notice(text("strategy.automations_unknown"), "")]
          : inColumns(automations.map(automationTile))),
        ...(automations?.length === 0
          ? [
              notice(
                text("strategy.no_automations"),
                text(
                  isAdmin
                    ? "strategy.no_automations_hint"
                    : "strategy.no_automations_ask",
                ),
              ),
            ]
          : []),
      ],
      MAX_COLUMNS,
    ),
    ...(isAdmin ? blueprintSections(context, installed) : []),
  ];
}

/** An automation has no device to leave out of its name. */
function automationTile(entity: string): CardConfig {
  return { type: "tile", entity, features: [{ type: "toggle" }] };
}

function blueprintSections(
  context: Context,
  installed: ReadonlySet<string>,
): SectionConfig[] {
  const { text } = context;
  const cards = BLUEPRINTS.map((blueprint: Blueprint) =>
    blueprintCards(blueprint, installed.has(blueprint.file), text),
  );
  const half = Math.ceil(cards.length / 2);
  return [
    section(
      [
        heading(text("strategy.blueprints"), "mdi:script-text"),
        ...(installed.size === BLUEPRINTS.length ? [] : installAll(context)),
      ],
      MAX_COLUMNS,
    ),
    // Each column goes on by itself, as descriptions are not all of one length.
    section(cards.slice(0, half).flat()),
    section(cards.slice(half).flat()),
  ];
}

function installAll({ text }: Context): CardConfig[] {
  const action = performAfterAsking(
    `${DOMAIN}.install_blueprints`,
    text("strategy.install_question"),
  );
  return [
    heading(text("strategy.install"), "mdi:download-multiple", {
      badges: [
        headingButton({
          text: text("strategy.install_button"),
          icon: "mdi:download",
          action,
        }),
      ],
    }),
    remark(text("strategy.install_hint")),
  ];
}

function blueprintCards(
  { file, icon, name, title, description }: Blueprint,
  isInstalled: boolean,
  text: Context["text"],
): CardConfig[] {
  const address = encodeURIComponent(SOURCE + file);
  const button = isInstalled
    ? {
        text: text("strategy.use_blueprint"),
        icon: "mdi:check",
        action: navigateTo("/config/blueprint/dashboard"),
      }
    : {
        text: text("strategy.import_blueprint"),
        icon: "mdi:import",
        action: navigateTo(
          `/config/blueprint/dashboard/import?blueprint_url=${address}`,
        ),
      };
  return [
    heading(title ?? shortName(name), icon, { badges: [headingButton(button)] }),
    remark(isInstalled ? text("strategy.installed", { description }) : description),
  ];
}

/** Leave out that a blueprint is about miners, which they all are. */
function shortName(name: string): string {
  const short = name.replace(/^Miners?: /, "");
  return short.charAt(0).toUpperCase() + short.slice(1);
}

/** Return the automations that have to do with our devices, nothing if unknown. */
async function findAutomations(hass: HomeAssistant): Promise<string[] | undefined> {
  try {
    const found = await hass.callWS<{ automation?: unknown }>({
      type: "search/related",
      item_type: "integration",
      item_id: DOMAIN,
    });
    const all: unknown[] = Array.isArray(found.automation) ? found.automation : [];
    return all
      .filter((each): each is string => typeof each === "string" && each in hass.states)
      .sort();
  } catch {
    return undefined;
  }
}

/** Return the files of the blueprints that are there, by their paths or origins. */
async function findInstalled(hass: HomeAssistant): Promise<Set<string>> {
  try {
    const found = await hass.callWS<
      Record<string, { metadata?: { source_url?: unknown } } | undefined>
    >({ type: "blueprint/list", domain: "automation" });
    const origins = new Set(
      Object.values(found).map((each) => each?.metadata?.source_url),
    );
    const files = BLUEPRINTS.map(({ file }) => file);
    return new Set(
      files.filter(
        (file) => `${DOMAIN}/${file}` in found || origins.has(SOURCE + file),
      ),
    );
  } catch {
    return new Set();
  }
}
