"""What AxeOS is and is set to: the fields of /api/system/info."""

from simulator.axeos.state import AxeOSState
from simulator.axeos.statistics import LIMIT
from simulator.firmware import Field
from simulator.wire import JsonObject, float32

type F = Field[AxeOSState]

_STATS_HOURS = 1


def _release(state: AxeOSState) -> str:
    """Return the version as the device writes it."""
    return f"v{state.version[0]}.{state.version[1]}.0"


def _partitions(state: AxeOSState) -> list[JsonObject]:
    """List the firmware images in flash."""
    images = (
        ("factory", "v2.4.0", True, False),
        ("ota_0", _release(state), False, True),
        ("ota_1", "v2.12.0", False, False),
    )
    return [
        {
            "label": label,
            "version": version,
            "compileDate": "Aug  3 2026",
            "compileTime": "09:30:00",
            "isCurrent": current,
            "isFactory": factory,
            "usagePercent": 61,
        }
        for label, version, factory, current in images
    ]


IDENTITY_FIELDS: tuple[F, ...] = (
    Field(name="version", make=_release),
    Field(name="axeOSVersion", since=(2, 9), make=_release),
    Field(name="idfVersion", since=(2, 4), make=lambda _: "v5.5.1"),
    Field(name="boardVersion", make=lambda s: s.board.version),
    Field(name="ASICModel", make=lambda s: s.board.chip),
    Field(
        name="asicCount",
        since=(2, 2),
        until=(2, 9),
        make=lambda s: s.board.hardware.chips,
    ),
    Field(name="smallCoreCount", since=(2, 2), make=lambda s: s.board.hardware.cores),
    Field(name="maxPower", since=(2, 6), make=lambda s: s.board.maximum_power),
    Field(name="nominalVoltage", since=(2, 6), make=lambda s: s.board.nominal_voltage),
    Field(name="isPSRAMAvailable", since=(2, 6), make=lambda _: 1),
    Field(name="resetReason", since=(2, 12), make=lambda s: s.reset_reason),
    Field(name="runningPartition", make=lambda _: "ota_0"),
    Field(name="partitions", since=(2, 15), make=_partitions),
    Field(name="useCustomWWW", since=(2, 15), make=lambda _: 0),
    Field(name="macAddr", since=(2, 3), make=lambda s: s.mac),
    Field(name="hostname", since=(2, 2), make=lambda s: s.settings.hostname),
    Field(
        name="fullHostname", since=(2, 15), make=lambda s: f"{s.settings.hostname}.lan"
    ),
    Field(
        name="mdnsHostname",
        since=(2, 15),
        make=lambda s: f"{s.settings.hostname}.local",
    ),
    Field(name="ssid", make=lambda s: s.settings.ssid),
    Field(name="wifiStatus", make=lambda _: "Connected!"),
    Field(name="apEnabled", since=(2, 6), make=lambda _: 0),
    Field(name="ipv4", since=(2, 11), make=lambda s: s.address),
    Field(name="ipv6", since=(2, 11), make=lambda _: "fe80::5851:ff:fe00:1"),
)

SETTING_FIELDS: tuple[F, ...] = (
    Field(name="frequency", make=lambda s: float32(s.settings.frequency)),
    Field(name="coreVoltage", make=lambda s: s.settings.core_voltage),
    Field(name="autofanspeed", make=lambda s: int(s.settings.autofan)),
    Field(name="manualFanSpeed", since=(2, 11), make=lambda s: s.settings.manual_fan),
    Field(name="minFanSpeed", since=(2, 10), make=lambda s: s.settings.minimum_fan),
    Field(
        name="temptarget",
        since=(2, 7),
        make=lambda s: s.settings.target_temperature,
    ),
    Field(
        name="overheat_mode",
        since=(2, 2),
        make=lambda s: int(s.settings.overheat_mode),
    ),
    Field(
        name="overclockEnabled",
        since=(2, 6),
        make=lambda s: int(s.settings.overclock),
    ),
    Field(
        name="invertfanpolarity",
        until=(2, 7),
        make=lambda s: int(s.settings.invert_fan_polarity),
    ),
    Field(name="flipscreen", until=(2, 9), make=lambda s: int(s.settings.flip_screen)),
    Field(name="invertscreen", make=lambda s: int(s.settings.invert_screen)),
    Field(name="rotation", since=(2, 9), make=lambda s: s.settings.rotation),
    Field(name="display", since=(2, 8), make=lambda s: s.settings.display),
    Field(
        name="displayTimeout", since=(2, 7), make=lambda s: s.settings.display_timeout
    ),
    Field(name="statsLimit", since=(2, 8), until=(2, 9), make=lambda _: LIMIT),
    Field(
        name="statsDuration", since=(2, 8), until=(2, 9), make=lambda _: _STATS_HOURS
    ),
    Field(
        name="statsFrequency", since=(2, 9), make=lambda s: s.settings.stats_frequency
    ),
    Field(name="statsLimit", since=(2, 14), make=lambda _: LIMIT),
)


CONFIGURED_FIELDS = (*IDENTITY_FIELDS, *SETTING_FIELDS)
