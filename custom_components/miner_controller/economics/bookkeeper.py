"""Keeps the books of all miners: what they share, and what is kept of them."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..fleet.entries import async_fleet_entry
from ..fleet.network import (
    SIGNAL_NETWORK_CHANGED,
    NetworkCoordinator,
    async_network,
)
from ..fleet.tariff_watch import TariffWatch
from ..miner.entries import async_miner_entries
from ..planning.economics import Network
from ..prices.coordinator import PriceConfigEntry
from ..prices.entries import async_tariff_entries
from .late_prices import LatePrices
from .memory import Account, EconomicsMemory, async_recall, economics_store

if TYPE_CHECKING:
    from .coordinator import MinerEconomics

_SAVE_DELAY: Final = 900

# With each miner, its sensors and its plan look too, which takes about a millisecond.
# Others want their turn between.
_LOOKS_AT_ONCE: Final = 8


class Bookkeeper:
    """Follows tariffs, network and clock for all miners, while anybody wants it."""

    memory: EconomicsMemory

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize without anything that was kept."""
        self.miners: dict[str, MinerEconomics] = {}
        """The miners that are set up, by the id of their entry."""
        self._hass = hass
        self._store = economics_store(hass)
        self._loading = asyncio.Lock()
        self._loaded = False
        self._users = 0
        self._save_pending = False
        self._late_prices = LatePrices(hass, self._async_look)
        self._is_looking = False
        self._is_look_due = False
        self._listeners: list[CALLBACK_TYPE] = []
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._network: NetworkCoordinator | None = None
        self._leave_network: CALLBACK_TYPE | None = None

    @property
    def tariffs(self) -> list[PriceConfigEntry]:
        """Return the tariffs, the oldest first."""
        return async_tariff_entries(self._hass)

    @property
    def network(self) -> Network | None:
        """Return what the network asks for and pays, None where it is not known."""
        return None if self._network is None else self._network.data.network

    @property
    def power_drawn(self) -> float:
        """Return what all miners draw together in W, as far as it is known."""
        return sum(miner.power or 0.0 for miner in self.miners.values())

    async def async_load(self) -> None:
        """Recall what was kept, once."""
        async with self._loading:
            if not self._loaded:
                self.memory = await async_recall(self._store)
                self._loaded = True
                self.memory.retire_missing(
                    entry.entry_id for entry in async_miner_entries(self._hass)
                )

    @callback
    def async_acquire(self) -> None:
        """Follow tariffs, network and clock, if nobody wanted that before."""
        self._users += 1
        if self._users > 1:
            return
        hass = self._hass
        self._unsubscribe = [
            TariffWatch(hass, self._async_prices_changed).async_close,
            async_dispatcher_connect(
                hass, SIGNAL_NETWORK_CHANGED, self._async_network_changed
            ),
            async_track_time_change(hass, self._async_hour_begins, minute=0, second=0),
        ]
        self._async_follow_network()

    async def async_release(self) -> None:
        """Follow nothing any more and write everything down, once nobody wants it."""
        self._users -= 1
        if self._users:
            return
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        if self._leave_network is not None:
            self._leave_network()
            self._leave_network = None
        self._network = None
        await self.async_save()

    @callback
    def async_add_listener(self, changed: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Tell somebody when more than one miner changed, but not of their polls."""
        self._listeners.append(changed)

        @callback
        def remove() -> None:
            self._listeners.remove(changed)

        return remove

    @callback
    def async_pay(self, account: Account) -> bool:
        """Pay for what waits in an account, and return whether anything did."""
        paid = self._late_prices.async_pay(account, dt_util.utcnow())
        if paid:
            self.async_keep()
        return paid

    @callback
    def async_keep(self) -> None:
        """Have the books written down within a quarter of an hour."""
        if not self._save_pending:
            self._save_pending = True
            self._store.async_delay_save(self._kept, _SAVE_DELAY)

    async def async_save(self) -> None:
        """Write the books down now."""
        await self._store.async_save(self._kept())

    async def async_forget(self, entry_id: str) -> None:
        """Forget a miner that was removed, but not what it has cost all together.

        Without any miner and the fleet nobody is left to whom that tells anything.
        """
        self.memory.retire(entry_id)
        if self.memory.accounts or async_fleet_entry(self._hass) is not None:
            await self.async_save()
        else:
            self.memory = EconomicsMemory()
            await self._store.async_remove()
        self._async_look()

    def _kept(self) -> dict[str, Any]:
        """Return what is kept over a restart."""
        self._save_pending = False
        self.memory.fold(dt_util.utcnow())
        return self.memory.as_dict()

    @callback
    def _async_prices_changed(self) -> None:
        """Take in that there are other prices, or other tariffs."""
        tariffs = self.tariffs
        for miner in self.miners.values():
            miner.async_find_tariff(tariffs)
        self._async_look()

    @callback
    def _async_network_changed(self) -> None:
        """Take in that the network is known now, or not any more."""
        self._async_follow_network()
        self._async_look()

    @callback
    def _async_follow_network(self) -> None:
        """Listen to the network as it is known now."""
        if self._leave_network is not None:
            self._leave_network()
            self._leave_network = None
        self._network = async_network(self._hass)
        if self._network is not None:
            self._leave_network = self._network.async_add_listener(self._async_look)

    @callback
    def _async_hour_begins(self, _: datetime) -> None:
        """Begin to count the costs of another hour, and perhaps of another day."""
        self._async_look()

    @callback
    def _async_look(self) -> None:
        """Let each miner show what holds now, and then whoever sums them up.

        With a few miners that is done when this returns, unless something waited.
        """
        self._is_look_due = True
        if not self._is_looking:
            self._hass.async_create_task(
                self._async_look_around(), f"{DOMAIN} economics"
            )

    async def _async_look_around(self) -> None:
        """Look as often as it is due, with a break after some miners each time."""
        self._is_looking = True
        try:
            while self._is_look_due:
                self._is_look_due = False
                await self._async_look_once()
        finally:
            self._is_looking = False

    async def _async_look_once(self) -> None:
        """Pay for what waited and show it, also of miners that are not set up now."""
        memory = self.memory
        for number, entry_id in enumerate((*memory.accounts,)):
            if number and number % _LOOKS_AT_ONCE == 0:
                await asyncio.sleep(0)
            account = memory.accounts.get(entry_id)
            if account is not None and self.async_pay(account):
                await asyncio.sleep(0)
            if (miner := self.miners.get(entry_id)) is not None:
                miner.async_look(dt_util.utcnow())
        for account in memory.retired[:]:
            if self.async_pay(account):
                await asyncio.sleep(0)
        self._late_prices.async_ask(dt_util.utcnow())
        for changed in self._listeners[:]:
            changed()


_BOOKKEEPER: HassKey[Bookkeeper] = HassKey(f"{DOMAIN}_bookkeeper")


async def async_bookkeeper(hass: HomeAssistant) -> Bookkeeper:
    """Return the one bookkeeper, which has recalled what was kept."""
    keeper = hass.data.get(_BOOKKEEPER)
    if keeper is None:
        keeper = hass.data[_BOOKKEEPER] = Bookkeeper(hass)
    await keeper.async_load()
    return keeper


@callback
def async_find_bookkeeper(hass: HomeAssistant) -> Bookkeeper | None:
    """Return the one bookkeeper, None before any miner was set up."""
    return hass.data.get(_BOOKKEEPER)
