"""Finds the miner at an address that a person typed."""

from collections.abc import Mapping
from dataclasses import dataclass
import socket
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import CONF_CAPABILITIES, CONF_FAMILY, CONF_IDENTITY
from ..protocols.address import Address, parse_address
from ..protocols.detect import DEFAULT_PORTS, detect
from ..protocols.errors import MinerError
from ..protocols.model import Capabilities, MinerIdentity
from .errors import translation_key


class AddressError(Exception):
    """No miner, or not the right one, is at an address. `key` tells why."""

    def __init__(self, key: str) -> None:
        """Initialize with the key of the text for the form."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMiner:
    """A miner that answered at an address."""

    address: Address
    identity: MinerIdentity
    capabilities: Capabilities

    @property
    def title(self) -> str:
        """Return a name: the miner's own where it has one, else its model.

        The firmware's default names are the same on all miners, so the end of the
        MAC address or of the serial number is added to them.
        """
        name = self.identity.hostname or ""
        if name.lower() not in ("", "bitaxe", "nerdaxe", "nerdqaxe"):
            return name
        if not self.identity.ids:
            return self.identity.model
        end = self.identity.ids[0].replace(":", "")[-4:].upper()
        return f"{self.identity.model} {end}"

    @property
    def location(self) -> dict[str, Any]:
        """Return the entry's data that follow the address."""
        return {
            CONF_HOST: self.address.host,
            CONF_PORT: self.address.port or DEFAULT_PORTS[self.identity.family],
        }

    def is_same_as(self, known: MinerIdentity) -> bool:
        """Return whether this is the miner that was known before."""
        if self.identity.family is not known.family:
            return False
        if not self.identity.ids or not known.ids:
            return self.identity.ids == known.ids
        return not set(self.identity.ids).isdisjoint(known.ids)

    @property
    def entry_data(self) -> dict[str, Any]:
        """Return the data of a new entry."""
        return {
            **self.location,
            CONF_FAMILY: self.identity.family.value,
            CONF_IDENTITY: self.identity.as_dict(),
            CONF_CAPABILITIES: self.capabilities.as_dict(),
        }


async def async_find_miner(hass: HomeAssistant, typed: str) -> FoundMiner:
    """Return the miner at an address, or raise AddressError."""
    try:
        address = parse_address(typed)
    except ValueError as err:
        raise AddressError("invalid_address") from err
    session = async_get_clientsession(hass, family=socket.AF_INET)
    try:
        client = await detect(session, address)
    except MinerError as err:
        raise AddressError(translation_key(err)) from err
    return FoundMiner(
        address=address, identity=client.identity, capabilities=client.capabilities
    )


async def async_find_same_miner(
    hass: HomeAssistant, entry: ConfigEntry, typed: str
) -> FoundMiner:
    """Return the miner of an entry at a new address, or raise AddressError."""
    found = await async_find_miner(hass, typed)
    if not found.is_same_as(MinerIdentity.from_dict(entry.data[CONF_IDENTITY])):
        raise AddressError("other_miner")
    return found


def shown_address(data: Mapping[str, Any]) -> str:
    """Return the address in an entry's data as a person types it."""
    host, port = data[CONF_HOST], data[CONF_PORT]
    return host if port == DEFAULT_PORTS[data[CONF_FAMILY]] else f"{host}:{port}"
