"""The fields of a NerdQAxe++'s /api/system/info, by firmware version."""

from simulator.firmware import Field, Version
from simulator.nerdqaxe import board
from simulator.nerdqaxe.state import NerdQAxeState
from simulator.nerdqaxe.stratum import stratum_report
from simulator.wire import JsonObject, decimals, difficulty_text, number

type F = Field[NerdQAxeState]

OBJECT_SINCE: Version = (1, 0, 35)
_CURRENT_SINCE: Version = (1, 0, 36)
_FANS_SINCE: Version = (1, 0, 37)
# Up to this version the longer averages repeat the one of ten minutes.
_TRUE_AVERAGES_SINCE: Version = (1, 0, 32)


def _hashrate(state: NerdQAxeState, window: str) -> int | float:
    """Return an average hashrate; a shut down device reports none."""
    return 0 if state.shutdown else decimals(state.model.averages[window], 3)


def _pid(state: NerdQAxeState) -> JsonObject:
    """Return how the first fan is steered."""
    settings = state.settings
    return {
        "targetTemp": settings.pid_target,
        "p": number(settings.pid_p),
        "i": number(settings.pid_i),
        "d": number(settings.pid_d),
    }


def _fans(state: NerdQAxeState) -> list[JsonObject]:
    """Return both fans, each with its own mode."""
    settings = state.settings
    return [
        {
            "label": "front",
            "mode": settings.autofan,
            "manualSpeed": settings.manual_fan,
            "overheatTemp": settings.overheat_temperature,
            "rpm": state.model.fan_rpm,
            "speedPerc": round(state.model.fan_percent),
            "pid": _pid(state),
        },
        {
            "label": "rear",
            "mode": settings.second_fan_mode,
            "manualSpeed": settings.second_fan,
            "overheatTemp": 80,
            "rpm": _second_rpm(state),
            "speedPerc": round(state.second_fan_percent),
            "pid": {"targetTemp": 65, "p": 6, "i": 0.1, "d": 10},
        },
    ]


def _second_rpm(state: NerdQAxeState) -> int:
    """Return the speed of the second fan."""
    return round(board.HARDWARE.fan_rpm * 1.15 * state.second_fan_percent / 100)


MEASURED_FIELDS: tuple[F, ...] = (
    Field(name="power", make=lambda s: decimals(s.model.power, 4)),
    Field(name="maxPower", make=lambda _: board.POWER_RANGE[1]),
    Field(name="minPower", make=lambda _: board.POWER_RANGE[0]),
    Field(name="voltage", make=lambda s: decimals(s.model.input_voltage, 1)),
    Field(name="maxVoltage", make=lambda _: board.SUPPLY_RANGE[1]),
    Field(name="minVoltage", make=lambda _: board.SUPPLY_RANGE[0]),
    Field(name="current", make=lambda s: decimals(s.current, 1)),
    Field(
        name="currentA",
        since=_CURRENT_SINCE,
        make=lambda s: decimals(s.current / 1000, 4),
    ),
    Field(
        name="minCurrentA", since=_CURRENT_SINCE, make=lambda _: board.CURRENT_RANGE[0]
    ),
    Field(
        name="maxCurrentA", since=_CURRENT_SINCE, make=lambda _: board.CURRENT_RANGE[1]
    ),
    Field(name="temp", make=lambda s: decimals(s.model.chip_temperature, 4)),
    Field(name="vrTemp", make=lambda s: decimals(s.model.vr_temperature, 4)),
    Field(name="vrTempInt", make=lambda s: decimals(s.model.vr_temperature + 3, 2)),
    Field(name="asicTemps", make=lambda _: [0] * board.HARDWARE.chips),
    Field(name="fanspeed", make=lambda s: round(s.model.fan_percent)),
    Field(name="fanrpm", make=lambda s: s.model.fan_rpm),
    Field(name="fanrpm2", since=_CURRENT_SINCE, make=_second_rpm),
    Field(
        name="fanspeed2",
        since=_FANS_SINCE,
        make=lambda s: round(s.second_fan_percent),
    ),
    Field(name="fanCount", since=_CURRENT_SINCE, make=lambda _: 2),
    Field(name="fans", since=_FANS_SINCE, make=_fans),
    Field(name="coreVoltageActual", make=lambda s: round(s.model.core_voltage_actual)),
)

