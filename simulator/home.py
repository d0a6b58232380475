"""A home full of simulated devices, each with a name and a place on the network."""

from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
import zlib

from simulator.clock import Clock
from simulator.device import SimulatedDevice
from simulator.families import SpecError, build
from simulator.wire import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One device of the home: its name, what it is, and where it is.

    Without a host of its own it is where the whole home is. A device that speaks UDP
    only has no port.
    """

    name: str
    spec: str
    port: int = 0
    host: str | None = None


DEFAULT_HOME = (
    Placement(name="kitchen", spec="axeos:gamma601:2.15", port=8701),
    Placement(name="office", spec="axeos:gamma601:2.12", port=8702),
    Placement(name="hall", spec="axeos:supra401:2.9", port=8703),
    Placement(name="garage", spec="nerdqaxe:1.0.37", port=8711),
    Placement(name="attic", spec="nerdqaxe:1.1.0:otp", port=8712),
    Placement(name="study", spec="avalon:nano3s", port=8721),
    # The web page of this one is ten ports further on.
    Placement(name="bedroom", spec="avalon:nano3", port=8722),
    Placement(name="workshop", spec="nmminer:0.3.01:nmlotto"),
    Placement(name="landing", spec="nmminer:1.2.01"),
    Placement(name="loft", spec="nmminer:1.5.01"),
    Placement(name="cellar", spec="nmminer:1.8.10"),
    Placement(name="porch", spec="nmminer:2.0.04", port=8731),
)


def parse_placement(text: str) -> Placement:
    """Read `NAME=SPEC@HOST:PORT`, where the host, the port or both may be left out."""
    name, equals, rest = text.partition("=")
    spec, at, place = rest.partition("@")
    if not (name and equals and spec):
        raise _misplaced(text)
    if not at:
        return Placement(name=name, spec=spec)
    match place.rpartition(":"):
        case ("", "", port) if port.isdecimal():
            return Placement(name=name, spec=spec, port=int(port))
        case (host, ":", port) if port.isdecimal():
            return Placement(
                name=name, spec=spec, port=int(port), host=_address(host, text)
            )
        case ("", "", host):
            return Placement(name=name, spec=spec, host=_address(host, text))
        case _:
            raise _misplaced(text)


def _address(host: str, text: str) -> str:
    """Return the host of a placement, which is an address."""
    try:
        return str(IPv4Address(host))
    except ValueError as error:
        raise _misplaced(text) from error


def _misplaced(text: str) -> SpecError:
    """Return the error of a placement that nobody understands."""
    return SpecError(f"{text!r} is not NAME=SPEC@HOST:PORT, with an IPv4 address")


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
            await device.start(_host(device, placement, host), placement.port)
            stack.push_async_callback(device.stop)
        yield devices


def _host(device: SimulatedDevice, placement: Placement, host: str) -> str:
    """Return where a device of the home goes.

    One that is known by its address alone finds one of its own, if the home's is one
    that every simulator of this machine may have.
    """
    if placement.host is not None:
        return placement.host
    return "" if device.own_address and _is_anybodys(host) else host


def _is_anybodys(host: str) -> bool:
    """Tell whether a host is this machine itself, under whichever address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified


def describe(device: SimulatedDevice) -> JsonObject:
    """Return what a caller needs to know to use a device."""
    return {
        "name": device.name,
        "family": device.family,
        "firmware": device.firmware_name,
        "url": device.url,
        "fault": device.fault,
    }
