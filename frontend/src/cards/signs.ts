/** Icons and colours of what a miner is about, none of which stands without a text. */

import type { Activity, Reason } from "../model/attention";

/** An icon, and the class of its colour. */
export interface Sign {
  readonly icon: string;
  readonly tone: "bad" | "dubious" | "good" | "calm";
}

export const REASON_SIGNS: Readonly<Record<Reason, Sign>> = {
  hardware_fault: { icon: "mdi:alert", tone: "bad" },
  power_fault: { icon: "mdi:power-plug-off", tone: "bad" },
  overheated: { icon: "mdi:thermometer-alert", tone: "bad" },
  away: { icon: "mdi:lan-disconnect", tone: "bad" },
  not_hashing: { icon: "mdi:alert-circle-outline", tone: "dubious" },
  fallback_pool: { icon: "mdi:lifebuoy", tone: "dubious" },
};

export const ACTIVITY_SIGNS: Readonly<Record<Activity, Sign>> = {
  hashing: { icon: "mdi:pickaxe", tone: "good" },
  not_hashing: { icon: "mdi:sleep", tone: "calm" },
  paused: { icon: "mdi:pause-circle-outline", tone: "calm" },
  switched_off: { icon: "mdi:power-plug-off-outline", tone: "calm" },
  away: { icon: "mdi:lan-disconnect", tone: "calm" },
  unknown: { icon: "mdi:help-circle-outline", tone: "calm" },
};
