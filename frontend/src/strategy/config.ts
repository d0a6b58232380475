/** What can be chosen about the dashboard and its views. */

import type { Selection } from "../model/home";

export const STRATEGY_TYPE = "custom:miner-controller";

export const VIEW_NAMES = [
  "overview",
  "miners",
  "energy",
  "pools",
  "automations",
] as const;

export type ViewName = (typeof VIEW_NAMES)[number];

export interface DashboardOptions extends Selection {
  readonly title: string | undefined;
  /** In the order in which they are shown. */
  readonly views: readonly ViewName[];
}

export interface ViewOptions extends Selection {
  readonly view: ViewName | "miner";
  readonly device: string | undefined;
}

/** What the editor writes; the rest of a configuration is not its business. */
const CHOSEN = ["title", "views", "miners", "areas"];

/** A configuration as somebody wrote it. */
export type WrittenOptions = Readonly<Record<string, unknown>>;

/** Return what is chosen about the dashboard; what makes no sense is left out. */
export function readDashboardOptions(written: WrittenOptions): DashboardOptions {
  const views = [...new Set(texts(written.views))].filter(isViewName);
  return {
    ...readSelection(written),
    title: text(written.title),
    views: views.length ? views : VIEW_NAMES,
  };
}

export function readViewOptions(written: WrittenOptions): ViewOptions {
  const view = text(written.view) ?? "";
  return {
    ...readSelection(written),
    view: view === "miner" || isViewName(view) ? view : "overview",
    device: text(written.device),
  };
}

/** Return the part of a configuration that says which miners are wanted. */
export function writtenSelection({ miners, areas }: Selection): {
  miners?: string[];
  areas?: string[];
} {
  return {
    ...(miners?.length ? { miners: [...miners] } : {}),
    ...(areas?.length ? { areas: [...areas] } : {}),
  };
}

/** Return a configuration with what was chosen; what is as usual is not written. */
export function changedConfig(
  config: WrittenOptions,
  chosen: WrittenOptions,
): WrittenOptions {
  const { title, views: wanted, ...selection } = readDashboardOptions(chosen);
  const views = texts(chosen.views).length
    ? inOrder(wanted, readDashboardOptions(config).views)
    : VIEW_NAMES;
  const isUsual = views.join() === VIEW_NAMES.join();
  const others = Object.entries(config).filter(([key]) => !CHOSEN.includes(key));
  return {
    ...Object.fromEntries(others),
    ...(title === undefined ? {} : { title }),
    ...(isUsual ? {} : { views }),
    ...writtenSelection(selection),
  };
}

/** Return views in an order, those new to it behind what they usually come after. */
function inOrder(wanted: readonly ViewName[], order: readonly ViewName[]): ViewName[] {
  const ordered = order.filter((name) => wanted.includes(name));
  VIEW_NAMES.forEach((name, index) => {
    if (!wanted.includes(name) || ordered.includes(name)) return;
    const before = VIEW_NAMES.slice(0, index).findLast((each) =>
      ordered.includes(each),
    );
    ordered.splice(before === undefined ? 0 : ordered.indexOf(before) + 1, 0, name);
  });
  return ordered;
}

export function isSelective({ miners, areas }: Selection): boolean {
  return Boolean(miners?.length ?? 0) || Boolean(areas?.length ?? 0);
}

function readSelection(written: WrittenOptions): Selection {
  return { miners: texts(written.miners), areas: texts(written.areas) };
}

function isViewName(name: string): name is ViewName {
  return (VIEW_NAMES as readonly string[]).includes(name);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [];
  return values.filter((each): each is string => typeof each === "string");
}
