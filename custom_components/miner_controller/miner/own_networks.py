"""The private networks that Home Assistant itself is in."""

from collections.abc import AsyncIterator
from ipaddress import IPv4Interface, IPv4Network

from homeassistant.components import network
from homeassistant.core import HomeAssistant

from ..protocols.private_network import SHORTEST_PREFIX, is_private


async def async_own_networks(hass: HomeAssistant) -> list[IPv4Network]:
    """Return the networks to look for miners in.

    Of a network that is larger than what is searched, it is the part around Home
    Assistant itself.
    """
    found = {
        IPv4Network((own.ip, max(own.network.prefixlen, SHORTEST_PREFIX)), strict=False)
        async for own in _interfaces(hass)
    }
    return sorted(found)


async def async_broadcast_addresses(hass: HomeAssistant) -> list[str]:
    """Return where to send what all devices of the own networks should hear."""
    found = {own.network.broadcast_address async for own in _interfaces(hass)}
    return [str(address) for address in sorted(found) if is_private(address)]


async def _interfaces(hass: HomeAssistant) -> AsyncIterator[IPv4Interface]:
    """Yield the private addresses of Home Assistant's adapters with their networks."""
    for adapter in await network.async_get_adapters(hass):
        if not adapter["enabled"]:
            continue
        for configured in adapter["ipv4"]:
            own = IPv4Interface(
                f"{configured['address']}/{configured['network_prefix']}"
            )
            if is_private(own.ip) and not own.ip.is_loopback:
                yield own
