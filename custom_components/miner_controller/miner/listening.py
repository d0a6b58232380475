"""The one listener for broadcasts of NMMiners, which all of Home Assistant shares."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    signal_discovered_config_entry_removed,
)
from homeassistant.const import CONF_HOST
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers import discovery_flow, issue_registry as ir
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..protocols.model import MinerFamily
from ..protocols.nmminer_listener import (
    REPORT_PORT,
    NMMinerListener,
)
from ..protocols.nmminer_report import NMMinerReport
from ..protocols.nmminer_values import broadcasts_status
from ..protocols.private_network import is_private_address
from .entries import (
    async_entry_at,
    async_miner_entries,
    async_present_address,
    async_raise_if_replaced,
    entry_identity,
)

ISSUE_PORT_TAKEN: Final = "port_taken"

_RETRY_INTERVAL: Final = timedelta(seconds=60)

# More miners than this, that nobody has decided on, are somebody's joke.
_MOST_OFFERS: Final = 32


class SharedListener:
    """Listens for as long as somebody needs it, and offers miners that are new."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize without listening yet."""
        self.hass = hass
        self.listener = NMMinerListener(REPORT_PORT)
        self.problem: str | None = None
        """Why the port cannot be had."""
        self._users = 0
        self._offering = 0
        self._offered: set[str] = set()
        self._ends: list[CALLBACK_TYPE] = []

    @callback
    def async_use(self, *, offer: bool = False) -> Callable[[], None]:
        """Listen until all who wanted it have ended it.

        Miners that are new are offered as long as somebody who wants that listens.
        """
        self._users += 1
        self._offering += offer
        if self._users == 1:
            self._ends = [
                self.listener.listen(self._async_heard),
                async_dispatcher_connect(
                    self.hass,
                    signal_discovered_config_entry_removed(DOMAIN),
                    self._async_removed,
                ),
                async_track_time_interval(
                    self.hass, self._async_retry, _RETRY_INTERVAL
                ),
            ]
        self._async_open()

        @callback
        def end() -> None:
            self._users -= 1
            self._offering -= offer
            if not self._users:
                self._async_close()

        return end

    @callback
    def _async_open(self) -> None:
        """Try to have the port, and tell why if it cannot be had."""
        if self.listener.listening:
            return
        try:
            self.listener.open()
        except OSError as err:
            self.problem = err.strerror or type(err).__name__
            LOGGER.debug("Port %s cannot be had: %s", self.listener.port, self.problem)
            if any(map(_broadcasts, async_miner_entries(self.hass))):
                self._async_raise(self.problem)
                return
        else:
            self.problem = None
        # The port is there, or nobody misses it any more.
        ir.async_delete_issue(self.hass, DOMAIN, ISSUE_PORT_TAKEN)

    @callback
    def _async_raise(self, reason: str) -> None:
        """Raise the issue of a port that cannot be had."""
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            ISSUE_PORT_TAKEN,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUE_PORT_TAKEN,
            translation_placeholders={
                "port": str(self.listener.port),
                "reason": reason,
            },
        )

    @callback
    def _async_retry(self, _: datetime) -> None:
        """Try again to have the port."""
        self._async_open()

    @callback
    def _async_close(self) -> None:
        """Stop listening."""
        for end in self._ends:
            end()
        self._ends = []
        self._offered.clear()
        self.listener.close()
        ir.async_delete_issue(self.hass, DOMAIN, ISSUE_PORT_TAKEN)

    @callback
    def _async_heard(self, address: str, _: NMMinerReport) -> None:
        """Offer a miner that is heard and that nobody knows."""
        if not self._offering or self.hass.state is not CoreState.running:
            # What is offered before would only be queued, however much it is.
            return
        if self.listener.is_followed(address):
            self._offered.discard(address)
            return
        if address in self._offered:
            return
        if (entry := async_entry_at(self.hass, address)) is not None:
            async_raise_if_replaced(entry)
            return
        if self._async_may_be_known() or self._async_undecided() >= _MOST_OFFERS:
            return
        self._offered.add(address)
        discovery_flow.async_create_flow(
            self.hass,
            DOMAIN,
            context={"source": SOURCE_INTEGRATION_DISCOVERY},
            data={CONF_HOST: address},
            discovery_key=DiscoveryKey(domain=DOMAIN, key=address, version=1),
        )

    @callback
    def _async_may_be_known(self) -> bool:
        """Return whether a miner that is not set up yet may be the one that is heard.

        Only once it is set up, the address of one that was added by its name is known.
        """
        return any(
            _broadcasts(entry)
            and not is_private_address(entry.data[CONF_HOST])
            and async_present_address(entry) is None
            and entry.disabled_by is None
            for entry in async_miner_entries(self.hass)
        )

    @callback
    def _async_undecided(self) -> int:
        """Return how many miners are offered that nobody has decided on."""
        return len(
            self.hass.config_entries.flow.async_progress_by_handler(
                DOMAIN,
                include_uninitialized=True,
                match_context={"source": SOURCE_INTEGRATION_DISCOVERY},
            )
        )

    @callback
    def async_forget(self, entry: ConfigEntry) -> None:
        """Offer a miner again whose entry was removed."""
        host = entry.data.get(CONF_HOST, "")
        if is_private_address(host):
            self._offered.discard(host)
        else:
            # Which address its name led to is not known any more.
            self._offered.clear()

    @callback
    def _async_removed(self, entry: ConfigEntry) -> None:
        """Offer a miner again that is not ignored any more."""
        for discovery_key in entry.discovery_keys[DOMAIN]:
            self._offered.discard(str(discovery_key.key))


def _broadcasts(entry: ConfigEntry) -> bool:
    """Return whether a miner is known by what it broadcasts, as far as it was seen."""
    identity = entry_identity(entry)
    return identity.family is MinerFamily.NMMINER and broadcasts_status(
        identity.firmware
    )


_LISTENER: HassKey[SharedListener] = HassKey(f"{DOMAIN}_listener")


@callback
def async_shared_listener(hass: HomeAssistant) -> SharedListener:
    """Return the listener of this Home Assistant."""
    if _LISTENER not in hass.data:
        hass.data[_LISTENER] = SharedListener(hass)
    return hass.data[_LISTENER]


@contextmanager
def listening(hass: HomeAssistant) -> Iterator[NMMinerListener]:
    """Listen for as long as something lasts."""
    shared = async_shared_listener(hass)
    end = shared.async_use()
    try:
        yield shared.listener
    finally:
        end()
