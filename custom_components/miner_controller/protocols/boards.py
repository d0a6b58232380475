"""Frequency and core voltage ladders of ASIC boards, and the work modes they allow.

Frequencies in MHz, core voltages in mV as the firmware has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import parse
from .model import Capabilities, Range, WorkMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The values that a board's firmware offers, its defaults and what bounds them.

    `eco` is a pair that is known to run well at low power, for the chip or, where
    the board reports one, for the board. `maximum` is the absolute maximum pair
    that the board reports, if it does.
    """

    frequencies: tuple[float, ...]
    core_voltages: tuple[float, ...]
    default: tuple[float, float]
    eco: tuple[float, float] | None = None
    maximum: tuple[float, float] | None = None


# What the firmware offers for each chip (device_config in ESP-Miner). It is what
# counts for firmware that has no /api/system/asic yet.
_AXEOS_LADDERS: dict[str, Ladder] = {
    "BM1366": Ladder(
        frequencies=(400, 425, 450, 475, 485, 500, 525, 550, 575),
        core_voltages=(1100, 1150, 1200, 1250, 1300),
        default=(485, 1200),
    ),
    "BM1368": Ladder(
        frequencies=(400, 425, 450, 475, 485, 490, 500, 525, 550, 575),
        core_voltages=(1100, 1150, 1166, 1200, 1250, 1300),
        default=(490, 1166),
    ),
    "BM1370": Ladder(
        frequencies=(400, 490, 525, 550, 600, 625),
        core_voltages=(1000, 1060, 1100, 1150, 1200, 1250),
        default=(525, 1150),
    ),
    "BM1397": Ladder(
        frequencies=(400, 425, 450, 475, 485, 500, 525, 550, 575, 600),
        core_voltages=(1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500),
        default=(425, 1400),
    ),
}

_NERDQAXE_LADDERS: dict[str, Ladder] = {
    "NerdQAxe++": Ladder(
        frequencies=(500, 515, 525, 550, 575, 590, 600),
        core_voltages=(1120, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200),
        default=(600, 1150),
        maximum=(800, 1400),
    ),
}

# One pair a chip for low power. Where a board's ladder does not reach down to it,
# the bottom of the ladder takes its place.
_ECO_PAIRS: dict[str, tuple[float, float]] = {
    "BM1366": (400, 1100),
    "BM1368": (400, 1100),
    "BM1370": (400, 1100),
    "BM1397": (400, 1300),
}

# The modes that owners of a single BM1370 board know by these names. The firmware
# takes 575 MHz although its own list skips it.
_GAMMA_DEFAULT: tuple[float, float] = (525, 1150)
_GAMMA_MODES = {
    "eco": (400, 1100),
    "standard": _GAMMA_DEFAULT,
    "turbo": (575, 1200),
    "oc": (625, 1250),
}

# AxeOS itself would take any value up to 65535. These bounds are what tuners of
# the chip keep to; a chip without bounds here stays inside its ladder.
_HARD_LIMITS: dict[str, tuple[Range, Range]] = {
    "BM1370": (Range(minimum=400, maximum=800), Range(minimum=1000, maximum=1400)),
}


def axeos_ladder(chip: str | None) -> Ladder | None:
    """Return what AxeOS offers for a chip, or None for a chip that is not known."""
    return _AXEOS_LADDERS.get(chip or "")


def nerdqaxe_ladder(model: str | None) -> Ladder | None:
    """Return what NerdQAxe firmware offers for a board, or None if not known."""
    return _NERDQAXE_LADDERS.get(model or "")


def reported_ladder(asic: Mapping[str, Any]) -> Ladder | None:
    """Return the ladder in a reply of /api/system/asic, or None if it lacks parts."""
    frequencies = tuple(
        item for item in parse.numbers(asic, "frequencyOptions") if item
    )
    core_voltages = tuple(
        item for item in parse.numbers(asic, "voltageOptions") if item
    )
    default = _pair(asic, "defaultFrequency", "defaultVoltage")
    if not frequencies or not core_voltages or default is None:
        return None
    return Ladder(
        frequencies=frequencies,
        core_voltages=core_voltages,
        default=default,
        eco=_pair(asic, "ecoFrequency", "ecoVoltage"),
        maximum=_pair(asic, "absMaxFrequency", "absMaxVoltage"),
    )


