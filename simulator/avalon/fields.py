"""The long line of fields in an Avalon's statistics, in the order of each model."""

from collections.abc import Callable
from typing import Any

from simulator.avalon.power import power_supply
from simulator.avalon.state import AvalonState

type Make = Callable[[AvalonState], Any]

NO_SENSOR = -273
_BOOT_SECONDS = 14

_NANO3S_ORDER = (
    "Ver LVer BVer FW LED LEDUser LcdOnoff LcdSwitch DNA MEMFREE PFCnt NETFAIL "
    "SYSTEMSTATU Elapsed BOOTBY LW MH DHW HW DH ITemp OTemp TMax TAvg TarT Fan1 FanR "
    "PS GHSspd DHspd GHSmm GHSavg WU Freq MGHS MTmax MTavg TA Core BIN PING SoftOFF "
    "ECHU ECMM PLL0 SF0 PVT_T0 PVT_V0 MW0 CRC COMCRC ATA WORKMODE WORKLEVEL MPO "
    "CALIALL ADJ"
)
_ORDERS = {
    "nano3": (
        "HashStatus Ver HVer DNA HDNA PFCnt NETFAIL Elapsed LW MH DHW HW DH Temp OTemp "
        "TMax TAvg TarT Fan1 FanR Vo PS GHSspd DHspd GHSmm GHSavg WU Freq Led MGHS "
        "MTmax MTavg TA Core PING SoftOFF ECHU ECMM PLL0 SF0 PVT_T0 PVT_V0 MW0 CRC "
        "ATA0 ATA1 ATA2 WORKLEVEL MPO ADJ"
    ),
    "nano3s": _NANO3S_ORDER,
    "mini3": (
        "HashStatus "
        + _NANO3S_ORDER.replace("BVer", "BVer Mcu0Ver")
        .replace("OTemp", "OTemp HBTemp")
        .replace("COMCRC", "COMCRC PCOMM_E")
    ),
    # The sensors of the chips are in a line of their own.
    "q": (
        _NANO3S_ORDER.replace("BVer", "BVer CPU STATE")
        .replace("OTemp", "HBITemp HBOTemp OTemp")
        .replace("Fan1", "Fan1 Fan2 Fan3 Fan4")
        .replace("SoftOFF", "SoftOFF SoftOffTime SoftOnTime")
        .replace("PVT_T0 PVT_V0 MW0 ", "")
        + " Filter FanErr SoloAllowed SSID RSSI NetDevType Activation"
    ),
}
_LITE_ORDER = (
    "LVer BVer MVer FW STATE MODE LEVEL GHSspd ITemp OTemp Limitemp FanR Filter LED "
    "LEDUser LcdOnoff LcdSwitch LcdBright ECHU ECMM SSID RSSI NetDevType"
)


def _outlet(state: AvalonState) -> int:
    """Return the temperature of the air that comes out."""
    ambient = state.model.ambient
    return round(ambient + 0.52 * (state.model.chip_temperature - ambient))


def _board(state: AvalonState) -> int:
    """Return the temperature of the board."""
    return round(state.model.vr_temperature)


def _inlet(state: AvalonState) -> int:
    """Return the temperature of the air that goes in, where there is a sensor."""
    small = state.kind.key in ("nano3", "nano3s")
    return NO_SENSOR if small else round(state.model.ambient + 6)


def _average_chip(state: AvalonState) -> int:
    """Return the chips' average temperature."""
    return round(state.model.chip_temperature)


def _hottest_chip(state: AvalonState) -> int:
    """Return the temperature of the hottest chip."""
    return round(state.model.chip_temperature + 4)


def _mean_rate(state: AvalonState) -> str:
    """Return the hashrate since the start in GH/s."""
    return f"{state.average / 1000:.2f}"


def _fan(number: int) -> Make:
    """Return what reads a fan, of which no two turn at the same speed."""
    return lambda s: max(0, s.model.fan_rpm - 30 * (number - 1))


def _chips(state: AvalonState, value: float, spread: int) -> str:
    """Return one number for each chip, always with the same differences."""
    count = state.kind.hardware.chips
    return " ".join(
        f"{value + ((7 * chip) % (2 * spread + 1)) - spread:3.0f}"
        for chip in range(count)
    )


def _counters(state: AvalonState) -> str:
    """Return how many nonces each chip has found lately."""
    found = state.megahashes / 4295 / 1000 / state.kind.hardware.chips
    return _chips(state, 40 + int(found) % 500, 9)


def _clocks(state: AvalonState) -> str:
    """Return how many cores run at each of the four frequencies."""
    cores = state.kind.hardware.cores
    return " ".join(str(round(cores * part)) for part in (0.2, 0.19, 0.41, 0.2))


def _tuning(number: int) -> Make:
    """Return what describes one mode: power, target, voltage, frequency, step."""

    def make(state: AvalonState) -> str:
        kind = state.kind
        mode = kind.modes[number]
        frequency = round(mode.frequency(kind.hardware))
        volts = mode.voltage(kind.hardware) * kind.hardware.chips
        if kind.key == "nano3":
            steps = ":".join(str(frequency + step) for step in (-20, 0, 20))
            return f"{mode.limit}-{kind.target}-{volts / 10:.0f}-100:{steps}"
        return f"{mode.limit}-{state.target}-{volts:.0f}-{frequency - 31}-20"

    return make


