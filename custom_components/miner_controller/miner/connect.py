"""Finds the miner at an address that a person typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
import socket
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import CONF_CAPABILITIES, CONF_FAMILY, CONF_IDENTITY
from ..protocols.address import Address, parse_address
from ..protocols.client import MinerClient
from ..protocols.detect import DEFAULT_PORTS, HTTP_PORT, detect
from ..protocols.errors import MinerConnectionError, MinerError, MinerProtocolError
from ..protocols.model import MinerFamily, MinerIdentity
from ..protocols.nmminer import NMMinerClient
from ..protocols.nmminer_values import with_known
from .dhcp_data import async_mac_at
from .entries import async_entry_at, async_entry_with_id, entry_identity
from .errors import translation_key
from .listening import async_shared_listener, listening


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
    client: MinerClient
    hashrate: float | None = None

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
            return f"{self.identity.model} ({self._short_host})"
        end = self.identity.ids[0].replace(":", "")[-4:].upper()
        return f"{self.identity.model} {end}"

    @property
    def _short_host(self) -> str:
        """Return what tells several miners of a model apart that tell no id."""
        name, _, end = self.address.host.rpartition(".")
        return f".{end}" if end.isdecimal() else name.partition(".")[0] or end

    @property
    def tells_id(self) -> bool:
        """Return whether the miner itself tells what no other miner has."""
        return bool(self.identity.ids) and self.identity.family is not (
            MinerFamily.NMMINER
        )

    @property
    def port(self) -> int:
        """Return the port."""
        return self.address.port or DEFAULT_PORTS[self.identity.family]

    @property
    def hosts(self) -> set[str]:
        """Return what the miner's host is called: its name and its address."""
        known = {self.address.host, self.client.present_address}
        return {host for host in known if host}

    @property
    def location(self) -> dict[str, Any]:
        """Return the entry's data that follow the address."""
        return {CONF_HOST: self.address.host, CONF_PORT: self.port}

    @property
    def entry_data(self) -> dict[str, Any]:
        """Return the data of a new entry."""
        return {
            **self.location,
            CONF_FAMILY: self.identity.family.value,
            CONF_IDENTITY: self.identity.as_dict(),
            CONF_CAPABILITIES: self.client.capabilities.as_dict(),
        }


async def async_find_miner(hass: HomeAssistant, typed: str) -> FoundMiner:
    """Return the miner at an address, or raise AddressError."""
    try:
        address = parse_address(typed)
    except ValueError as err:
        raise AddressError("invalid_address") from err
    return await _async_detect(hass, address)


async def async_find_miner_at(hass: HomeAssistant, address: Address) -> FoundMiner:
    """Return the miner at an address with its hashrate, or raise AddressError."""
    return await _async_detect(hass, address, with_hashrate=True)


async def _async_detect(
    hass: HomeAssistant, address: Address, *, with_hashrate: bool = False
) -> FoundMiner:
    """Return the miner that answers or broadcasts at an address, or raise AddressError.

    The hashrate takes another question.
    """
    session = async_get_clientsession(hass, family=socket.AF_INET)
    try:
        with listening(hass) as listener:
            client = await detect(session, address, listener)
            hashrate = await _hashrate(client) if with_hashrate else None
    except (MinerConnectionError, MinerProtocolError) as err:
        heard = async_shared_listener(hass).problem is None
        raise AddressError(translation_key(err) if heard else "cannot_hear") from err
    except MinerError as err:
        raise AddressError(translation_key(err)) from err
    return _found(hass, address, client, hashrate)


async def async_hear_miner_at(hass: HomeAssistant, host: str) -> FoundMiner:
    """Return the miner that broadcasts from an address, or raise AddressError."""
    session = async_get_clientsession(hass, family=socket.AF_INET)
    with listening(hass) as listener:
        client = NMMinerClient(session, host, HTTP_PORT, listener)
        try:
            status = await client.hear()
        except MinerError as err:
            raise AddressError(translation_key(err)) from err
    return _found(hass, Address(host=host), client, status.hashrate)


def _found(
    hass: HomeAssistant, address: Address, client: MinerClient, hashrate: float | None
) -> FoundMiner:
    """Return what was found.

    The MAC address of a miner that tells no id comes from Home Assistant's DHCP data
    where these know it.
    """
    identity = client.identity
    if not identity.ids and (mac := async_mac_at(hass, address.host)):
        identity = replace(identity, mac=mac)
    return FoundMiner(
        address=address, identity=identity, client=client, hashrate=hashrate
    )


async def _hashrate(client: MinerClient) -> float | None:
    """Return the hashrate, which is nice to know of a miner that is found."""
    try:
        return (await client.fetch()).hashrate
    except MinerError:
        return None


async def async_find_same_miner(
    hass: HomeAssistant, entry: ConfigEntry, typed: str
) -> FoundMiner:
    """Return the miner of an entry at a new address, or raise AddressError."""
    found = await async_find_miner(hass, typed)
    known = entry_identity(entry)
    if not is_same_miner(found.identity, known):
        raise AddressError("other_miner")
    others = [async_entry_with_id(hass, found.identity.ids)]
    if not found.tells_id:
        # Nothing but its address tells such a miner from others.
        others += [async_entry_at(hass, host, found.port) for host in found.hosts]
    if any(other not in (None, entry) for other in others):
        raise AddressError("other_miner")
    if known.family is MinerFamily.NMMINER:
        found = replace(found, identity=with_known(found.identity, known))
    return found


def is_same_miner(found: MinerIdentity, known: MinerIdentity) -> bool:
    """Return whether a miner may be the one that was known before."""
    if found.family is not known.family:
        return False
    if found.family is MinerFamily.NMMINER and not (found.mac and known.mac):
        # It tells no id. Its MAC address may have become known on one side.
        return True
    if not found.ids and not known.ids:
        return True
    return not set(found.ids).isdisjoint(known.ids)


def shown_address(data: Mapping[str, Any]) -> str:
    """Return the address in an entry's data as a person types it."""
    return address_at(data[CONF_HOST], data[CONF_PORT], data[CONF_FAMILY])


def address_at(host: str, port: int, family: MinerFamily) -> str:
    """Return an address as a person types it, without the port that is usual."""
    return host if port == DEFAULT_PORTS[family] else f"{host}:{port}"
