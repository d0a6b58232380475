import { describe, expect, it } from "vitest";

import { createDashboard, findDashboard } from "../src/model/create-dashboard";
import { fakeHome, type FakeHome } from "./fake-home";

type Message = Record<string, unknown>;

function homeWith(paths: string[], calls: FakeHome["calls"] = {}) {
  const sent: Message[] = [];
  const keep =
    (answer: (message: Message) => unknown) =>
    (message: Message): unknown => {
      sent.push(message);
      return answer(message);
    };
  const hass = fakeHome({
    calls: {
      "lovelace/dashboards/list": () =>
        paths.map((path) => ({ id: path, url_path: path, title: path })),
      "lovelace/dashboards/create": keep(() => ({ id: "new" })),
      "lovelace/config/save": keep(() => null),
      "lovelace/dashboards/delete": keep(() => null),
      ...Object.fromEntries(
        Object.entries(calls).map(([type, call]) => [
          type,
          keep((message) => call({ type, ...message })),
        ]),
      ),
    },
  });
  return { hass, sent };
}

const refuse = (reason: string) => () => {
  throw new Error(reason);
};

describe("createDashboard", () => {
  it("makes a dashboard that makes itself up", async () => {
    const { hass, sent } = homeWith(["lovelace"]);

    expect(await createDashboard(hass)).toBe("miner-controller");
    expect(sent).toEqual([
      expect.objectContaining({
        type: "lovelace/dashboards/create",
        url_path: "miner-controller",
        mode: "storage",
        show_in_sidebar: true,
        require_admin: false,
      }),
      {
        type: "lovelace/config/save",
        url_path: "miner-controller",
        config: { strategy: { type: "custom:miner-controller" } },
      },
    ]);
  });

  it("takes the next path that is free", async () => {
    const { hass } = homeWith(["miner-controller", "miner-controller-2"]);

    expect(await createDashboard(hass)).toBe("miner-controller-3");
  });

  it("leaves no empty dashboard behind", async () => {
    const { hass, sent } = homeWith([], {
      "lovelace/config/save": refuse("no room"),
      "lovelace/dashboards/delete": refuse("gone"),
    });

    await expect(createDashboard(hass)).rejects.toThrow("no room");
    expect(sent.at(-1)).toEqual({
      type: "lovelace/dashboards/delete",
      dashboard_id: "new",
    });
  });

  it("deletes nothing where nothing was made", async () => {
    const { hass, sent } = homeWith([], {
      "lovelace/dashboards/create": refuse("not allowed"),
    });

    await expect(createDashboard(hass)).rejects.toThrow("not allowed");
    expect(sent).toHaveLength(1);
  });
});

describe("findDashboard", () => {
  it("finds ours by what it is, whatever it is called", async () => {
    const configs: Record<string, unknown> = {
      "my-mine": { strategy: { type: "custom:miner-controller" } },
      "dash-map": { strategy: { type: "map" } },
      "dash-old": { views: [] },
    };
    const { hass } = homeWith(["dash-auto", ...Object.keys(configs)], {
      "lovelace/config": ({ url_path }) =>
        configs[String(url_path)] ?? refuse("No config found.")(),
    });

    expect((await findDashboard(hass))?.id).toBe("my-mine");
  });

  it("finds none where there is none", async () => {
    const { hass } = homeWith(["dash-auto"]);

    expect(await findDashboard(hass)).toBeUndefined();
  });
});
