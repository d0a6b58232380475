"""What an NMMiner keeps in flash, by the names that both its interfaces use."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from simulator.identity import (
    FALLBACK_HOST,
    FALLBACK_PORT,
    POOL_HOST,
    POOL_PORT,
    WIFI_NAME,
    pool_user,
)
from simulator.wire import JsonObject

WIFI_KEYS = ("WiFiSSID", "WiFiPWD")
POOL_KEYS = (
    "PrimaryPool",
    "PrimaryPassword",
    "PrimaryAddress",
    "SecondaryPool",
    "SecondaryPassword",
    "SecondaryAddress",
)
ROTATIONS = (0, 90, 180, 270)
SAVER_TIMES = ("off", "1m", "5m", "30m")
SAVER_MODES = ("image", "black")

# What nobody should ever see in a log, and everybody on the network does see.
WIFI_SECRET = "made-up wireless secret"  # noqa: S105


def factory_settings(hostname: str) -> JsonObject:
    """Return the settings of a device that mines for its new owner."""
    user = pool_user(hostname)
    return {
        "HostName": hostname,
        "WiFiSSID": WIFI_NAME,
        "WiFiPWD": WIFI_SECRET,
        "PrimaryPool": f"stratum+tcp://{POOL_HOST}:{POOL_PORT}",
        "PrimaryPassword": "x",
        "PrimaryAddress": user,
        "SecondaryPool": f"stratum+tcp://{FALLBACK_HOST}:{FALLBACK_PORT}",
        "SecondaryPassword": "x",
        "SecondaryAddress": user,
        "Timezone": 1,
        "UIRefresh": 2,
        "ScreenTimeout": 60,
        "Brightness": 100,
        "SaveUptime": True,
        "LedEnable": True,
        "RotateScreen": False,
        "BTCPrice": False,
        "AutoBrightness": False,
    }


def http_settings(hostname: str, older: Mapping[str, Any] | None) -> JsonObject:
    """Return the settings of firmware 2, which are of other types in part.

    An update keeps the name, the Wi-Fi, the pools and the time zone; that it does is
    not verified.
    """
    kept = ("HostName", *WIFI_KEYS, *POOL_KEYS, "Timezone", "Brightness")
    made = factory_settings(hostname)
    made = {key: made[key] for key in kept}
    if older is not None:
        made |= {key: older[key] for key in kept if key in older}
    return made | {
        "RotateScreen": 0,
        "LedEnable": 1,
        "ScreenSaver": "5m",
        "ScreenSaverMode": "image",
        "LadderEnable": 0,
    }


def endpoint(url: str) -> str:
    """Return the host and the port of a pool's address."""
    return url.rpartition("://")[2].rstrip("/")


def is_text(value: object) -> bool:
    """Tell whether a value is a string."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """Tell whether a value is a boolean."""
    return isinstance(value, bool)


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_duration(value: object) -> bool:
    """Tell whether a value is a number of seconds."""
    return is_whole(value) and value >= 0


def is_timezone(value: object) -> bool:
    """Tell whether a value is a time zone, in hours from Greenwich."""
    return is_whole(value) and -12 <= value <= 14


def is_brightness(value: object, lowest: int = 0) -> bool:
    """Tell whether a value is a brightness in per cent."""
    return is_whole(value) and lowest <= value <= 100
