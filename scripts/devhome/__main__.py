"""Runs Home Assistant with simulated miners: what scripts/develop starts."""

import argparse
import asyncio
from collections.abc import Iterable, Mapping
import contextlib
from dataclasses import replace
from pathlib import Path
import shutil
import signal
import sys

import aiohttp

from scripts.devhome.api import PASSWORD, USER, HomeAssistantApi
from scripts.devhome.areas import place_miners
from scripts.devhome.dashboard import URL_PATH, create_dashboard
from scripts.devhome.instance import (
    MARKER,
    REPOSITORY,
    HomeAssistantInstance,
    HomeAssistantStartError,
)
from simulator.clock import Clock
from simulator.control import ControlPort
from simulator.device import SimulatedDevice
from simulator.home import DEFAULT_HOME, Placement, running
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from simulator.stratum import StratumPool

CONTROL_PORT = 8700
# How far the price server is behind the port of the faults.
_PRICES_OFFSET = 90
# How far the mempool is behind it.
_NETWORK_OFFSET = 92
# How far the first of the pools is behind it.
_POOLS_OFFSET = 95
_REGION = "C"
_PLAN_SECONDS = 60

# The last one is away: it has a name that leads nowhere.
POOLS = ("Home", "Backup")
AWAY_POOL = ("Away", "stratum+tcp://pool.example:3333")

# What is worth looking at: a night, what is nearly for nothing, and a quarter.
WINDOWS: dict[str, dict[str, object]] = {
    "Night": {"hours": 4, "start_time": "21:00:00", "end_time": "07:00:00"},
    "Below 5 p": {"maximum_price": 0.05, "unknown": "use_known"},
    "Cheapest quarter": {
        "share": 25,
        "start_time": "23:00:00",
        "end_time": "23:00:00",
        "unknown": "use_known",
    },
}

# What is known of some miners, by their names, and what their plans are made for.
ECONOMICS: dict[str, dict[str, object]] = {
    "kitchen": {"pool_fee": 1.5, "heat_share": 100, "heat_price": 0.08}
}
PLANS: dict[str, dict[str, object]] = {
    "kitchen": {"goal": "profit"},
    "garage": {"goal": "hours", "hours": 8, "mode": "standard"},
}


def _say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="Home Assistant with simulated miners, ready to click.",
    )
    parser.add_argument(
        "--port", type=int, default=8123, help="port of Home Assistant (8123)"
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=REPOSITORY / "config",
        help="configuration folder (config/)",
    )
    parser.add_argument(
        "--simulator-port",
        type=int,
        default=CONTROL_PORT,
        help=f"port of the faults, with the miners on the next ones ({CONTROL_PORT});"
        " 0 for any free ports",
    )
    parser.add_argument(
        "--empty",
        action="store_true",
        help="start with no miners, no prices and no fleet",
    )
    parser.add_argument(
        "--real-prices",
        action="store_true",
        help="take electricity prices from Octopus Energy, over the internet, and not "
        "from the simulator",
    )
    parser.add_argument(
        "--reset", action="store_true", help="start with a new configuration folder"
    )
    return parser.parse_args()


def _placements(control_port: int) -> tuple[Placement, ...]:
    """Return the miners on ports that suit the one of the faults."""
    if not control_port:
        return tuple(replace(each, port=0) for each in DEFAULT_HOME)
    offset = control_port - CONTROL_PORT
    return tuple(replace(each, port=each.port + offset) for each in DEFAULT_HOME)


def _remove(config: Path) -> None:
    """Remove a configuration folder that was made here."""
    if config.exists() and not (config / MARKER).exists():
        raise HomeAssistantStartError(f"{config} is not ours to remove")
    shutil.rmtree(config, ignore_errors=True)


async def _add_prices(api: HomeAssistantApi, url: str) -> None:
    """Add prices, of the real service without an address, with some windows."""
    result = await api.add_prices(_REGION, url)
    _say(f"  prices: {result.get('title') or result.get('reason') or result['errors']}")
    if result["type"] == "create_entry":
        entry_id = result["result"]["entry_id"]
        for name, form in WINDOWS.items():
            await api.add_window(entry_id, name, **form)


async def _start_network(
    stack: contextlib.AsyncExitStack, control_port: int
) -> MempoolServer:
    """Start the mempool, on a port that suits the one of the faults."""
    network = MempoolServer()
    await network.start("127.0.0.1", control_port and control_port + _NETWORK_OFFSET)
    stack.push_async_callback(network.stop)
    return network


async def _start_pools(
    stack: contextlib.AsyncExitStack, control_port: int
) -> dict[str, StratumPool]:
    """Start the pools, on ports that suit the one of the faults."""
    pools = {}
    for number, name in enumerate(POOLS):
        pool = pools[name] = StratumPool()
        port = control_port and control_port + _POOLS_OFFSET + number
        await pool.start("127.0.0.1", port)
        stack.push_async_callback(pool.stop)
    return pools


