import { describe, expect, it } from "vitest";

import type {
  CardConfig,
  HomeAssistant,
  SectionConfig,
  ViewConfig,
} from "../src/ha/types";
import BLUEPRINTS from "../src/strategy/blueprints.json";
import { changedConfig } from "../src/strategy/config";
import { generateDashboard, generateView } from "../src/strategy/generate";
import { type FakeHome, fakeHome } from "./fake-home";

const WHOLE = { tariff: true, fleet: true, pools: 2, windows: 1, plans: 2 } as const;
const ADD_PATH = "/config/integrations/dashboard/add?domain=miner_controller";

const CALLS: FakeHome["calls"] = {
  "search/related": () => ({ automation: ["automation.gone", "automation.night"] }),
  "blueprint/list": () => ({ "miner_controller/watchdog.yaml": { metadata: {} } }),
};

/** Every object in a configuration. */
function objects(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objects);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

function cards(view: ViewConfig): CardConfig[] {
  return (view.sections ?? []).flatMap((section) => section.cards);
}

function ofType(view: ViewConfig, type: string): CardConfig[] {
  return cards(view).filter((card) => card.type === type);
}

/** How many columns of a section are left empty in any row but by what follows. */
function holes(section: SectionConfig, columns: number): number {
  let used = 0;
  let empty = 0;
  for (const card of section.cards) {
    const options = card.grid_options as { columns?: number | "full" } | undefined;
    const wanted = options?.columns ?? (card.type === "tile" ? 6 : "full");
    const width = wanted === "full" ? columns : Math.min(wanted, columns);
    if (used + width > columns) {
      empty += columns - used;
      used = 0;
    }
    used = (used + width) % columns;
  }
  return used ? empty + columns - used : empty;
}

/** Every entity that a configuration names. */
function entityIds(value: unknown): string[] {
  return objects(value).flatMap(({ entity, entity_id: id, entities }) =>
    [entity, id, ...(Array.isArray(entities) ? (entities as unknown[]) : [])].filter(
      (each) => typeof each === "string",
    ),
  );
}

function generateAll(hass: HomeAssistant, options = {}): Promise<ViewConfig[]> {
  return Promise.all(
    generateDashboard(options, hass).views.map(({ strategy }) =>
      generateView(strategy ?? {}, hass),
    ),
  );
}

const HOMES: Record<string, FakeHome> = {
  nothing: {},
  "one miner alone": { miners: 1 },
  "a miner without much": {
    miners: 1,
    without: ["select.mode", "sensor.power", "sensor.energy", "binary_sensor.hashing"],
  },
  "five, and everything": { ...WHOLE, miners: 5, areas: ["Attic", "Cellar"] },
  "fifty, and everything": { ...WHOLE, miners: 50, areas: ["Attic", "Cellar"] },
  "fifty alone": { miners: 50 },
  "a guest": { ...WHOLE, miners: 2, admin: false },
};

describe.each(Object.entries(HOMES))("in a home with %s", (_, wanted) => {
  const hass = fakeHome(wanted);

  it("names entities that are there, and nothing undefined", async () => {
    const all = [generateDashboard({}, hass), ...(await generateAll(hass))];
    for (const id of entityIds(all)) expect(hass.entities).toHaveProperty([id]);
    const values = objects(all).flatMap((each) => Object.values(each));
    expect(values).not.toContain(undefined);
  });

  it("leaves no hole in a section, on a phone or in two columns", async () => {
    for (const view of await generateAll(hass)) {
      for (const section of view.sections ?? []) {
        expect(holes(section, 12)).toBe(0);
        expect(holes(section, section.column_span ? 24 : 12)).toBe(0);
      }
    }
  });

  it("leaves no view and no section empty", async () => {
    for (const view of await generateAll(hass)) {
      expect(view.sections).not.toHaveLength(0);
      for (const { cards: shown } of view.sections ?? []) {
        expect(shown).not.toHaveLength(0);
      }
    }
  });
});

