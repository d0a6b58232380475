"""Knows the Bitcoin network: its difficulty, what a block brings, and the price."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..planning.economics import Network
from ..sources.mempool import NetworkFacts
from .network_memory import NetworkMemory, async_recall_network, network_store
from .network_options import NetworkOptions
from .network_price import read_price
from .network_rounds import ROUND_INTERVAL, NetworkRounds, Round, async_put_off_round
from .runtime import FleetConfigEntry

SIGNAL_NETWORK_CHANGED: Final = f"{DOMAIN}_network_changed"
"""Sent when the coordinator of the network appears or goes."""

# How often is looked whether something has become too old.
_LOOK_INTERVAL: Final = timedelta(minutes=1)
_SAVE_DELAY: Final = 30

_DAY: Final = timedelta(days=1)

_NETWORK: HassKey[NetworkCoordinator] = HassKey(f"{DOMAIN}_network")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """What is known of the network now.

    `facts` are those that are not too old, and their price is that of the user's own
    sensor where there is one, also for a day while that one is away. `updated` is when
    the mempool last told something. `network` is None as long as the difficulty or the
    reward is not known. Prices are in `currency`, that of Home Assistant.
    """

    currency: str
    facts: NetworkFacts = field(default_factory=NetworkFacts)
    updated: datetime | None = None
    days_to_adjustment: float | None = None

    @property
    def network(self) -> Network | None:
        """Return what economics are made of."""
        facts = self.facts
        if facts.difficulty is None or facts.reward is None:
            return None
        return Network(
            difficulty=facts.difficulty,
            reward=facts.reward,
            bitcoin_price=facts.bitcoin_price,
        )


@callback
def async_network(hass: HomeAssistant) -> NetworkCoordinator | None:
    """Return what knows the network, None without a fleet or where it is off."""
    return hass.data.get(_NETWORK)


async def async_setup_network(
    hass: HomeAssistant, entry: FleetConfigEntry
) -> NetworkCoordinator | None:
    """Set up what knows the network, unless the fleet's user does without."""
    options = NetworkOptions.from_options(entry.options)
    if options is None:
        return None
    store = network_store(hass, entry.entry_id)
    memory = await async_recall_network(
        store, options.url, hass.config.currency, options.bitcoin_sensor
    )
    if memory.updated is not None:
        age = (dt_util.utcnow() - memory.updated).total_seconds()
        if 0 <= age < ROUND_INTERVAL:
            wait = ROUND_INTERVAL - age
            async_put_off_round(hass, options.url, memory.asked_currency, wait)
    coordinator = NetworkCoordinator(hass, entry, options, store, memory)
    hass.data[_NETWORK] = coordinator
    entry.async_on_unload(partial(_async_forget, hass))
    async_dispatcher_send(hass, SIGNAL_NETWORK_CHANGED)
    return coordinator


@callback
def _async_forget(hass: HomeAssistant) -> None:
    """Have nobody find what does not follow the network any more."""
    del hass.data[_NETWORK]
    async_dispatcher_send(hass, SIGNAL_NETWORK_CHANGED)


class NetworkCoordinator(DataUpdateCoordinator[NetworkView]):
    """What is known of the network. It asks nobody: the rounds are a part of it.

    Its data is as old as the newest round, or as what was kept of it. Whoever follows
    it hears when something has changed or has become too old.
    """

    config_entry: FleetConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        options: NetworkOptions,
        store: Store[dict[str, Any]],
        memory: NetworkMemory,
    ) -> None:
        """Initialize with what was kept, and follow the rounds and the price."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name="Bitcoin network",
            update_interval=_LOOK_INTERVAL,
            always_update=False,
        )
        self.options = options
        self.rounds = NetworkRounds(hass, entry, memory.url, memory.asked_currency)
        self.memory = memory
        self._currency = hass.config.currency
        self._store = store
        self._taken: Round | None = None
        self.data = self._view()
        entry.async_on_unload(self.rounds.async_add_listener(self._async_round_ended))
        entry.async_on_unload(
            hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._async_config_changed)
        )
        if (sensor := options.bitcoin_sensor) is not None:
            entry.async_on_unload(
                async_track_state_change_event(hass, sensor, self._async_price_changed)
            )

    @property
    def is_available(self) -> bool:
        """Return whether anything is known, or may be soon."""
        is_known = self.data.facts != NetworkFacts()
        return is_known or self.rounds.last_update_success

    @override
    async def async_shutdown(self) -> None:
        """End, and write down what is to be kept."""
        await super().async_shutdown()
        if self._taken is not None or self.memory.sensor is not None:
            await self._store.async_save(self.memory.as_dict())

    @override
    async def _async_update_data(self) -> NetworkView:
        """Look at what is known from the present moment."""
        if self.config_entry.pref_disable_polling:
            # Then rounds happen only when somebody asks for them.
            await self.rounds.async_refresh()
        return self._view()

    @callback
    def _async_round_ended(self) -> None:
        """Take in what a round brought. Also a failure may change what is shown."""
        told = self.rounds.data
        if told is not None and told != self._taken:
            self._taken = told
            self.memory = self.memory.with_round(told)
            self._store.async_delay_save(self._kept, _SAVE_DELAY)
        self.data = self._view()
        self.async_update_listeners()

    def _kept(self) -> dict[str, Any]:
        """Return what is to be kept."""
        return self.memory.as_dict()

    @callback
    def _async_price_changed(self, _: Event[EventStateChangedData]) -> None:
        """Take in what the user's own sensor says."""
        if (view := self._view()) != self.data:
            self.data = view
            self.async_update_listeners()

    @callback
    def _async_config_changed(self, _: Event[Any]) -> None:
        """Begin anew with another currency."""
        if self.hass.config.currency != self._currency:
            entry_id = self.config_entry.entry_id
            self.hass.config_entries.async_schedule_reload(entry_id)

    @callback
    def _view(self) -> NetworkView:
        """Return what is known now.

        Many a sensor is away for moments. Without the price of before, no plan would
        know then what mining earns.
        """
        now = dt_util.utcnow()
        if (sensor := self.options.bitcoin_sensor) is not None:
            price = read_price(self.hass.states.get(sensor), self._currency)
            if price is not None:
                self.memory = self.memory.with_price(price, now)
        facts = self.memory.facts_at(now)
        due = facts.next_adjustment
        return NetworkView(
            currency=self._currency,
            facts=facts,
            updated=self.memory.updated,
            days_to_adjustment=None if due is None else round((due - now) / _DAY, 1),
        )