def _pair(
    asic: Mapping[str, Any], frequency_key: str, voltage_key: str
) -> tuple[float, float] | None:
    """Return a pair of which neither value is missing or zero."""
    frequency = parse.positive(asic, frequency_key, maximum=65535)
    core_voltage = parse.positive(asic, voltage_key, maximum=65535)
    return (frequency, core_voltage) if frequency and core_voltage else None


def ladder_capabilities(ladder: Ladder | None, chip: str | None) -> Capabilities:
    """Return ranges and work modes for a board, none of them without a ladder."""
    if ladder is None:
        return Capabilities()
    frequency = Range(minimum=ladder.frequencies[0], maximum=ladder.frequencies[-1])
    core_voltage = Range(
        minimum=ladder.core_voltages[0], maximum=ladder.core_voltages[-1]
    )
    hard_frequency, hard_voltage = _HARD_LIMITS.get(
        chip or "", (frequency, core_voltage)
    )
    if ladder.maximum is not None:
        hard_frequency = Range(
            minimum=min(hard_frequency.minimum, frequency.minimum),
            maximum=ladder.maximum[0],
        )
        hard_voltage = Range(
            minimum=min(hard_voltage.minimum, core_voltage.minimum),
            maximum=ladder.maximum[1],
        )
    frequency = _within(frequency, hard_frequency)
    core_voltage = _within(core_voltage, hard_voltage)
    if not (_is_range(frequency) and _is_range(core_voltage)):
        # A ladder that lies outside of what is safe makes no sense.
        return Capabilities()
    return Capabilities(
        frequency=frequency,
        frequency_limit=hard_frequency,
        core_voltage=_volts(core_voltage),
        core_voltage_limit=_volts(hard_voltage),
        work_modes=_work_modes(ladder, chip, hard_frequency, hard_voltage),
    )


def _within(inner: Range, outer: Range) -> Range:
    """Return the part of a range that lies inside another."""
    return Range(
        minimum=max(inner.minimum, outer.minimum),
        maximum=min(inner.maximum, outer.maximum),
    )


def _is_range(values: Range) -> bool:
    """Return whether there is any value inside."""
    return values.minimum <= values.maximum


def _volts(millivolts: Range) -> Range:
    """Return a range of mV in V."""
    return Range(
        minimum=millivolts.minimum / 1000,
        maximum=millivolts.maximum / 1000,
        step=millivolts.step / 1000,
    )


def _work_modes(
    ladder: Ladder, chip: str | None, frequency: Range, core_voltage: Range
) -> tuple[WorkMode, ...]:
    """Return the modes whose pairs respect the hard limits."""
    if chip == "BM1370" and ladder.default == _GAMMA_DEFAULT:
        pairs: dict[str, tuple[float, float]] = dict(_GAMMA_MODES)
    else:
        pairs = {"standard": ladder.default, **_modes_above_default(ladder)}
        if (eco := _eco_pair(ladder, chip)) is not None:
            pairs = {"eco": eco, **pairs}
    return tuple(
        WorkMode(name=name, frequency=pair[0], core_voltage=pair[1] / 1000)
        for name, pair in pairs.items()
        if pair[0] in frequency and pair[1] in core_voltage
    )


def _eco_pair(ladder: Ladder, chip: str | None) -> tuple[float, float] | None:
    """Return the low-power pair, or None where it would not be below the default."""
    if (pair := ladder.eco or _ECO_PAIRS.get(chip or "")) is None:
        return None
    if ladder.eco is None:
        pair = (
            max(pair[0], ladder.frequencies[0]),
            max(pair[1], ladder.core_voltages[0]),
        )
    return pair if pair[0] < ladder.default[0] else None


def _modes_above_default(ladder: Ladder) -> dict[str, tuple[float, float]]:
    """Return turbo half-way up the headroom above the default, and oc at its top."""
    frequencies = [item for item in ladder.frequencies if item > ladder.default[0]]
    if not frequencies:
        return {}
    core_voltages = [
        item for item in ladder.core_voltages if item > ladder.default[1]
    ] or [ladder.default[1]]
    turbo = (_middle(frequencies), _middle(core_voltages))
    oc = (frequencies[-1], core_voltages[-1])
    return {"turbo": turbo} if turbo == oc else {"turbo": turbo, "oc": oc}


def _middle(values: list[float]) -> float:
    """Return the value half-way, the lower of two."""
    return values[(len(values) - 1) // 2]
