"""Looks for miners in networks, and puts right what it finds out about known ones."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network
import socket
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..protocols.detect import DEFAULT_PORTS
from ..protocols.model import MinerIdentity
from ..protocols.nmminer import HEARING_TIME, NMMinerClient
from ..protocols.private_network import (
    NetworkError,
    NetworkNotPrivateError,
    NetworkTooLargeError,
    NetworkUnreadableError,
    hosts,
)
from ..protocols.scan import Sighting, scan
from .connect import address_at, is_same_miner
from .dhcp_data import async_mac_at
from .entries import (
    async_entry_at,
    async_entry_with_id,
    async_follow_address,
    async_raise_if_replaced,
    entry_identity,
)
from .listening import listening

SCAN_ERRORS: Final[dict[type[NetworkError], str]] = {
    NetworkNotPrivateError: "network_not_private",
    NetworkTooLargeError: "network_too_large",
    NetworkUnreadableError: "network_unreadable",
}

_SCAN_LOCK: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_scan_lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedMiner:
    """A miner that was met, and its entry where it was added already."""

    host: str
    port: int
    identity: MinerIdentity
    entry: ConfigEntry | None

    @property
    def address(self) -> str:
        """Return the address as a person types it."""
        return address_at(self.host, self.port, self.identity.family)

    @property
    def label(self) -> str:
        """Return what tells the miner from others in a list."""
        known = (
            self.identity.model,
            self.identity.hostname,
            self.address,
            self.identity.firmware,
        )
        return " · ".join(part for part in known if part)

    def as_dict(self) -> dict[str, Any]:
        """Return the miner as the response of an action."""
        return {
            "model": self.identity.model,
            "family": self.identity.family.value,
            "address": self.address,
            "firmware": self.identity.firmware,
            "hostname": self.identity.hostname,
            "mac": self.identity.mac,
            "added": self.entry is not None,
            "name": self.entry.title if self.entry else None,
        }


def _show_nobody(done: int, total: int) -> None:
    """Keep to oneself how far a scan is."""


async def async_scan(
    hass: HomeAssistant,
    networks: Sequence[IPv4Network],
    progress: Callable[[int, int], None] = _show_nobody,
) -> list[ScannedMiner]:
    """Return the miners in networks, and those that broadcast.

    An entry whose miner is met at another address follows it there, and one at whose
    address another miner is met looks again for itself.
    """
    addresses = sorted({host for each in networks for host in hosts(each)})
    session = async_get_clientsession(hass, family=socket.AF_INET)
    lock = hass.data.setdefault(_SCAN_LOCK, asyncio.Lock())
    async with lock:
        with listening(hass) as listener:
            sightings, _ = await asyncio.gather(
                scan(session, addresses, progress=progress),
                asyncio.sleep(HEARING_TIME if listener.listening else 0),
            )
            seen = {sighting.host for sighting in sightings}
            sightings += [
                Sighting(
                    host=address,
                    port=DEFAULT_PORTS[NMMinerClient.family],
                    identity=NMMinerClient.reported_identity(report),
                )
                for address, report in listener.fresh_reports().items()
                if address not in seen
            ]
    return [
        _async_scanned(hass, sighting)
        for sighting in sorted(sightings, key=lambda each: IPv4Address(each.host))
    ]


async def _async_look_again(entry: ConfigEntry) -> None:
    """Let an entry find out that another miner is at its address."""
    await entry.runtime_data.async_refresh()
    # One that only broadcasts does not answer to tell it.
    async_raise_if_replaced(entry)


@callback
def _async_scanned(hass: HomeAssistant, sighting: Sighting) -> ScannedMiner:
    """Return a miner with its entry, and put right where that is."""
    identity = sighting.identity
    if not identity.ids and (mac := async_mac_at(hass, sighting.host)):
        identity = replace(identity, mac=mac)
    location = {CONF_HOST: sighting.host, CONF_PORT: sighting.port}
    entry = async_entry_with_id(hass, identity.ids)
    if entry is not None:
        async_follow_address(hass, entry, location)
    elif (there := async_entry_at(hass, sighting.host)) is not None:
        if is_same_miner(identity, entry_identity(there)):
            entry = there
        elif there.state is ConfigEntryState.LOADED:
            # It raises the repair when it sees another miner.
            hass.async_create_task(
                _async_look_again(there), f"{DOMAIN} another miner at an address"
            )
    return ScannedMiner(
        host=sighting.host, port=sighting.port, identity=identity, entry=entry
    )
