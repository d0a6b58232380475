"""The groups of settings that firmware 2 of NMMiner takes over HTTP."""

from collections.abc import Callable
from functools import partial

from simulator.nmminer.settings import (
    POOL_KEYS,
    ROTATIONS,
    SAVER_MODES,
    SAVER_TIMES,
    WIFI_KEYS,
    is_brightness,
    is_text,
    is_timezone,
)
from simulator.wire import JsonObject

type Check = Callable[[object], bool]


def _one_of(*known: object) -> Check:
    """Return a check for one of some values, of which 1 and true are not the same."""
    return lambda value: any(
        type(value) is type(each) and value == each for each in known
    )


# The keys of the network and of the time are not documented: those of the older
# firmware's datagrams are taken to be still in use.
GROUPS: dict[str, dict[str, Check]] = {
    "network": dict.fromkeys(("HostName", *WIFI_KEYS), is_text),
    "mining": dict.fromkeys(POOL_KEYS, is_text),
    "time": {"Timezone": is_timezone},
    "preference": {
        "Brightness": partial(is_brightness, lowest=1),
        "RotateScreen": _one_of(*ROTATIONS),
        "LedEnable": _one_of(0, 1),
        "ScreenSaver": _one_of(*SAVER_TIMES),
        "ScreenSaverMode": _one_of(*SAVER_MODES),
        "LadderEnable": _one_of(0, 1),
    },
}


def show(group: str, settings: JsonObject) -> JsonObject:
    """Return the settings of a group, the Wi-Fi's secret among them."""
    return {key: settings[key] for key in GROUPS[group]}


def change(group: str, content: JsonObject, settings: JsonObject) -> None:
    """Change the settings of a group that are there and have a possible value.

    What happens to an impossible value is not documented; here it is ignored.
    """
    for key, check in GROUPS[group].items():
        if key in content and check(content[key]):
            settings[key] = content[key]