async def _add_fleet(
    api: HomeAssistantApi, pools: Mapping[str, StratumPool], network_url: str
) -> None:
    """Add the fleet with its pools, if it is not there already."""
    result = await api.add_fleet()
    _say(f"  fleet: {result.get('title') or result.get('reason')}")
    if result["type"] == "create_entry":
        entry_id = result["result"]["entry_id"]
        for priority, (name, pool) in enumerate(pools.items(), start=1):
            url = f"stratum+tcp://{pool.host}:{pool.port}"
            await api.add_pool(entry_id, name, url, priority=priority)
        await api.add_pool(entry_id, *AWAY_POOL)
    result = await api.set_network(network_url)
    _say(f"  network: {result.get('errors') or 'simulated'}")


async def _add_miners(
    api: HomeAssistantApi, devices: Iterable[SimulatedDevice]
) -> dict[str, str]:
    """Add the miners; return the titles of those that are new, by their names."""
    titles = {}
    for device in devices:
        # One that broadcasts is at no port of its own.
        port = f":{device.port}" if device.port else ""
        result = await api.add_miner(f"{device.host}{port}")
        _say(f"  {device.name}: {result.get('title') or result.get('reason')}")
        if result["type"] == "create_entry":
            titles[device.name] = result["title"]
    return titles


async def _add_plans(api: HomeAssistantApi, titles: Mapping[str, str]) -> None:
    """Give some miners plans. One that was there already keeps what it has."""
    for name, form in ECONOMICS.items():
        if name in titles:
            await api.set_economics(titles[name], **form)
    for name, form in PLANS.items():
        if name in titles:
            await api.set_plan(titles[name], **form)
            _say(f"  plan: {form['goal']} for {titles[name]}")
    planned = sum(name in titles for name in PLANS)
    async with asyncio.timeout(_PLAN_SECONDS):
        await _until_known(api, "planned_mode", planned)
        await _until_known(api, "total_profit", min(planned, 1))


async def _until_known(api: HomeAssistantApi, key: str, count: int) -> None:
    """Wait for entities of a kind, which there are once something is known."""
    # Another process tells its entities only when it is asked for them.
    while await api.count_entities(key) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def _run(options: argparse.Namespace) -> None:
    """Run the simulator and Home Assistant until a signal ends them."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    if options.reset:
        await asyncio.to_thread(_remove, options.config)
    async with contextlib.AsyncExitStack() as stack:
        devices = await stack.enter_async_context(
            running(
                _placements(options.simulator_port), host="127.0.0.1", clock=Clock()
            )
        )
        prices = OctopusServer()
        port = options.simulator_port
        await prices.start("127.0.0.1", port and port + _PRICES_OFFSET)
        stack.push_async_callback(prices.stop)
        network = await _start_network(stack, port)
        pools = await _start_pools(stack, options.simulator_port)
        control = ControlPort(devices, prices, pools, network)
        await control.start("127.0.0.1", options.simulator_port)
        stack.push_async_callback(control.stop)
        _say("Starting Home Assistant, which takes half a minute the first time")
        starting = asyncio.create_task(
            stack.enter_async_context(
                HomeAssistantInstance(options.config, options.port)
            )
        )
        ended = asyncio.create_task(end.wait())
        await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            return
        instance = starting.result()
        session = await stack.enter_async_context(aiohttp.ClientSession())
        api = await HomeAssistantApi.open(session, instance.url)
        if options.empty:
            await api.remove_entries()
        else:
            # Before the miners, so that what they cost and earn is known at once.
            await _add_prices(api, "" if options.real_prices else prices.url)
            await _add_fleet(api, pools, network.url)
            titles = await _add_miners(api, devices)
            await place_miners(api, titles)
            await _add_plans(api, titles)
            await create_dashboard(api)
        _say("")
        _say(f"Home Assistant   http://localhost:{options.port}")
        if not options.empty:
            _say(f"Dashboard        http://localhost:{options.port}/{URL_PATH}")
        _say(f"Log in           user {USER}, password {PASSWORD}")
        _say(f"Miners           {', '.join(device.url for device in devices)}")
        _say(f"Prices           {prices.url}{' (not used)' * options.real_prices}")
        _say(f"Bitcoin network  http://127.0.0.1:{control.port}/network")
        _say(f"Pools            http://127.0.0.1:{control.port}/pools")
        _say(f"Faults           http://127.0.0.1:{control.port}/devices")
        _say(f"Log              {instance.log}")
        _say("Ctrl-C ends all of it.")
        await asyncio.wait(
            {ended, asyncio.create_task(instance.ended())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        _say("Stopping")


def main() -> int:
    """Run until the end; return 1 if something did not start."""
    try:
        asyncio.run(_run(_arguments()))
    except (HomeAssistantStartError, OSError, aiohttp.ClientError) as err:
        _say(f"Not started: {err}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
