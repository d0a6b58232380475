"""What Home Assistant's DHCP integration knows of miners that tell little."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import format_mac

# What an NMMiner calls itself. Another device may have had its address before.
_HOSTNAMES: Final = ("nm-", "nmminer")


def is_nmminer_hostname(hostname: str) -> bool:
    """Return whether a host name is one that NMMiners have."""
    return hostname.lower().startswith(_HOSTNAMES)


@callback
def async_mac_at(hass: HomeAssistant, host: str) -> str | None:
    """Return the MAC address of the miner at an address, if it is known for sure."""
    if "dhcp" not in hass.config.components:
        return None
    # It takes long to import, and its libraries are there only where it is set up.
    from homeassistant.components import dhcp  # noqa: PLC0415

    found = {
        format_mac(known.macaddress)
        for known in dhcp.async_discovered_service_info(hass)
        if known.ip == host and is_nmminer_hostname(known.hostname)
    }
    return found.pop() if len(found) == 1 else None
