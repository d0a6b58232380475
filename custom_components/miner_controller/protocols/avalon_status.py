"""What one poll of a Canaan home miner tells."""

from collections.abc import Sequence
from datetime import datetime
import re
from typing import Any

from . import mm_fields
from .avalon_models import AvalonModel
from .cgminer_status import read_status, told_in_place
from .mm_fields import Fields
from .model import MinerStatus
from .parse import Reply

_FANS = ("Fan1", "Fan2", "Fan3", "Fan4")

# Boards with more chips have a sensor for each, which nobody could look at.
_MOST_CHIPS = 12


def device_fields(stats: Sequence[Reply]) -> dict[str, str]:
    """Return the fields of the miner itself in a reply to `stats` or `estats`.

    Empty where there are none: the Q names them "MM ID0:Summary", the others "MM ID0".
    """
    for row in stats:
        for key, value in row.items():
            if key.startswith("MM ID") and isinstance(value, str):
                return mm_fields.tokenize(value)
    return {}


def read_serial(fields: Fields) -> str | None:
    """Return the number of the control board. The Nano 3 calls it HDNA."""
    for key in ("DNA", "HDNA"):
        digits = fields.get(key, "").strip().lower()
        if is_serial(digits):
            return digits
    return None


def is_serial(digits: str) -> bool:
    """Return whether hexadecimal digits are the number of a board, not all zero."""
    return re.fullmatch(r"(?!0+\Z)[0-9a-f]{8,64}", digits) is not None


def read_fan_speed(fields: Fields) -> float | None:
    """Return the speed of the fan in %."""
    return mm_fields.number(fields, "FanR", maximum=100, digits=0)


def read_avalon_status(
    model: AvalonModel,
    fields: Fields,
    summary: Reply,
    pools: Sequence[Reply],
    *,
    when: int | None,
    now: datetime,
    **others: Any,
) -> MinerStatus:
    """Return what the fields, the totals and the pools of a poll tell, and the others.

    How the fan is run is among the others, since the miner does not tell all of it.

    Chip temperatures of 85 to 96 °C are normal.
    """
    supply = mm_fields.numbers(fields, "PS")
    soft_off = mm_fields.number(fields, "SoftOFF")
    mining = soft_off == 0 if soft_off is not None and _can_pause(model) else None
    chips = mm_fields.numbers(fields, "PVT_T0")
    return read_status(
        summary,
        pools,
        when=when,
        now=now,
        hashrate=_hashrate(fields, "GHSspd"),
        hashrate_since_start=_hashrate(fields, "GHSavg"),
        power=_power(model, supply, mining=mining),
        power_limit=mm_fields.number(fields, "MPO", minimum=1, maximum=3000),
        temperature=_temperature(fields, "TAvg"),
        temperature_max=_temperature(fields, "TMax"),
        inlet_temperature=_air_temperature(fields, "ITemp", "HBITemp"),
        outlet_temperature=_air_temperature(fields, "OTemp", "HBOTemp"),
        chip_temperatures=(
            tuple(_in_range(value, 1, 200) for value in chips)
            if len(chips) <= _MOST_CHIPS
            else ()
        ),
        target_temperature=_temperature(fields, "TarT"),
        fan_rpms=told_in_place(
            mm_fields.number(fields, key, maximum=100_000, digits=0) for key in _FANS
        ),
        input_voltage=_input_voltage(model, supply),
        frequency_actual=mm_fields.number(fields, "Freq", minimum=1, maximum=10_000),
        error_rate=mm_fields.number(fields, "DH", maximum=100),
        signal_strength=mm_fields.number(fields, "RSSI", minimum=-127, maximum=-1),
        pool_latency=mm_fields.number(fields, "PING", minimum=1, maximum=1e6),
        work_mode=_work_mode(model, fields),
        calibrating=_calibrating(fields, mining=mining),
        mining=mining,
        power_fault=supply[0] != 0 if supply and supply[0] is not None else None,
        hardware_fault=_hardware_fault(fields),
        **others,
    )


def _can_pause(model: AvalonModel) -> bool:
    """Return whether a model has the soft off that SoftOFF[] tells of."""
    return "softoff" in model.options


def _hashrate(fields: Fields, key: str) -> float | None:
    """Return a hashrate in H/s."""
    return mm_fields.number(fields, key, maximum=1e16, scale=1e9, digits=0)


def _temperature(fields: Fields, key: str) -> float | None:
    """Return a temperature of chips in °C; −273 and 0 stand for no sensor."""
    return mm_fields.number(fields, key, minimum=1, maximum=200, digits=1)


def _air_temperature(fields: Fields, *keys: str) -> float | None:
    """Return a temperature of the air in °C from the first sensor that there is."""
    found = (
        mm_fields.number(fields, key, minimum=-60, maximum=200, digits=1)
        for key in keys
    )
    return next((value for value in found if value is not None), None)


def _in_range(value: float | None, minimum: float, maximum: float) -> float | None:
    """Return a value between both ends."""
    return value if value is not None and minimum <= value <= maximum else None


def _at(values: Sequence[float | None], index: int) -> float | None:
    """Return the value at a place, None where the list is shorter."""
    return values[index] if index < len(values) else None


def _power(
    model: AvalonModel, supply: Sequence[float | None], *, mining: bool | None
) -> float | None:
    """Return the power at the wall in W.

    While the board has none, the one at the wall is left as it last was.
    """
    stale = mining is False or (
        model.board_power_index is not None
        and _at(supply, model.board_power_index) == 0
    )
    return None if stale else _in_range(_at(supply, model.power_index), 1, 3000)


def _input_voltage(model: AvalonModel, supply: Sequence[float | None]) -> float | None:
    """Return the voltage of the power brick in V."""
    if model.input_voltage is None:
        return None
    index, scale = model.input_voltage
    value = _in_range(_at(supply, index), 1, 100 / scale)
    return None if value is None else round(value * scale, 3)


def _work_mode(model: AvalonModel, fields: Fields) -> str | None:
    """Return the name of the mode that the miner works in."""
    level = mm_fields.number(fields, model.mode_field)
    return next((name for name, value in model.modes.items() if value == level), None)


def _calibrating(fields: Fields, *, mining: bool | None) -> bool | None:
    """Return whether the miner still measures what its chips can do in this mode."""
    adjusted = mm_fields.number(fields, "ADJ")
    if adjusted is None:
        return None
    return adjusted != 1 and mining is not False


def _hardware_fault(fields: Fields) -> bool | None:
    """Return whether the miner reports an error of its board, its fans or its work."""
    codes = [
        code
        for key in ("ECHU", "ECMM", "FanErr")
        for code in mm_fields.numbers(fields, key)
        if code is not None
    ]
    state = fields.get("SYSTEMSTATU")
    if not codes and state is None:
        return None
    return any(codes) or (state is not None and "In Fault" in state)