_MAKERS: dict[str, Make] = {
    "HashStatus": lambda s: 0 if s.soft_off else 1,
    "Ver": lambda s: f"{s.kind.name}-{s.firmware}",
    "LVer": lambda s: s.firmware,
    "BVer": lambda s: s.firmware,
    "HVer": lambda s: f"{s.firmware}_5c41e07",
    "MVer": lambda s: s.firmware,
    "Mcu0Ver": lambda _: "25010301_8d2f6e4",
    "CPU": lambda _: "K230",
    "STATE": lambda s: 2 if s.soft_off else 1,
    "MODE": lambda s: s.mode,
    "LEVEL": lambda s: s.level,
    "FW": lambda _: "Release",
    "LED": lambda s: f"{s.led_mode}-0",
    "Led": lambda s: s.led_mode,
    "LEDUser": lambda s: "-".join(str(part) for part in s.led),
    "LcdOnoff": lambda s: s.lcd_on,
    "LcdSwitch": lambda s: s.lcd_switch,
    "LcdBright": lambda _: 50,
    "DNA": lambda s: "0" * 16 if s.kind.key == "nano3" else s.dna,
    "HDNA": lambda s: s.dna,
    "MEMFREE": lambda s: 64_200 - s.elapsed % 1300,
    "PFCnt": lambda _: 0,
    "NETFAIL": lambda _: "0 0 0 0 0 0 0 0",
    "SYSTEMSTATU": lambda s: f"Work: {s.work}, Hash Board: 1",
    "Elapsed": lambda s: s.elapsed + _BOOT_SECONDS,
    "BOOTBY": lambda _: "0x01.00000000",
    "LW": lambda s: int(s.megahashes / 4295 / 2),
    "MH": lambda s: s.hardware_errors,
    "DHW": lambda _: 0,
    "HW": lambda s: s.hardware_errors,
    "DH": lambda s: f"{2.0 + s.model.errors:.3f}%",
    "Temp": lambda s: _outlet(s) + 7,
    "ITemp": _inlet,
    "OTemp": _outlet,
    "HBTemp": _board,
    "HBITemp": lambda s: _board(s) - 8,
    "HBOTemp": _board,
    "TMax": _hottest_chip,
    "TAvg": _average_chip,
    "TarT": lambda s: s.target,
    "Limitemp": lambda s: s.target,
    "Fan1": _fan(1),
    "Fan2": _fan(2),
    "Fan3": _fan(3),
    "Fan4": _fan(4),
    "FanR": lambda s: f"{s.model.fan_percent:.0f}%",
    "Vo": lambda _: 0,
    "PS": lambda s: " ".join(str(part) for part in power_supply(s)),
    "GHSspd": lambda s: f"{s.model.hashrate:.2f}",
    "DHspd": lambda s: f"{2.0 + s.model.errors:.3f}%",
    "GHSmm": lambda s: f"{s.model.hashrate * 1.024:.2f}",
    "GHSavg": _mean_rate,
    "WU": lambda s: f"{s.average / 71.58:.2f}",
    # The Nano 3 has never told its frequency.
    "Freq": lambda s: f"{0 if s.kind.key == 'nano3' else s.model.frequency_actual:.2f}",
    "MGHS": _mean_rate,
    "MTmax": _hottest_chip,
    "MTavg": _average_chip,
    "TA": lambda s: s.kind.hardware.chips,
    "Core": lambda s: s.kind.core,
    "BIN": lambda _: 0,
    "PING": lambda s: round(s.model.ping_ms),
    "SoftOFF": lambda s: 4 if s.soft_off else 0,
    "SoftOffTime": lambda s: s.off_time,
    "SoftOnTime": lambda s: s.on_time,
    "ECHU": lambda _: 0,
    "ECMM": lambda _: 0,
    "PLL0": _clocks,
    "SF0": lambda s: " ".join(
        str(round(s.frequency) + step) for step in (-30, -12, 9, 30)
    ),
    "PVT_T0": lambda s: _chips(s, s.model.chip_temperature, 5),
    "PVT_V0": lambda s: _chips(s, s.model.core_voltage_actual * 0.95, 4),
    "MW0": _counters,
    "CRC": lambda _: 0,
    "COMCRC": lambda _: 0,
    "PCOMM_E": lambda _: 0,
    "ATA0": _tuning(0),
    "ATA1": _tuning(1),
    "ATA2": _tuning(2),
    "WORKMODE": lambda s: s.mode,
    "WORKLEVEL": lambda s: s.mode if s.kind.key == "nano3" else s.level,
    "MPO": lambda s: s.limit,
    "CALIALL": lambda s: 7 if s.calibrated else 3,
    "ADJ": lambda s: int(s.calibrated),
    "Filter": lambda _: 0,
    "FanErr": lambda _: 0,
    "SoloAllowed": lambda _: 1,
    "SSID": lambda _: "Simulated Wi-Fi",
    "RSSI": lambda s: round(s.model.wifi_rssi),
    "NetDevType": lambda _: 0,
    "Activation": lambda _: 1,
}


def statistics_line(state: AvalonState) -> str:
    """Return the line of `stats` and `estats`."""
    order = _ORDERS[state.kind.key].replace("ATA ", f"ATA{state.mode} ")
    return _line(state, order)


def lite_line(state: AvalonState) -> str:
    """Return the line of `litestats`, in which nothing tells of power."""
    return _line(state, _LITE_ORDER)


def board_line(state: AvalonState) -> str:
    """Return the line in which a Q shows the sensors of its hash board."""
    sensors = _line(state, "PVT_T0 PVT_V0 MW0")
    return f"'HB0':{{{sensors}}}"


def _line(state: AvalonState, order: str) -> str:
    """Return fields in an order."""
    return " ".join(f"{name}[{_MAKERS[name](state)}]" for name in order.split())
