"""Simulated devices as tests use them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
import socket

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.cgminer.plain import PlainCgminerDevice
from simulator.clock import ManualClock
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.nmminer import (
    HTTP_FIRMWARES,
    UDP_FIRMWARES,
    NMMinerHttpDevice,
    NMMinerUdpDevice,
)

type CgminerDevice = AvalonDevice | PlainCgminerDevice
type NMMinerDevice = NMMinerUdpDevice | NMMinerHttpDevice
type Device = AxeOSDevice | NerdQAxeDevice | CgminerDevice | NMMinerDevice
type StartDevice = Callable[..., Awaitable[Device]]

AXEOS_FIRMWARES = ("2.4", "2.6", "2.9", "2.10", "2.11", "2.12", "2.13", "2.14", "2.15")
NERDQAXE_FIRMWARES = ("1.0.30", "1.0.34", "1.0.35", "1.0.37", "1.1.0")

# Every firmware over HTTP as a parameter of a test, "axeos-2.15" or
# "nerdqaxe-1.0.37".
PROFILES = (
    *(f"axeos-{firmware}" for firmware in AXEOS_FIRMWARES),
    *(f"nerdqaxe-{firmware}" for firmware in NERDQAXE_FIRMWARES),
)

# Every model that speaks the cgminer API.
AVALON_PROFILES = ("avalon-nano3", "avalon-nano3s", "avalon-mini3", "avalon-q")
CGMINER_PROFILES = (*AVALON_PROFILES, "cgminer-4.11", "cgminer-4.11:privileged")

# Every firmware of NMMiner, "nmminer-1.8.10" over UDP and "nmminer-2.0.04" over HTTP.
NMMINER_UDP_PROFILES = tuple(f"nmminer-{firmware}" for firmware in UDP_FIRMWARES)
NMMINER_HTTP_PROFILES = tuple(f"nmminer-{firmware}" for firmware in HTTP_FIRMWARES)

# Long enough for a miner to be warm and to have found shares.
WARM_UP = 600

HOST = "127.0.0.1"

# Where nobody listens, so that no other test hears a device that was not told whom
# to speak to.
NOBODY = (HOST, 9)


def create_device(profile: str, **changes: object) -> Device:
    """Return the device of a profile on a clock that only the test moves.

    An NMMiner over UDP says something only when a test tells it to, by `announce` or
    `announce_configuration`, and only to `status_target` and `config_target`.
    """
    family, firmware = profile.split("-", 1)
    arguments = {"seed": 1, "clock": ManualClock(), **changes}
    if family == "avalon":
        return AvalonDevice(board=firmware, **arguments)  # type: ignore[arg-type]
    if family == "cgminer":
        firmware, _, privilege = firmware.partition(":")
        arguments = {"privileged": privilege == "privileged", **arguments}
        return PlainCgminerDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]
    if family == "nerdqaxe":
        return NerdQAxeDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]
    if family == "nmminer" and firmware in HTTP_FIRMWARES:
        return NMMinerHttpDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]
    if family == "nmminer":
        targets = {"status_target": NOBODY, "config_target": NOBODY}
        arguments = {"periodic": False, **targets, **arguments}
        return NMMinerUdpDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]
    return AxeOSDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]


@contextmanager
def free_udp_port() -> Iterator[int]:
    """Return a UDP port that nobody else gets for as long as it is needed.

    Whoever wants it must allow others on it, or be at another loopback address.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.255.0.1", 0))
        # Only after it was found: it shall not be one that somebody shares already.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield int(holder.getsockname()[1])


@asynccontextmanager
async def running_devices(
    devices: list[Device], **defaults: object
) -> AsyncIterator[StartDevice]:
    """Start devices on free ports, list them, and stop them all in the end.

    The defaults are those of NMMiners over UDP. Such a device takes an address of its
    own; any device starts at a `host` that is given.
    """
    async with AsyncExitStack() as stack:

        async def start(
            profile: str,
            *,
            warm: bool = True,
            host: str | None = None,
            **changes: object,
        ) -> Device:
            if profile in NMMINER_UDP_PROFILES:
                changes = {**defaults, **changes}
            device = create_device(profile, **changes)
            await (device.start() if host is None else device.start(host))
            devices.append(device)
            stack.push_async_callback(device.stop)
            if warm:
                device.advance(WARM_UP)
            return device

        yield start
