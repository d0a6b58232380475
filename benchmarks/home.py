"""Measures polls in a whole Home Assistant; run by `benchmarks.poll`.

Prints one JSON object: CPU seconds a poll of the floor, of the client alone and of
Home Assistant (for each miner and poll, idle subtracted), requests a poll, memory and
the numbers of entities and of state changes.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
import gc
import json
import logging
import os
from pathlib import Path
import resource
import socket
import sys
import tempfile
import time
from typing import Any

import aiohttp
from homeassistant import bootstrap, runner
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from benchmarks.families import FAMILIES, Family
from benchmarks.server import serving
from custom_components.miner_controller.const import DOMAIN

_REPOSITORY = Path(__file__).resolve().parents[1]
_IDLE_SECONDS = 5.0


def _resident_bytes() -> int:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


class StateChanges:
    """Counts the state changes of the integration, and those without a change."""

    def __init__(self) -> None:
        """Start at zero."""
        self.total = 0
        self.empty = 0

    @callback
    def count(self, event: Event[EventStateChangedData]) -> None:
        """Count one event."""
        old, new = event.data["old_state"], event.data["new_state"]
        self.total += 1
        if (
            old is not None
            and new is not None
            and old.state == new.state
            and old.attributes == new.attributes
        ):
            self.empty += 1


async def start_home(config: Path, *, recorder: bool) -> HomeAssistant:
    """Start Home Assistant in this process."""
    lines = ["frontend:", "homeassistant:", "  time_zone: Europe/London"]
    if recorder:
        lines += ["recorder:", "history:", "logbook:"]
    (config / "configuration.yaml").write_text("\n".join(lines), encoding="utf-8")
    (config / "custom_components").symlink_to(_REPOSITORY / "custom_components")
    hass = await bootstrap.async_setup_hass(
        runner.RuntimeConfig(config_dir=str(config), skip_pip=True)
    )
    if hass is None:
        raise RuntimeError("Home Assistant did not start")
    logging.disable(logging.CRITICAL)
    await hass.async_start()
    return hass


async def add_miners(hass: HomeAssistant, ports: Sequence[int]) -> None:
    """Add the miners as a user would."""
    flow = hass.config_entries.flow
    for port in ports:
        result = await flow.async_init(DOMAIN, context={"source": "user"})
        await flow.async_configure(result["flow_id"], {"next_step_id": "address"})
        await flow.async_configure(result["flow_id"], {"host": f"127.0.0.1:{port}"})
    await hass.async_block_till_done()


type Work = Callable[[], Awaitable[None]]


def _floor(
    family: Family, session: aiohttp.ClientSession, ports: Sequence[int]
) -> Work:
    """Return a bare exchange with each miner whose JSON is read."""

    async def exchange() -> None:
        for port in ports:
            await family.exchange(session, port)

    return exchange


def _client(
    family: Family, session: aiohttp.ClientSession, ports: Sequence[int]
) -> Work:
    """Return a poll of each miner by the client alone."""
    clients = [family.client(session, port) for port in ports]

    async def fetch() -> None:
        for client in clients:
            await client.fetch()

    return fetch


def _home(hass: HomeAssistant) -> Work:
    """Return a poll of each miner by Home Assistant, to the last thing it causes."""
    coordinators = [
        entry.runtime_data for entry in hass.config_entries.async_entries(DOMAIN)
    ]

    async def refresh() -> None:
        for coordinator in coordinators:
            await coordinator.async_refresh()
        await hass.async_block_till_done()
        if "recorder" in hass.config.components:
            from homeassistant.components.recorder import (  # noqa: PLC0415
                get_instance,
            )

            await get_instance(hass).async_block_till_done()

    return refresh


async def _idle_rate() -> float:
    """Return the CPU seconds that this process uses in a second of doing nothing."""
    start = time.process_time()
    await asyncio.sleep(_IDLE_SECONDS)
    return (time.process_time() - start) / _IDLE_SECONDS


async def _cpu_in_turn(works: Sequence[Work], rounds: int) -> list[float]:
    """Return the CPU seconds of a round of each, threads included, idle subtracted.

    They take turns, so a machine whose speed drifts treats all the same.
    """
    for work in works:
        await work()
    idle = await _idle_rate()
    totals = [0.0] * len(works)
    for _ in range(rounds):
        for index, work in enumerate(works):
            wall, cpu = time.monotonic(), time.process_time()
            await work()
            cpu, wall = time.process_time() - cpu, time.monotonic() - wall
            totals[index] += cpu - idle * wall
    return [total / rounds for total in totals]


async def _measure(
    name: str, miners: int, polls: int, *, recorder: bool
) -> dict[str, Any]:
    """Return all measurements for a number of miners of a family."""
    family = FAMILIES[name]
    rounds = max(polls // miners, 3)
    with (
        serving(name, miners) as ports,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        hass = await start_home(Path(folder), recorder=recorder)
        gc.collect()
        before = _resident_bytes()
        await add_miners(hass, ports)
        gc.collect()
        memory = _resident_bytes() - before
        entities = [
            entity
            for entity in er.async_get(hass).entities.values()
            if entity.platform == DOMAIN
        ]
        changes = StateChanges()
        hass.bus.async_listen(EVENT_STATE_CHANGED, changes.count)
        async with aiohttp.ClientSession() as session:
            works = [
                _floor(family, session, ports),
                _client(family, session, ports),
                _home(hass),
            ]
            floor, client, home = await _cpu_in_turn(works, rounds)
        await hass.async_stop(force=True)
    return {
        "family": name,
        "miners": miners,
        "recorder": recorder,
        "entities": sum(not entity.disabled for entity in entities) / miners,
        "floor": floor / miners,
        "client": client / miners,
        "home": home / miners,
        "changes": changes.total / ((rounds + 1) * miners),
        "empty_changes": changes.empty,
        "memory_per_entity": memory / len(entities),
        "memory_per_miner": memory / miners,
    }


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("miners", type=int)
    parser.add_argument("--polls", type=int, default=600)
    parser.add_argument("--recorder", action="store_true")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        os.environ["SETUP_PORT"] = str(free.getsockname()[1])
    result = asyncio.run(
        _measure(
            options.family, options.miners, options.polls, recorder=options.recorder
        )
    )
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
