"""The families of devices that can be simulated, and how to name one."""

from collections.abc import Callable

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.cgminer import PlainCgminerDevice
from simulator.clock import Clock
from simulator.device import SimulatedDevice
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice

type Build = Callable[[list[str], int, Clock], SimulatedDevice]

# The secret of every simulated device that asks for codes, for an authenticator.
OTP_SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105


class SpecError(ValueError):
    """A device was named in a way that nobody understands."""


def _axeos(parts: list[str], seed: int, clock: Clock) -> SimulatedDevice:
    """Build a Bitaxe from `board:firmware`."""
    match parts:
        case [board, firmware]:
            return AxeOSDevice(board=board, firmware=firmware, seed=seed, clock=clock)
        case _:
            msg = "a Bitaxe is written axeos:BOARD:FIRMWARE"
            raise SpecError(msg)


def _nerdqaxe(parts: list[str], seed: int, clock: Clock) -> SimulatedDevice:
    """Build a NerdQAxe++ from `firmware` or `firmware:otp`."""
    match parts:
        case [firmware]:
            return NerdQAxeDevice(firmware=firmware, seed=seed, clock=clock)
        case [firmware, "otp"]:
            return NerdQAxeDevice(
                firmware=firmware, seed=seed, clock=clock, otp_secret=OTP_SECRET
            )
        case _:
            msg = "a NerdQAxe++ is written nerdqaxe:FIRMWARE or nerdqaxe:FIRMWARE:otp"
            raise SpecError(msg)


def _avalon(parts: list[str], seed: int, clock: Clock) -> SimulatedDevice:
    """Build an Avalon from `model` or `model:firmware`."""
    match parts:
        case [model]:
            return AvalonDevice(board=model, seed=seed, clock=clock)
        case [model, firmware]:
            return AvalonDevice(board=model, firmware=firmware, seed=seed, clock=clock)
        case _:
            msg = "an Avalon is written avalon:MODEL or avalon:MODEL:FIRMWARE"
            raise SpecError(msg)


def _cgminer(parts: list[str], seed: int, clock: Clock) -> SimulatedDevice:
    """Build a plain cgminer from `firmware` or `firmware:privileged`."""
    match parts:
        case [firmware]:
            return PlainCgminerDevice(firmware=firmware, seed=seed, clock=clock)
        case [firmware, "privileged"]:
            return PlainCgminerDevice(
                firmware=firmware, seed=seed, clock=clock, privileged=True
            )
        case _:
            msg = "a cgminer is written cgminer:FIRMWARE or cgminer:FIRMWARE:privileged"
            raise SpecError(msg)


def _nmminer(parts: list[str], seed: int, clock: Clock) -> SimulatedDevice:
    """Build an NMMiner from `firmware` or `firmware:board`, UDP or HTTP by version."""
    match parts:
        case [firmware] if firmware.startswith("2."):
            return NMMinerHttpDevice(firmware=firmware, seed=seed, clock=clock)
        case [firmware, board] if firmware.startswith("2."):
            return NMMinerHttpDevice(
                board=board, firmware=firmware, seed=seed, clock=clock
            )
        case [firmware]:
            return NMMinerUdpDevice(firmware=firmware, seed=seed, clock=clock)
        case [firmware, board]:
            return NMMinerUdpDevice(
                board=board, firmware=firmware, seed=seed, clock=clock
            )
        case _:
            msg = "an NMMiner is written nmminer:FIRMWARE or nmminer:FIRMWARE:BOARD"
            raise SpecError(msg)


FAMILIES: dict[str, Build] = {
    "axeos": _axeos,
    "nerdqaxe": _nerdqaxe,
    "avalon": _avalon,
    "cgminer": _cgminer,
    "nmminer": _nmminer,
}


def build(spec: str, *, seed: int, clock: Clock) -> SimulatedDevice:
    """Return the device that a text such as `axeos:gamma601:2.12` describes."""
    family, *parts = spec.split(":")
    if family not in FAMILIES:
        msg = f"no family {family!r}; there are {', '.join(FAMILIES)}"
        raise SpecError(msg)
    try:
        return FAMILIES[family](parts, seed, clock)
    except SpecError:
        raise
    except ValueError as error:
        raise SpecError(str(error)) from error
