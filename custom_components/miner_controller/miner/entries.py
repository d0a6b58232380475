"""Finds miners among the config entries, and keeps what an entry knows true."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import CONF_IDENTITY, DOMAIN
from ..protocols.model import MinerIdentity
from ..protocols.private_network import is_private_address
from .issues import MinerIssue


def miner_connections(identity: MinerIdentity) -> set[tuple[str, str]]:
    """Return what other integrations may know the miner by."""
    return {(dr.CONNECTION_NETWORK_MAC, identity.mac)} if identity.mac else set()


def entry_identity(entry: ConfigEntry) -> MinerIdentity:
    """Return who the miner of an entry is."""
    return MinerIdentity.from_dict(entry.data[CONF_IDENTITY])


@callback
def async_miner_entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the entries of all miners that were added."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.source != SOURCE_IGNORE and CONF_IDENTITY in entry.data
    ]


@callback
def async_entry_with_id(hass: HomeAssistant, ids: Iterable[str]) -> ConfigEntry | None:
    """Return the entry of the miner that any of these ids belong to."""
    wanted = set(ids)
    return next(
        (
            entry
            for entry in async_miner_entries(hass)
            if entry.unique_id in wanted
            or not wanted.isdisjoint(entry_identity(entry).ids)
        ),
        None,
    )


@callback
def async_entry_with_mac(hass: HomeAssistant, mac: str) -> ConfigEntry | None:
    """Return the entry of the miner with a MAC address.

    The device registry knows addresses that are no id, such as that of a web page.
    """
    if (entry := async_entry_with_id(hass, (mac,))) is not None:
        return entry
    # A router's integration may have a device of its own with the same address.
    owners = {
        device.config_entry_id
        for device in dr.async_get(hass).async_get_devices(
            connections={(dr.CONNECTION_NETWORK_MAC, mac)}
        )
    }
    return next(
        (entry for entry in async_miner_entries(hass) if entry.entry_id in owners), None
    )


@callback
def async_entry_at(
    hass: HomeAssistant, host: str, port: int | None = None
) -> ConfigEntry | None:
    """Return the entry of the miner that is expected at a host, at any port or one."""
    return next(
        (
            entry
            for entry in async_miner_entries(hass)
            if host in (entry.data[CONF_HOST], async_present_address(entry))
            and port in (None, entry.data[CONF_PORT])
        ),
        None,
    )


@callback
def async_device_id(hass: HomeAssistant, entry: ConfigEntry) -> str | None:
    """Return the id of the device of a miner, which it has once it was set up."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return devices[0].id if devices else None


@callback
def async_present_address(entry: ConfigEntry) -> str | None:
    """Return the address that the name of a miner led to, where it was looked up."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    address: str | None = entry.runtime_data.client.present_address
    return address


@callback
def async_is_reachable(entry: ConfigEntry) -> bool:
    """Return whether the miner of an entry answers."""
    return entry.state is ConfigEntryState.LOADED and bool(
        entry.runtime_data.last_update_success
    )


@callback
def async_is_away(entry: ConfigEntry) -> bool:
    """Return whether the miner of an entry that is set up does not answer."""
    return entry.state is ConfigEntryState.LOADED and not async_is_reachable(entry)


@callback
def async_learn_mac(entry: ConfigEntry, mac: str) -> None:
    """Keep the MAC address of a miner that does not tell it itself.

    The next status has it stored. The ids of entities stay what they are.
    """
    client = entry.runtime_data.client
    client.identity = replace(client.identity, mac=mac)


@callback
def async_raise_if_replaced(entry: ConfigEntry) -> None:
    """Raise the repair of a miner that is away, when another is at its address."""
    if async_is_away(entry):
        entry.runtime_data.issues.async_raise(MinerIssue.WRONG_DEVICE)


@callback
def async_follow_address(
    hass: HomeAssistant, entry: ConfigEntry, location: dict[str, Any]
) -> None:
    """Follow a miner to where it was seen.

    A name that somebody typed stays: it follows the miner by itself.
    """
    if location.items() <= entry.data.items():
        return
    if not is_private_address(entry.data[CONF_HOST]):
        return
    hass.config_entries.async_update_entry(entry, data={**entry.data, **location})
    if entry.state is not ConfigEntryState.NOT_LOADED:
        hass.config_entries.async_schedule_reload(entry.entry_id)
