"""What a fleet of 200 miners costs, in a whole Home Assistant.

    .venv-latest/bin/python -m benchmarks.fleet

The least that a total takes is to add up one number of each miner: that is the floor
of an update. The least that a poll takes is to tell the miner's own entities of it:
that is the floor of what the fleet does with a poll. Both are measured in the same
run, and all times are CPU time.
"""

import asyncio
import os
from pathlib import Path
import socket
import sys
import tempfile
from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from benchmarks.cpu import cpu_seconds
from benchmarks.home import add_miners, start_home
from benchmarks.server import serving
from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet.coordinator import (
    UPDATE_INTERVAL,
    FleetCoordinator,
)
from custom_components.miner_controller.fleet.entries import SUBENTRY_POOL
from custom_components.miner_controller.fleet.library import pool_data
from custom_components.miner_controller.miner.coordinator import MinerCoordinator
from custom_components.miner_controller.miner.entries import async_miner_entries

_MINERS = 200
_POOLS = 20
_POLL_SECONDS = 15.0

# What the project aims at: the most floors that are good enough, and the part of one
# core for all miners at the usual interval, in %.
_UPDATE_AIM = 400
_POLL_AIM = 0.5
_CORE_AIM = 1.0


async def _add_fleet(hass: HomeAssistant) -> FleetCoordinator:
    """Add the fleet with pools as a user would."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": "user"})
    await flow.async_configure(result["flow_id"], {"next_step_id": "fleet"})
    result = await flow.async_configure(result["flow_id"], {})
    entry = result["result"]
    for number in range(_POOLS):
        # Nothing listens at these ports, and the miners use other pools.
        data = pool_data(url=f"stratum+tcp://127.0.0.1:{number + 1}", worker="{miner}")
        hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType(data),
                subentry_type=SUBENTRY_POOL,
                title=f"Pool {number + 1}",
                unique_id=None,
            ),
        )
    await hass.async_block_till_done()
    totals: FleetCoordinator = entry.runtime_data.totals
    return totals


async def _measure() -> int:
    """Print the costs; return 1 if one is above its aim."""
    with (
        serving("axeos", _MINERS) as ports,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        hass = await start_home(Path(folder), recorder=False)
        await add_miners(hass, ports)
        miners: list[MinerCoordinator] = [
            entry.runtime_data for entry in async_miner_entries(hass)
        ]

        def tell() -> None:
            """Tell whoever listens of a poll of each miner."""
            for miner in miners:
                miner.async_update_listeners()

        alone = cpu_seconds(tell, 3)
        fleet = await _add_fleet(hass)
        # The first one updates the totals; the others come too soon after it.
        together = cpu_seconds(tell, 3)
        floor = cpu_seconds(
            lambda: sum(miner.data.hashrate or 0 for miner in miners), 100
        )
        update = cpu_seconds(fleet.async_update_totals, 20)
        await hass.async_stop(force=True)
    poll = max(together - alone, 0.0)
    core = 100 * (poll / _POLL_SECONDS + update / UPDATE_INTERVAL)
    print(f"{_MINERS} miners, {_POOLS} pools")
    rows = (
        ("update of the totals", update, floor, update / floor, _UPDATE_AIM),
        ("polls of all miners", poll, alone, poll / alone, _POLL_AIM),
    )
    missed = core > _CORE_AIM
    for name, cost, least, ratio, aim in rows:
        missed |= ratio > aim
        verdict = "kept" if ratio <= aim else "MISSED"
        print(
            f"{name:22} {cost * 1e3:8.3f} ms  floor {least * 1e3:8.3f} ms  "
            f"{ratio:6.2f} x  aim ≤ {aim}: {verdict}"
        )
    print(f"one core: {core:.2f} %  aim ≤ {_CORE_AIM} %")
    return int(missed)


def main() -> int:
    """Measure in a Home Assistant of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        os.environ["SETUP_PORT"] = str(free.getsockname()[1])
    return asyncio.run(_measure())


if __name__ == "__main__":
    sys.exit(main())