describe("the dashboard", () => {
  it("has a hidden page for each miner, and none for services", () => {
    const { views } = generateDashboard({}, fakeHome({ ...WHOLE, miners: 2 }));
    const pages = views.filter(({ subview }) => subview);
    expect(pages.map(({ path }) => path)).toEqual(["miner-miner1", "miner-miner2"]);
    expect(views.slice(0, 5).map(({ path }) => path)).toEqual([
      "overview",
      "miners",
      "energy",
      "pools",
      "automations",
    ]);
  });

  it("heeds its options, and nothing that makes no sense", () => {
    const options = {
      title: "Rigs",
      views: ["energy", "moon", "energy", 7],
      miners: ["miner2"],
      areas: "attic",
      colour: "red",
    };
    const { title, views } = generateDashboard(options, fakeHome({ miners: 3 }));
    expect(title).toBe("Rigs");
    expect(views.map(({ path }) => path)).toEqual(["energy", "miner-miner2"]);
    expect(views[0]?.strategy).toMatchObject({ view: "energy", miners: ["miner2"] });
  });

  it("stays small and quick with fifty miners", async () => {
    const hass = fakeHome({ ...WHOLE, miners: 50, calls: CALLS });
    const started = performance.now();
    expect(JSON.stringify(generateDashboard({}, hass)).length).toBeLessThan(12_000);
    for (const view of ["overview", "miners", "energy", "pools", "automations"]) {
      const size = JSON.stringify(await generateView({ view }, hass)).length;
      expect(size).toBeLessThan(20_000);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("takes a name as it is", async () => {
    const name = `<script>alert("1")</script> {{ 1 }} | '`;
    const hass = fakeHome({ miners: [name] });
    const view = await generateView({ view: "miner", device: "miner1" }, hass);
    expect(ofType(view, "heading")[0]?.heading).toBe(name);
    // Text that may hold markup or a template says nothing of a miner.
    const texts = (await generateAll(hass))
      .flatMap(cards)
      .filter(({ type }) => type === "markdown");
    expect(texts).toHaveLength(BLUEPRINTS.length + 1);
    expect(JSON.stringify(texts)).not.toContain("{{");
  });
});

describe("the overview", () => {
  it("is a friendly start without miners, whose button is for administrators", async () => {
    const view = await generateView({}, fakeHome());
    expect(JSON.stringify(view)).toContain(ADD_PATH);
    const guest = await generateView({}, fakeHome({ admin: false }));
    expect(cards(guest)).toHaveLength(1);
    expect(JSON.stringify(guest)).not.toContain(ADD_PATH);
  });

  it("shows the prices of a home without miners", async () => {
    for (const name of ["overview", "energy"]) {
      const view = await generateView({ view: name }, fakeHome({ tariff: true }));
      expect(ofType(view, "custom:miner-controller-price-card")).toHaveLength(1);
      expect(JSON.stringify(view)).toContain(ADD_PATH);
    }
  });

  it("begins with what needs attention", async () => {
    const view = await generateView({}, fakeHome({ ...WHOLE, miners: 2 }));
    const first = cards(view).find(({ type }) => type !== "heading");
    expect(first?.type).toBe("custom:miner-controller-attention-card");
  });

  it("has the hashrate beside the prices, and neither beside nothing", async () => {
    const spans = async (home: FakeHome): Promise<unknown[]> => {
      const view = await generateView({}, fakeHome(home));
      return (view.sections ?? []).map((section) => section.column_span ?? 1);
    };
    expect(await spans({ ...WHOLE, miners: 2 })).toEqual([2, 1, 1, 2]);
    // How to add what is not there comes last.
    expect(await spans({ fleet: true, miners: 2 })).toEqual([2, 2, 2, 2]);
    expect(await spans({ tariff: true, miners: 11 })).toEqual([2, 2, 2, 2]);
  });

  it("has a tile of each miner, which leads to its page", async () => {
    const view = await generateView({}, fakeHome({ ...WHOLE, miners: 12 }));
    const tiles = ofType(view, "tile").filter(({ features }) => features);
    expect(tiles).toHaveLength(12);
    expect(tiles[0]).toMatchObject({
      entity: "binary_sensor.miner1_hashing",
      name: "Miner 1",
      tap_action: { action: "navigate", navigation_path: "miner-miner1" },
    });
  });

  it("has a table in place of more than twelve tiles", async () => {
    const view = await generateView({}, fakeHome({ miners: 13 }));
    expect(ofType(view, "custom:miner-controller-table-card")).toHaveLength(1);
    expect(ofType(view, "tile")).toHaveLength(0);
  });

  it("says how to add prices and a fleet", async () => {
    const lacking = await generateView({}, fakeHome({ miners: 1 }));
    expect(ofType(lacking, "empty-state")).toHaveLength(2);
    const whole = await generateView({}, fakeHome({ ...WHOLE, miners: 1 }));
    expect(ofType(whole, "empty-state")).toHaveLength(0);
  });
});

describe("with miners chosen", () => {
  const chosen = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `miner${index + 1}`);

  it.each(["overview", "energy"])("%s tells of these, and not of all", async (view) => {
    const hass = fakeHome({ ...WHOLE, miners: 12 });
    const shown = await generateView({ view, miners: chosen(2) }, hass);
    expect(entityIds(shown).filter((id) => id.includes("fleet"))).toEqual([]);
    const graphs = objects(shown).filter(({ title }) => title);
    const own = view === "overview" ? "hashrate" : "energy_cost";
    expect(entityIds(graphs)).toContain(`sensor.miner2_${own}`);
    for (const section of shown.sections ?? []) {
      expect(holes(section, 12 * (section.column_span ?? 1))).toBe(0);
    }
  });

  it.each(["overview", "energy"])("%s says what is of all", async (view) => {
    const hass = fakeHome({ ...WHOLE, miners: 12 });
    const shown = await generateView({ view, miners: chosen(11) }, hass);
    const ofFleet = cards(shown).filter((card) =>
      entityIds(card).some((id) => id.includes("fleet")),
    );
    expect(ofFleet.length).toBeGreaterThan(0);
    for (const { title } of ofFleet) expect(title).toMatch(/^All miners: /);
  });
});

describe("the miners", () => {
  it("may have been removed while their pages are open", async () => {
    const view = await generateView(
      { view: "miner", device: "gone" },
      fakeHome({ miners: 1 }),
    );
    expect(cards(view)).toMatchObject([{ title: "This miner is no longer there" }]);
  });

  it("lead to their pages from all that is ours", async () => {
    const all = await generateAll(fakeHome({ ...WHOLE, miners: 14 }));
    const leading = objects(all).filter(({ type }) =>
      /(table|attention)-card$/.test(String(type)),
    );
    expect(leading).toHaveLength(4);
    for (const { subviews } of leading) expect(subviews).toBe(true);
  });

  it("and pools lead to no settings that a guest cannot open", async () => {
    const paths = async (admin: boolean): Promise<unknown[]> => {
      const all = await generateAll(fakeHome({ ...WHOLE, miners: 2, admin }));
      return objects(all)
        .map((each) => each.navigation_path)
        .filter((path) => String(path).startsWith("/config/"));
    };
    expect(await paths(false)).toEqual([]);
    expect(await paths(true)).toContain("/config/devices/device/miner1");
  });

  it("are grouped by area, those without one last", async () => {
    const hass = fakeHome({ miners: 3, areas: ["Attic", "Cellar"] });
    const devices = Object.fromEntries(
      Object.entries(hass.devices).map(([id, device]) => [
        id,
        id === "miner1" ? { ...device, area_id: null } : device,
      ]),
    );
    const view = await generateView({ view: "miners" }, { ...hass, devices });
    expect(ofType(view, "heading").map(({ heading }) => heading)).toEqual([
      "Attic",
      "Miner 3",
      "Cellar",
      "Miner 2",
      "Without an area",
      "Miner 1",
    ]);
  });

  it("are a table for each area when there are many", async () => {
    const hass = fakeHome({ miners: 9, areas: ["Attic", "Cellar"] });
    const view = await generateView({ view: "miners", areas: [] }, hass);
    const tables = ofType(view, "custom:miner-controller-table-card");
    expect(tables.map(({ miners }) => (miners as string[]).length)).toEqual([5, 4]);
    // Tables below each other line up.
    expect(tables[0]?.columns).toContain("sensor.hashrate");
    expect(tables[1]?.columns).toEqual(tables[0]?.columns);
  });

  it("tell what is before what was, beside it on their own pages", async () => {
    const hass = fakeHome({ ...WHOLE, miners: 3 });
    const types = ({ cards: shown }: SectionConfig): string[] => [
      ...new Set(shown.map(({ type }) => type.replace("custom:", ""))),
    ];
    const graph = "statistics-graph";
    const fold = "miner-controller-fold-card";
    const whole = ["heading", "tile", graph, fold];
    const halves = [
      ["heading", "tile"],
      [graph, "tile", fold],
    ];
    // One that would be alone in its row takes all of it.
    const among = await generateView({ view: "miners" }, hass);
    expect(among.sections?.map(types)).toEqual([...halves, whole, whole]);
    const page = await generateView({ view: "miner", device: "miner1" }, hass);
    expect(page.sections?.map(types)).toEqual(halves);
    expect(entityIds(page.sections?.[0])).toEqual(
      expect.arrayContaining(["sensor.miner1_hashrate", "select.miner1_mode"]),
    );
  });

  it("are asked about before a restart, and have settings folded away", async () => {
    const hass = fakeHome({ miners: 1 });
    const view = await generateView({ view: "miners" }, hass);
    const restart = cards(view).find(
      ({ entity }) => entity === "button.miner1_restart",
    );
    expect(restart?.tap_action).toMatchObject({
      perform_action: "button.press",
      target: { entity_id: "button.miner1_restart" },
      confirmation: { text: expect.stringContaining("Miner 1") as string },
    });
    const [fold] = ofType(view, "custom:miner-controller-fold-card");
    const folded = entityIds(fold);
    expect(folded).toContain("number.miner1_frequency");
    expect(folded).not.toContain("select.miner1_mode");
  });
});

describe("energy", () => {
  it("has a line for each of a few miners, and sums of many", async () => {
    const costs = async (miners: number): Promise<string[]> => {
      const hass = fakeHome({ ...WHOLE, miners });
      const view = await generateView({ view: "energy" }, hass);
      return entityIds(ofType(view, "statistics-graph")).filter((id) =>
        id.endsWith("energy_cost"),
      );
    };
    expect(new Set(await costs(2))).toEqual(
      new Set(["sensor.miner1_energy_cost", "sensor.miner2_energy_cost"]),
    );
    expect(new Set(await costs(11))).toEqual(
      new Set(["sensor.fleet_total_energy_cost"]),
    );
  });

  it("sets the price against break-evens, and shows plans that there are", async () => {
    const hass = fakeHome({ ...WHOLE, miners: 3, plans: 1 });
    const view = await generateView({ view: "energy" }, hass);
    const price = ofType(view, "statistics-graph").find((graph) =>
      entityIds(graph).includes("sensor.tariff_current_price"),
    );
    expect(entityIds(price)).toHaveLength(4);
    const lists = ofType(view, "entities");
    expect(lists.map(({ entities }) => (entities as unknown[]).length)).toEqual([3, 3]);
    expect(lists[0]?.entities).toContainEqual({
      entity: "sensor.miner1_break_even_price",
      name: "Miner 1",
    });
    const plans = entityIds(view).filter((id) => id.endsWith("planned_mode"));
    expect(plans).toEqual(["sensor.miner1_planned_mode"]);
  });
});

describe("the pools", () => {
  it("lead to the fleet that they are kept in", async () => {
    const path =
      "/config/integrations/integration/miner_controller#config_entry=entry_fleet";
    for (const pools of [0, 2]) {
      const hass = fakeHome({ miners: 1, fleet: true, pools });
      const view = await generateView({ view: "pools" }, hass);
      expect(JSON.stringify(view)).toContain(path);
      expect(ofType(view, "heading")).toHaveLength(pools);
    }
  });

  it("need a fleet", async () => {
    const view = await generateView({ view: "pools" }, fakeHome({ miners: 1 }));
    expect(JSON.stringify(view)).toContain(ADD_PATH);
  });
});

describe("automations", () => {
  const states = { "automation.night": "on" };

  it("have a switch each, if they are there", async () => {
    const hass = fakeHome({ calls: CALLS, states });
    const view = await generateView({ view: "automations" }, hass);
    const tiles = ofType(view, "tile");
    expect(tiles.map(({ entity }) => entity)).toEqual(["automation.night"]);
    expect(tiles[0]?.features).toEqual([{ type: "toggle" }]);
  });

  it("can be made from blueprints, of which some are there already", async () => {
    const hass = fakeHome({ calls: CALLS, states });
    const view = await generateView({ view: "automations" }, hass);
    const paths = objects(view).map((each) => each.navigation_path);
    const imports = paths.filter((path) => String(path).includes("blueprint_url="));
    expect(imports).toHaveLength(BLUEPRINTS.length - 1);
    expect(imports[0]).toBe(
      "/config/blueprint/dashboard/import?blueprint_url=https%3A%2F%2Fgithub.com%2F" +
        "Danvic-DEV%2Fminer_controller%2Fblob%2Fmain%2Fcustom_components%2F" +
        "miner_controller%2Fblueprints%2Fautomation%2Fcheapest_hours.yaml",
    );
    expect(JSON.stringify(view)).toContain("miner_controller.install_blueprints");
    const names = ofType(view, "heading").map(({ heading }) => heading);
    expect(names).toEqual(expect.arrayContaining(["Cheapest hours", "Watchdog"]));
    const texts = ofType(view, "markdown").map(({ content }) => String(content));
    expect(texts.filter((each) => each.startsWith("Installed. "))).toHaveLength(1);
  });

  it("are shown to a guest too, without what only administrators can do", async () => {
    const hass = fakeHome({ calls: CALLS, states, admin: false });
    const view = await generateView({ view: "automations" }, hass);
    expect(ofType(view, "tile")).toHaveLength(1);
    expect(objects(view).some((each) => "buttons" in each || "badges" in each)).toBe(
      false,
    );
  });

  it("may not be known", async () => {
    const view = await generateView({ view: "automations" }, fakeHome());
    expect(cards(view).length).toBeGreaterThan(BLUEPRINTS.length);
  });
});

describe("the editor", () => {
  it("keeps the order of views that somebody wrote", () => {
    const views = ["energy", "pools", "overview"];
    const changed = (chosen: string[]): unknown =>
      changedConfig({ views }, { views: chosen }).views;
    expect(changed(["overview", "energy", "pools"])).toEqual(views);
    expect(changed(["overview", "energy"])).toEqual(["energy", "overview"]);
    expect(changed(["overview", "miners", "energy"])).toEqual([
      "energy",
      "overview",
      "miners",
    ]);
    expect(changed([])).toBeUndefined();
  });

  it("keeps what it does not know, and writes nothing that is as usual", () => {
    const config = { type: "custom:miner-controller", title: "Old", mine: 1 };
    const all = ["overview", "miners", "energy", "pools", "automations"];
    expect(changedConfig(config, { title: "", views: all, miners: [] })).toEqual({
      type: "custom:miner-controller",
      mine: 1,
    });
    expect(changedConfig(config, { views: ["pools", "miners"], areas: ["a"] })).toEqual(
      {
        type: "custom:miner-controller",
        mine: 1,
        views: ["miners", "pools"],
        areas: ["a"],
      },
    );
  });
});
