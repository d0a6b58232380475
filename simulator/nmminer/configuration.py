"""What a configuration datagram does to an NMMiner."""

from collections.abc import Callable
import json

from simulator.nmminer.settings import (
    POOL_KEYS,
    WIFI_KEYS,
    is_brightness,
    is_duration,
    is_flag,
    is_text,
    is_timezone,
)
from simulator.wire import JsonObject

EVERY_DEVICE = "0.0.0.0"

_CHECKS: dict[str, Callable[[object], bool]] = {
    **dict.fromkeys((*WIFI_KEYS, *POOL_KEYS), is_text),
    "Timezone": is_timezone,
    "UIRefresh": is_duration,
    "ScreenTimeout": is_duration,
    "Brightness": is_brightness,
    **dict.fromkeys(
        ("SaveUptime", "LedEnable", "RotateScreen", "BTCPrice", "AutoBrightness"),
        is_flag,
    ),
}


def parse(data: bytes) -> JsonObject | None:
    """Return the JSON object in a datagram, or None if there is none."""
    try:
        content = json.loads(data)
    except ValueError, RecursionError:
        return None
    return content if isinstance(content, dict) else None


def is_meant_for(content: JsonObject, address: str) -> bool:
    """Tell whether a configuration is for the device at an address.

    One that names no address is ignored; that the firmware does so is not verified.
    """
    return content.get("IP") in (address, EVERY_DEVICE)


def apply(content: JsonObject, settings: JsonObject) -> None:
    """Change the settings that are there and of the right type; ignore the rest."""
    for key, check in _CHECKS.items():
        if key in content and check(content[key]):
            settings[key] = content[key]


def broadcast_content(settings: JsonObject, address: str) -> JsonObject:
    """Return what a device tells everybody of its configuration, secrets included."""
    return {"IP": address, **{key: settings[key] for key in _CHECKS}}
