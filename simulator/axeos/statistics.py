"""The log of past values that AxeOS keeps in memory from 2.8 on."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.wire import JsonObject, float32

if TYPE_CHECKING:
    from simulator.axeos.state import AxeOSState
    from simulator.firmware import Version

LIMIT = 720

type _Reader = Callable[["AxeOSState"], float]

_AVERAGES_SINCE: Version = (2, 12)
_COLUMNS: dict[str, tuple[Version, _Reader]] = {
    "hashrate": ((2, 8), lambda state: state.model.hashrate),
    "hashrate_1m": (_AVERAGES_SINCE, lambda state: state.model.averages["1m"]),
    "hashrate_10m": (_AVERAGES_SINCE, lambda state: state.model.averages["10m"]),
    "hashrate_1h": (_AVERAGES_SINCE, lambda state: state.model.averages["1h"]),
    "errorPercentage": ((2, 11), lambda state: state.model.errors),
    "asicTemp": ((2, 8), lambda state: state.chip_temperature),
    "asicTemp2": ((2, 10), lambda _: -1.0),
    "vrTemp": ((2, 8), lambda state: state.vr_temperature),
    "asicVoltage": ((2, 8), lambda state: round(state.model.core_voltage_actual)),
    "voltage": ((2, 8), lambda state: state.model.input_voltage),
    "power": ((2, 8), lambda state: state.model.power),
    "current": ((2, 8), lambda state: state.current),
    "fanSpeed": ((2, 8), lambda state: state.model.fan_percent),
    "fanRpm": ((2, 8), lambda state: state.model.fan_rpm),
    "fan2Rpm": ((2, 11), lambda _: 0.0),
    "wifiRssi": ((2, 8), lambda state: state.model.wifi_rssi),
    "freeHeap": ((2, 8), lambda state: state.free_heap),
    "responseTime": ((2, 9), lambda state: state.model.ping_ms),
}


class StatisticsLog:
    """Keep a row of values every so many seconds, if the owner wants it."""

    def __init__(self) -> None:
        """Begin empty."""
        self._rows: deque[tuple[int, dict[str, float]]] = deque(maxlen=LIMIT)
        self._due = 0.0

    def clear(self) -> None:
        """Forget everything, as a reboot does."""
        self._rows.clear()
        self._due = 0.0

    def record(self, state: AxeOSState) -> None:
        """Take a row if it is time for one."""
        every = state.settings.stats_frequency
        if every <= 0 or state.uptime < self._due:
            return
        self._due = state.uptime + every
        row = {
            name: read(state)
            for name, (since, read) in _COLUMNS.items()
            if state.version >= since
        }
        self._rows.append((int(state.uptime * 1000), row))

    def reply(self, state: AxeOSState, columns: list[str] | None) -> JsonObject:
        """Return the rows, only the wanted columns, each ending with its time."""
        known = [
            name for name, (since, _) in _COLUMNS.items() if state.version >= since
        ]
        chosen = [name for name in known if columns is None or name in columns]
        return {
            "currentTimestamp": int(state.uptime * 1000),
            "labels": [*chosen, "timestamp"],
            "statistics": [
                [*(float32(row[name]) for name in chosen), taken]
                for taken, row in self._rows
            ],
        }
