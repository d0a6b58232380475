"""Adds up what all miners tell, at most every few seconds."""

from dataclasses import replace
from datetime import date, datetime
from time import time
from typing import Any, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_change
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..miner.drawn_power import count_energy
from ..miner.energy import EnergyMeter
from ..protocols.model import MinerStatus
from . import totals
from .library import LibraryPool, pool_in_use, pools_of
from .members import Member, MemberWatch
from .memory import FleetMemory
from .runtime import FleetConfigEntry
from .share_counts import Shares
from .totals import Held, Totals

UPDATE_INTERVAL: Final = 5.0
"""Seconds between two updates at least, however many miners tell something."""

_SAVE_DELAY: Final = 300


class FleetCoordinator(DataUpdateCoordinator[Totals]):
    """All miners together. Nothing is asked: the miners' own polls tell everything."""

    config_entry: FleetConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        store: Store[dict[str, Any]],
        memory: FleetMemory,
    ) -> None:
        """Initialize with what was kept, and follow the miners."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        self.pools: tuple[LibraryPool, ...] = pools_of(entry)
        self._store = store
        self._memory = memory
        self._save_pending = False
        self._meters: dict[str, EnergyMeter] = {}
        self._counted: dict[str, MinerStatus] = {}
        self._next_update: CALLBACK_TYPE | None = None
        self._update_due = False
        self._watch = MemberWatch(
            hass,
            updated=self._async_member_updated,
            changed=self._async_members_changed,
        )
        self._forget_removed()
        self._count_all()
        self.data = self._totals()
        entry.async_on_unload(
            async_track_time_change(
                hass, self._async_day_begins, hour=0, minute=0, second=0
            )
        )

    @property
    def members(self) -> list[Member]:
        """Return the miners."""
        return list(self._watch.members.values())

    def shares_through(self, pool_id: str) -> Shares:
        """Return the shares that were found for a pool since the counting began."""
        return self._memory.counts.by_pool.get(pool_id, Shares())

    @override
    async def async_shutdown(self) -> None:
        """Follow the miners no longer, and write down what is to be kept."""
        if self._shutdown_requested:
            return
        await super().async_shutdown()
        self._watch.async_close()
        if self._next_update is not None:
            self._next_update()
        await self._store.async_save(self._kept())

    def _forget_removed(self) -> None:
        """Forget miners and pools that were removed while nothing was counted."""
        counts, pools = self._memory.counts, {pool.subentry_id for pool in self.pools}
        for miner in counts.readings.keys() - {
            entry.entry_id
            for entry in self.hass.config_entries.async_entries(
                self.config_entry.domain
            )
        }:
            counts.forget_miner(miner)
        for pool in counts.by_pool.keys() - pools:
            counts.forget_pool(pool)

    @callback
    def _async_member_updated(self, member: Member) -> None:
        """Take in what a miner told, and show it with what the others tell."""
        self._count(member)
        self._async_update_soon()

    @callback
    def _async_members_changed(self) -> None:
        """Take in what there is now. A miner that was set up has told something."""
        self._count_all()
        self._async_update_soon()

    def _count_all(self) -> None:
        """Count the energy and the shares of all miners."""
        for member in self.members:
            self._count(member)

    def _count(self, member: Member) -> None:
        """Count the energy and the shares of a miner since it was last heard."""
        entry_id, coordinator = member.entry.entry_id, member.coordinator
        if coordinator is None:
            return
        meter = self._meters.setdefault(entry_id, EnergyMeter())
        before = meter.total
        count_energy(meter, coordinator)
        self._memory.energy += meter.total - before
        self._count_shares(member)

    def _count_shares(self, member: Member) -> None:
        """Count the shares of a miner since it was last heard."""
        entry_id, status = member.entry.entry_id, member.status
        before = self._counted.get(entry_id)
        if status is None or status is before or status.shares_accepted is None:
            return
        self._counted[entry_id] = status
        accepted, rejected = status.shares_accepted, status.shares_rejected
        last = self._memory.counts.readings.get(entry_id)
        if rejected is None and last is not None and accepted >= last.shares.accepted:
            # That one counter is missing from a reply is no sign of a new beginning.
            rejected = last.shares.rejected
        pool = pool_in_use(self.pools, status.active_pool, member.entry)
        self._memory.counts.read(
            entry_id,
            Shares(accepted=accepted, rejected=rejected or 0),
            pool=pool.subentry_id if pool else None,
            at=time(),
            day=_today(),
            restarted=_restarted(before, status),
        )

    @callback
    def _async_day_begins(self, _: datetime) -> None:
        """Begin to count the shares of another day."""
        self._async_update_soon()

    @callback
    def _async_update_soon(self) -> None:
        """Update now, or when the last update is long enough ago."""
        if self._next_update is not None:
            self._update_due = True
            return
        self._next_update = async_call_later(
            self.hass, UPDATE_INTERVAL, self._async_interval_over
        )
        self.async_update_totals()

    @callback
    def _async_interval_over(self, _: datetime) -> None:
        """Update with what came meanwhile."""
        self._next_update = None
        if self._update_due:
            self._update_due = False
            self._async_update_soon()

    @callback
    def async_update_totals(self) -> None:
        """Show what all miners amount to now."""
        self.async_set_updated_data(self._totals())
        if not self._save_pending:
            self._save_pending = True
            self._store.async_delay_save(self._kept, _SAVE_DELAY)

    def _kept(self) -> dict[str, Any]:
        """Return what is kept over a restart."""
        self._save_pending = False
        return self._memory.as_dict()

    def _totals(self) -> Totals:
        """Return what all miners amount to."""
        members, memory = self.members, self._memory
        memory.counts.begin(_today())
        best = _better(memory.best, totals.best_difficulty(members))
        memory.best = best and self._with_present_name(best)
        return Totals(
            hashrate=totals.hashrate_total(members),
            power=totals.power_total(members),
            efficiency=totals.efficiency(members),
            energy=memory.energy,
            shares_today=memory.counts.today,
            online=sum(member.online for member in members),
            total=len(members),
            concerns=totals.concerns(members),
            hottest_chip=totals.hottest_chip(members),
            best_difficulty=memory.best,
            pool_miners=self._pool_miners(members),
        )

    def _with_present_name(self, held: Held) -> Held:
        """Return a result under the name that its miner has now, if it is there."""
        member = self._watch.members.get(held.entry_id)
        return held if member is None else replace(held, miner=member.name)

    def _pool_miners(self, members: list[Member]) -> dict[str, list[str]]:
        """Return the names of the miners by the pool that they use."""
        found: dict[str, list[str]] = {pool.subentry_id: [] for pool in self.pools}
        for member in members:
            if (status := member.status) is None:
                continue
            pool = pool_in_use(self.pools, status.active_pool, member.entry)
            if pool is not None:
                found[pool.subentry_id].append(member.name)
        return found


def _better(known: Held | None, found: Held | None) -> Held | None:
    """Return the better of two results. Whoever was first holds it."""
    if known is None or found is None:
        return known or found
    return found if found.value > known.value else known


def _restarted(before: MinerStatus | None, status: MinerStatus) -> bool | None:
    """Return whether a miner has started anew, None where that is not known."""
    if before is None or before.uptime is None or status.uptime is None:
        return None
    return status.uptime < before.uptime


def _today() -> date:
    """Return the local date."""
    return dt_util.now().date()
