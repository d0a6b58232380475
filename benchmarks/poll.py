"""What polling miners costs, beside a floor that is measured in the same run.

Run it with the environment of the newest Home Assistant:

    .venv-latest/bin/python -m benchmarks.poll

The floor is a bare exchange of the same reply, read by orjson: a GET by aiohttp, or
one connection of the cgminer API by asyncio. All times are CPU
time, of all threads, per miner and poll; the simulated miners run in another process.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
import json
import os
import re
import subprocess
import sys
import tempfile
from typing import Any

import aiohttp

from benchmarks.families import FAMILIES, HOST
from simulator.clock import ManualClock

_PACKAGE = "custom_components.miner_controller"
_POLLS = 20

# What Home Assistant imports of the integration: these import the rest.
_MODULES = (
    "binary_sensor",
    "button",
    "config_flow",
    "diagnostics",
    "event",
    "number",
    "repairs",
    "select",
    "sensor",
    "switch",
    "system_health",
    "update",
)

# What the project aims at: the largest value that is good enough.
_HOME_AIM = 4.5
_MEMORY_AIM = 10.0
_IMPORT_AIM = 50.0


def _say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _aim(value: float, aim: float) -> str:
    """Return whether a value keeps to its aim."""
    return f"aim ≤ {aim:g}: {'kept' if value <= aim else 'MISSED'}"


def _measure_home(
    family: str, miners: int, polls: int, *, recorder: bool
) -> Mapping[str, Any]:
    """Return what `benchmarks.home` measures in a new process."""
    command = [sys.executable, "-m", "benchmarks.home", family, str(miners)]
    command += ["--polls", str(polls), *(["--recorder"] if recorder else [])]
    output = subprocess.run(  # noqa: S603
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout
    result: Mapping[str, Any] = json.loads(output.splitlines()[-1])
    return result


async def _requests_per_poll(family: str) -> float:
    """Return how many requests a miner sees for one poll.

    One that speaks the cgminer API takes a connection for each.
    """
    device = FAMILIES[family].create(0, ManualClock())
    await device.start(HOST)
    async with aiohttp.ClientSession() as session:
        client = FAMILIES[family].client(session, device.port)
        await client.identify()
        before = len(device.requests)
        for _ in range(_POLLS):
            device.advance(15)
            await client.fetch()
        requests = len(device.requests) - before
    await device.stop()
    return requests / _POLLS


def _import_times() -> tuple[float, float]:
    """Return the ms to import all of the integration, and Home Assistant's part.

    The integration's is the time of its own modules. What they import of Home
    Assistant is there already when it loads.
    """
    modules = [f"{_PACKAGE}.{name}" for name in _MODULES]
    code = f"import homeassistant.bootstrap, {', '.join(modules)}"
    best = (float("inf"), 0.0)
    with tempfile.TemporaryDirectory() as compiled:
        # What is imported was compiled before, as it is in every home but at the first
        # start: the first of the runs sees to that.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(4):
            best = min(best, _import_time(code, environment))
    return best


def _import_time(code: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return the ms that imports take in modules of the integration, and in others."""
    report = subprocess.run(  # noqa: S603
        [sys.executable, "-X", "importtime", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    ).stderr
    own = other = 0
    for match in re.finditer(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", report):
        if match[2].startswith("custom_components"):
            own += int(match[1])
        else:
            other += int(match[1])
    return own / 1000, other / 1000


def _report(results: Sequence[Mapping[str, Any]]) -> None:
    """Print the table of polls."""
    _say(
        "CPU per miner and poll             "
        "floor   client  ratio     home  ratio  changes"
    )
    for result in results:
        floor, client, home = (
            result[key] * 1000 for key in ("floor", "client", "home")
        )
        name = (
            f"{result['miners']:>3} × {FAMILIES[result['family']].title}"
            f"{', recorder' if result['recorder'] else ''}"
        )
        _say(
            f"{name:<31} {floor:>5.3f} ms {client:>5.3f} ms {client / floor:>5.2f}×"
            f" {home:>5.3f} ms {home / floor:>5.2f}× {result['changes']:>8.1f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--polls", type=int, default=600, help="polls a measurement")
    options = parser.parse_args()
    runs = (
        ("axeos", 1, False),
        ("axeos", 10, False),
        ("axeos", 100, False),
        ("axeos", 10, True),
        ("avalon", 1, False),
        ("avalon", 10, False),
    )
    results = [
        {
            **_measure_home(family, miners, options.polls, recorder=recorder),
            "recorder": recorder,
        }
        for family, miners, recorder in runs
    ]
    _report(results)
    own, other = _import_times()
    fleet = results[2]
    home = max(item["home"] / item["floor"] for item in results if not item["recorder"])
    memory = fleet["memory_per_entity"] / 1024
    _say()
    _say(f"enabled entities a miner   {fleet['entities']:.0f}")
    for name, family in FAMILIES.items():
        client = max(
            item["client"] / item["floor"] for item in results if item["family"] == name
        )
        requests = asyncio.run(_requests_per_poll(name))
        _say(
            f"{family.title}: requests a poll {requests:.2f}, client / floor at worst "
            f"{client:.2f}   {_aim(client, family.client_aim)}"
        )
    _say(f"changes without a change   {sum(item['empty_changes'] for item in results)}")
    _say(f"home / floor, worst        {home:.2f}   {_aim(home, _HOME_AIM)}")
    _say(f"memory an entity (KiB)     {memory:.1f}   {_aim(memory, _MEMORY_AIM)}")
    _say(f"memory a miner (KiB)       {fleet['memory_per_miner'] / 1024:.0f}")
    _say(f"import (ms)                {own:.1f}   {_aim(own, _IMPORT_AIM)}")
    _say(f"import beside core's (×)   {own / other:.3f}")


if __name__ == "__main__":
    main()