HASHING_FIELDS: tuple[F, ...] = (
    Field(name="hashRateTimestamp", make=lambda s: int(s.uptime * 1000)),
    Field(
        name="hashRate",
        make=lambda s: 0 if s.shutdown else decimals(s.model.hashrate, 3),
    ),
    Field(name="hashRate_1m", since=(1, 0, 31), make=lambda s: _hashrate(s, "1m")),
    Field(name="hashRate_10m", make=lambda s: _hashrate(s, "10m")),
    Field(
        name="hashRate_1h",
        make=lambda s: _hashrate(
            s, "1h" if s.version >= _TRUE_AVERAGES_SINCE else "10m"
        ),
    ),
    Field(
        name="hashRate_1d",
        make=lambda s: _hashrate(
            s, "1d" if s.version >= _TRUE_AVERAGES_SINCE else "10m"
        ),
    ),
    Field(name="shutdown", since=OBJECT_SINCE, make=lambda s: s.shutdown),
    Field(name="duplicateHWNonces", since=OBJECT_SINCE, make=lambda _: 0),
    Field(name="sharesAccepted", make=lambda s: s.model.shares.accepted),
    Field(name="sharesRejected", make=lambda s: s.model.shares.rejected),
    Field(
        name="bestDiff",
        until=OBJECT_SINCE,
        make=lambda s: difficulty_text(s.model.shares.best_ever),
    ),
    Field(
        name="bestDiff",
        since=OBJECT_SINCE,
        make=lambda s: int(s.model.shares.best_ever),
    ),
    Field(
        name="bestSessionDiff",
        until=OBJECT_SINCE,
        make=lambda s: difficulty_text(s.model.shares.best_session),
    ),
    Field(
        name="bestSessionDiff",
        since=OBJECT_SINCE,
        make=lambda s: int(s.model.shares.best_session),
    ),
    Field(
        name="poolDifficulty",
        make=lambda s: number(s.model.pool_difficulty) if s.ready else 0,
    ),
    Field(
        name="networkDifficulty",
        since=_FANS_SINCE,
        make=lambda s: number(s.model.network_difficulty) if s.ready else 0,
    ),
    Field(name="foundBlocks", since=(1, 0, 33), make=lambda s: s.model.blocks_found),
    Field(
        name="totalFoundBlocks",
        since=(1, 0, 33),
        make=lambda s: s.model.shares.blocks_found_ever,
    ),
    Field(
        name="isStratumConnected",
        since=(1, 0, 29),
        until=OBJECT_SINCE,
        make=lambda s: s.ready,
    ),
    Field(
        name="isUsingFallbackStratum",
        until=OBJECT_SINCE,
        make=lambda s: int(s.using_fallback),
    ),
    Field(name="stratum", since=OBJECT_SINCE, make=stratum_report),
    Field(name="lastpingrtt", make=lambda s: decimals(s.model.ping_ms, 9)),
    Field(name="recentpingloss", make=lambda _: 0),
)

SYSTEM_FIELDS: tuple[F, ...] = (
    Field(name="asicCount", make=lambda _: board.HARDWARE.chips),
    Field(name="smallCoreCount", make=lambda _: board.HARDWARE.cores),
    Field(name="deviceModel", make=lambda _: board.MODEL),
    Field(name="ASICModel", make=lambda _: board.CHIP),
    Field(name="hostip", make=lambda s: s.address),
    Field(name="macAddr", make=lambda s: s.mac),
    Field(name="wifiRSSI", since=(1, 0, 31), make=lambda s: round(s.model.wifi_rssi)),
    Field(name="wifiStatus", make=lambda _: "WiFi Connected!"),
    Field(name="uptimeSeconds", make=lambda s: int(s.uptime)),
    Field(name="lastResetReason", make=lambda s: s.reset_reason),
    Field(name="freeHeap", make=lambda s: s.free_heap),
    Field(name="freeHeapInt", make=lambda _: 131_072),
    Field(name="version", make=lambda s: f"v{s.firmware}"),
    Field(name="runningPartition", make=lambda _: "ota_1"),
    Field(name="defaultTheme", make=lambda _: "cosmic"),
    Field(name="otp", since=(1, 0, 34), make=lambda s: s.otp),
)
