"""All miners as a table, for whoever calls the action that returns it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..miner.connect import shown_address
from ..miner.entries import async_device_id
from . import totals
from .entries import async_fleet_entry
from .library import LibraryPool, async_pools, pool_in_use
from .members import Member, async_members
from .share_counts import Shares
from .telemetry import fleet_telemetry, miner_telemetry
from .totals import Totals

# What is published of a miner and tells its owner most about it.
_SHOWN: Final = (
    "name",
    "model",
    "firmware",
    "state",
    "mode",
    "hashrate_hs",
    "power_w",
    "temperature_c",
    "efficiency_j_th",
    "shares_accepted",
    "shares_rejected",
    "best_difficulty",
    "uptime_s",
)
# What nobody counts without a fleet.
_UNCOUNTED: Final = {
    "energy_kwh": None,
    "shares_accepted_today": None,
    "shares_rejected_today": None,
}
# It says of what kind a message is, which the answer to a question need not.
_HEAD: Final = ("schema", "time")


@callback
def async_fleet_table(hass: HomeAssistant) -> dict[str, Any]:
    """Return the totals, and a row for each miner, in the order of their names.

    Units are in the names of the keys, and what is not known is None. `worker` is
    what the miner calls itself at its pool, which may hold a payout address.
    """
    members = sorted(async_members(hass), key=lambda member: member.name.lower())
    pools, now = async_pools(hass), dt_util.utcnow()
    return {
        "totals": _totals(hass, members, now),
        "miners": [_row(hass, member, pools, now) for member in members],
    }


def _row(
    hass: HomeAssistant,
    member: Member,
    pools: Sequence[LibraryPool],
    now: datetime,
) -> dict[str, Any]:
    """Return the row of a miner."""
    told = miner_telemetry(member, now)
    used = None if member.status is None else member.status.active_pool
    pool = pool_in_use(pools, used, member.entry)
    return {
        "device_id": async_device_id(hass, member.entry),
        "address": shown_address(member.entry.data),
        **{key: told[key] for key in _SHOWN},
        "pool": told["pool"] if pool is None else pool.name,
        "worker": None if used is None else used.user,
    }


def _totals(
    hass: HomeAssistant, members: Sequence[Member], now: datetime
) -> dict[str, Any]:
    """Return what all miners amount to, with what the fleet counts if there is one."""
    fleet = async_fleet_entry(hass)
    if fleet is not None and fleet.state is ConfigEntryState.LOADED:
        counted: Totals = fleet.runtime_data.totals.data
        told = fleet_telemetry(counted, now)
    else:
        told = {**fleet_telemetry(_uncounted(members), now), **_UNCOUNTED}
    return {key: value for key, value in told.items() if key not in _HEAD}


def _uncounted(members: Sequence[Member]) -> Totals:
    """Return what all miners amount to now, where nothing is counted."""
    return Totals(
        hashrate=totals.hashrate_total(members),
        power=totals.power_total(members),
        efficiency=totals.efficiency(members),
        energy=0,
        shares_today=Shares(),
        online=sum(member.online for member in members),
        total=len(members),
        concerns=totals.concerns(members),
        hottest_chip=totals.hottest_chip(members),
        best_difficulty=totals.best_difficulty(members),
        pool_miners={},
    )
