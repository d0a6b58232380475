"""A home with some of everything, for the dashboard to show."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from simulator.device import SimulatedDevice
from simulator.home import Placement, running
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from simulator.stratum import StratumPool

from .dashboard import remember_week, with_dashboard
from .home import AddedMiner, Home
from .miners import HeadStartClock

TARIFF = "Octopus Agile London"
FLEET = "Miner fleet"
_WARM_UP = 3 * 60 * 60

MINERS = (
    Placement(name="kitchen", spec="axeos:gamma601:2.15"),
    Placement(name="garage", spec="nerdqaxe:1.1.0"),
    Placement(name="study", spec="avalon:nano3s"),
    Placement(name="porch", spec="nmminer:2.0.04"),
    Placement(name="hall", spec="axeos:supra401:2.9"),
)


@dataclass(slots=True, kw_only=True)
class Shown:
    """What the dashboard shows."""

    url: str
    miners: dict[str, AddedMiner]
    devices: dict[str, SimulatedDevice]


@asynccontextmanager
async def with_everything(home: Home) -> AsyncIterator[Shown]:
    """Give a home five miners, prices, a fleet, pools and a dashboard."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        prices = await enter(OctopusServer(seed=5))
        network = await enter(MempoolServer())
        await _add_prices(home, stack, prices)
        await _add_fleet(home, stack, network)
        devices = await enter(_devices())
        miners = {
            device.name: await enter(home.with_miner(f"{device.host}:{device.port}"))
            for device in devices
        }
        await home.api.set_plan(
            miners["kitchen"].title, goal="hours", hours=8, mode="standard"
        )
        miners["kitchen"] = await home.added(miners["kitchen"].title)
        for miner in miners.values():
            await remember_week(home, miner)
        yield Shown(
            url=await enter(with_dashboard(home)),
            miners=miners,
            devices={device.name: device for device in devices},
        )


@asynccontextmanager
async def _devices() -> AsyncIterator[list[SimulatedDevice]]:
    """Run the miners, which were plugged in some hours ago."""
    clock = HeadStartClock()
    async with running(MINERS, host="127.0.0.1", clock=clock) as devices:
        clock.skip(_WARM_UP)
        yield devices


async def _add_prices(home: Home, stack: AsyncExitStack, server: OctopusServer) -> None:
    """Add prices with a cheap window."""
    result = await home.api.add_prices("C", server.url)
    assert result["type"] == "create_entry", result
    entry_id = await stack.enter_async_context(home.removing(TARIFF))
    await home.api.add_window(
        entry_id, "Night", hours=4, start_time="21:00:00", end_time="07:00:00"
    )


async def _add_fleet(home: Home, stack: AsyncExitStack, network: MempoolServer) -> None:
    """Add the fleet with pools, and what it knows of the network."""
    result = await home.api.add_fleet()
    assert result["type"] == "create_entry", result
    entry_id = await stack.enter_async_context(home.removing(FLEET))
    for priority, name in enumerate(("Home pool", "Backup pool"), start=1):
        pool = await stack.enter_async_context(StratumPool())
        url = f"stratum+tcp://{pool.host}:{pool.port}"
        await home.api.add_pool(entry_id, name, url, priority=priority)
    await home.api.set_network(network.url)
