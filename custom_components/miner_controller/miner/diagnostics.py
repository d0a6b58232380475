"""Diagnostics of a miner, without anything private."""

from dataclasses import asdict
import re
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from ..protocols import mm_fields
from ..protocols.model import MinerStatus
from .coordinator import MinerConfigEntry
from .listening import async_shared_listener

# A reply is kept but for its texts, since a firmware may put anything into a new one.
# These are known to tell nothing about the owner.
_HARMLESS_TEXTS = {
    "ASICModel",
    "BestDiff",
    "BoardType",
    "Description",
    "HashRate",
    "ID",
    "LastDiff",
    "Msg",
    "NetDiff",
    "PoolDiff",
    "Power",
    "STATUS",
    "Share",
    "Status",
    "Uptime",
    "Version",
    "activeProtocol",
    "axeOSVersion",
    "bestDiff",
    "bestDiffEver",
    "bestDiffSession",
    "bestSessionDiff",
    "boardVersion",
    "defaultTheme",
    "deviceModel",
    "display",
    "fwVersion",
    "hardware_fault",
    "hwModel",
    "idfVersion",
    "label",
    "lastDiff",
    "lastResetReason",
    "networkDiff",
    "poolConnectionInfo",
    "poolDiff",
    "power_fault",
    "resetReason",
    "runningPartition",
    "stratumProtocol",
    "fallbackStratumProtocol",
    "verifyBlocked",
    "version",
    "wifiStatus",
}
# Fields in which an Avalon tells words, none of them its owner's.
_HARMLESS_FIELDS = {
    "BVer",
    "CPU",
    "Core",
    "FW",
    "HVer",
    "LVer",
    "Mcu0Ver",
    "STATE",
    "SYSTEMSTATU",
    "Ver",
}
_SERIAL_FIELDS = {"DNA", "HDNA", "SSID"}
_NUMBERS = re.compile(r"[\d\s.,:%x+-]*", re.ASCII)

# A larger number cannot be written as JSON.
_STORABLE_BITS = 63

_PRIVATE_OPTIONS = {CONF_PASSWORD, CONF_USERNAME}

# What routers call their own network.
_HOME_DOMAINS = {"box", "corp", "home", "internal", "lan", "local", "localdomain"}

_IPV4_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", re.ASCII)
_IP_ADDRESS = re.compile(
    rf"{_IPV4_ADDRESS.pattern}|[0-9a-f]{{0,4}}(?::[0-9a-f]{{0,4}}){{2,7}}",
    re.IGNORECASE | re.ASCII,
)


def miner_diagnostics(hass: HomeAssistant, entry: MinerConfigEntry) -> dict[str, Any]:
    """Return what is needed to find out why a miner behaves as it does."""
    coordinator = entry.runtime_data
    identity = coordinator.identity.as_dict()
    identity["hostname"] = identity["serial"] = REDACTED
    if (mac := coordinator.identity.mac) is not None:
        # The first half names the maker of the network chip, not the device.
        identity["mac"] = f"{mac[:8]}:{REDACTED}"
    error = coordinator.last_exception
    reply = coordinator.client.last_reply
    return {
        "options": async_redact_data(entry.options, _PRIVATE_OPTIONS),
        "identity": identity,
        "capabilities": coordinator.capabilities.as_dict(),
        "reachable": coordinator.last_update_success,
        "hashing": coordinator.hashing,
        # The text of an error may name the address.
        "last_error": error and type(error.__cause__ or error).__name__,
        "update_interval": str(coordinator.update_interval),
        "overheat": coordinator.overheat.as_dict(),
        "status": _status(coordinator.data),
        "reply": reply and _without_texts(reply.json()),
        "broadcasts": _broadcasts(hass),
    }


def _broadcasts(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the listener fares that all NMMiners share."""
    listener = async_shared_listener(hass).listener
    return {
        "port": listener.port,
        "listening": listener.listening,
        "miners": len(listener.heard),
        "dropped": {reason.value: count for reason, count in listener.dropped.items()},
    }


def _status(status: MinerStatus | None) -> dict[str, Any] | None:
    """Return a status without the worker's name and a pool's address at home."""
    if status is None:
        return None
    values = asdict(status)
    slots = [*values["pool_slots"], values["active_slot"]]
    for pool in (values["active_pool"], *(slot and slot["pool"] for slot in slots)):
        if pool is not None:
            pool["user"] = REDACTED
            if _is_at_home(pool["host"]):
                pool["host"] = REDACTED
    return values


def _is_at_home(host: str) -> bool:
    """Return whether a host may be in somebody's own network."""
    name, _, domain = host.rpartition(".")
    return (
        _IP_ADDRESS.search(host) is not None
        or not name
        or domain.lower() in _HOME_DOMAINS
    )


def _without_texts(value: Any, key: str = "") -> Any:
    """Return a reply with every text replaced that is not known to be harmless."""
    if isinstance(value, dict):
        return {name: _without_texts(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_texts(item, key) for item in value]
    if isinstance(value, int) and value.bit_length() > _STORABLE_BITS:
        return REDACTED
    if not isinstance(value, str) or not value:
        return value
    if key.startswith("MM ID"):
        return {
            name: item if _is_harmless_field(name, item) else REDACTED
            for name, item in mm_fields.tokenize(value).items()
        }
    return (
        value if key in _HARMLESS_TEXTS and not _IP_ADDRESS.search(value) else REDACTED
    )


def _is_harmless_field(name: str, value: str) -> bool:
    """Return whether a field of an Avalon tells nothing about the owner."""
    if name in _SERIAL_FIELDS or _IPV4_ADDRESS.search(value):
        return False
    return name in _HARMLESS_FIELDS or _NUMBERS.fullmatch(value) is not None
