"""The command line of `python -m simulator`."""

import argparse
import asyncio
import json
from pathlib import Path
import signal
import sys

from simulator.clock import Clock
from simulator.control import ControlPort
from simulator.families import SpecError
from simulator.home import DEFAULT_HOME, Placement, describe, parse_placement, running

CONTROL_PORT = 8700


def _arguments() -> argparse.ArgumentParser:
    """Return what the command understands."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Fake miners that answer on real ports, for trying things out.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--control-port",
        type=int,
        default=CONTROL_PORT,
        metavar="N",
        help=f"port that takes faults (default {CONTROL_PORT}, 0 for a free one)",
    )
    parser.add_argument(
        "--device",
        action="append",
        default=[],
        metavar="NAME=SPEC@HOST:PORT",
        help="a device such as office=axeos:gamma601:2.12@8702, "
        "attic=nerdqaxe:1.1.0:otp or loft=nmminer:1.5.01@127.0.12.9, with a host, a "
        "port, both or neither; repeat it for more; without it a home of "
        f"{len(DEFAULT_HOME)}",
    )
    parser.add_argument(
        "--ready-file",
        type=Path,
        metavar="PATH",
        help="file that lists the devices once all of them listen",
    )
    return parser


def _write_ready_file(path: Path, devices: list[object]) -> None:
    """Put the list in place in one step, so that nobody reads half of it."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(json.dumps(devices, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)


async def simulate(
    placements: tuple[Placement, ...],
    *,
    host: str,
    control_port: int,
    ready_file: Path | None,
) -> None:
    """Run the devices and the control port until a signal ends it."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    async with running(placements, host=host, clock=Clock()) as devices:
        control = ControlPort(devices)
        await control.start(host, control_port)
        try:
            for device in devices:
                kind = f"{device.family} {device.board_name} {device.firmware_name}"
                _say(f"{device.name}: {kind} {device.url}")
            if ready_file is not None:
                listed: list[object] = [describe(device) for device in devices]
                await asyncio.to_thread(_write_ready_file, ready_file, listed)
            _say(f"control: http://{host}:{control.port}/devices")
            await end.wait()
        finally:
            await control.stop()


def _say(line: str) -> None:
    """Print a line at once, for whoever reads it through a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the simulator; return 2 for a device that nobody understands."""
    parser = _arguments()
    options = parser.parse_args()
    try:
        placements = tuple(parse_placement(text) for text in options.device)
        asyncio.run(
            simulate(
                placements or DEFAULT_HOME,
                host=options.host,
                control_port=options.control_port,
                ready_file=options.ready_file,
            )
        )
    except SpecError as error:
        parser.error(str(error))
    except OSError as error:
        parser.exit(1, f"cannot listen: {error}\n")
    return 0
