"""Simulated devices as tests use them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.cgminer.plain import PlainCgminerDevice
from simulator.clock import ManualClock
from simulator.nerdqaxe import NerdQAxeDevice

type CgminerDevice = AvalonDevice | PlainCgminerDevice
type Device = AxeOSDevice | NerdQAxeDevice | CgminerDevice
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

# Long enough for a miner to be warm and to have found shares.
WARM_UP = 600


def create_device(profile: str, **changes: object) -> Device:
    """Return the device of a profile on a clock that only the test moves."""
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
    return AxeOSDevice(firmware=firmware, **arguments)  # type: ignore[arg-type]


@asynccontextmanager
async def running_devices(devices: list[Device]) -> AsyncIterator[StartDevice]:
    """Start devices on free ports, list them, and stop them all in the end."""
    async with AsyncExitStack() as stack:

        async def start(
            profile: str, *, warm: bool = True, **changes: object
        ) -> Device:
            device = create_device(profile, **changes)
            await device.start()
            devices.append(device)
            stack.push_async_callback(device.stop)
            if warm:
                device.advance(WARM_UP)
            return device

        yield start
