"""A home full of simulated devices, each with a name and a port."""

from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
import zlib

from simulator.clock import Clock
from simulator.device import SimulatedDevice
from simulator.families import SpecError, build
from simulator.wire import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One device of the home: its name, what it is, and its port."""

    name: str
    spec: str
    port: int = 0


DEFAULT_HOME = (
    Placement(name="kitchen", spec="axeos:gamma601:2.15", port=8701),
    Placement(name="office", spec="axeos:gamma601:2.12", port=8702),
    Placement(name="hall", spec="axeos:supra401:2.9", port=8703),
    Placement(name="garage", spec="nerdqaxe:1.0.37", port=8711),
    Placement(name="attic", spec="nerdqaxe:1.1.0:otp", port=8712),
    Placement(name="study", spec="avalon:nano3s", port=8721),
    # The web page of this one is ten ports further on.
    Placement(name="bedroom", spec="avalon:nano3", port=8722),
)


def parse_placement(text: str) -> Placement:
    """Read `NAME=SPEC@PORT`, where the port may be left out."""
    name, equals, rest = text.partition("=")
    spec, at, port = rest.partition("@")
    if not (name and equals and spec) or (at and not port.isdecimal()):
        msg = f"{text!r} is not NAME=SPEC@PORT"
        raise SpecError(msg)
    return Placement(name=name, spec=spec, port=int(port) if at else 0)


def populate(placements: tuple[Placement, ...], clock: Clock) -> list[SimulatedDevice]:
    """Build the devices; a name decides what its device is like in detail."""
    names = [placement.name for placement in placements]
    if len(set(names)) != len(names):
        msg = "two devices have the same name"
        raise SpecError(msg)
    devices = []
    for placement in placements:
        seed = zlib.crc32(placement.name.encode())
        device = build(placement.spec, seed=seed, clock=clock)
        device.name = placement.name
        devices.append(device)
    return devices


@contextlib.asynccontextmanager
async def running(
    placements: tuple[Placement, ...], *, host: str, clock: Clock
) -> AsyncIterator[list[SimulatedDevice]]:
    """Have the devices listen for as long as the context lasts."""
    async with contextlib.AsyncExitStack() as stack:
        devices = populate(placements, clock)
        for placement, device in zip(placements, devices, strict=True):
            await device.start(host, placement.port)
            stack.push_async_callback(device.stop)
        yield devices


def describe(device: SimulatedDevice) -> JsonObject:
    """Return what a caller needs to know to use a device."""
    return {
        "name": device.name,
        "family": device.family,
        "firmware": device.firmware_name,
        "url": device.url,
        "fault": device.fault,
    }
