"""Diagnostics of a miner's plan: what it is made from, and why there is none."""

from dataclasses import asdict
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .keeper import async_find_keeper
from .runtime import async_plan
from .states import async_present_state


def plan_diagnostics(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Return what the plan of a miner follows from."""
    plan, keeper = async_plan(hass, entry.entry_id), async_find_keeper(hass)
    if plan is None or keeper is None:
        return {}
    memory, made = plan.memory, plan.data
    since = memory.history.since
    return {
        "states": plan.states,
        "figures": [asdict(figures) for figures in memory.figures.values()],
        "power_cap": keeper.power_cap,
        "missing": plan.missing and plan.missing.value,
        "present": async_present_state(plan.miner),
        "is_off": memory.history.is_off,
        "since": since and since.isoformat(),
        "planned_since": memory.phase_since and memory.phase_since.isoformat(),
        "energy_today": memory.energy,
        "exact": made and made.exact,
        "plan": plan.course,
    }
