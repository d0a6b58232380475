"""What hearing NMMiners costs, beside a floor that is measured in the same run.

Run it with the environment of the newest Home Assistant:

    .venv-latest/bin/python -m benchmarks.listen

The floor takes the same datagrams from a bare socket and reads them by orjson. All
times are CPU time of the thread, for one datagram, with the sending left out.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
import socket
import sys
from time import thread_time
from unittest.mock import patch

import orjson

from custom_components.miner_controller.protocols import nmminer_listener
from custom_components.miner_controller.protocols.nmminer_listener import (
    Drop,
    NMMinerListener,
    open_shared_socket,
)
from custom_components.miner_controller.protocols.nmminer_report import NMMinerReport
from simulator.clock import ManualClock
from simulator.nmminer import NMMinerUdpDevice

_MINERS = 50
_ROUNDS = 100
_REPEATS = 3

# What a flood is, and how many datagrams of it fit the buffer of a socket.
_FLOOD = 10_000
_FLOOD_PART = 100

# What the project aims at: the largest value that is good enough.
_HEARD_AIM = 10.0
_FLOOD_AIM = 2.0


def _say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _aim(value: float, aim: float) -> str:
    """Return whether a value keeps to its aim."""
    return f"aim ≤ {aim:g}: {'kept' if value <= aim else 'MISSED'}"


def _datagram() -> bytes:
    """Return what a miner that has found shares broadcasts, but for its address."""
    clock = ManualClock()
    device = NMMinerUdpDevice(seed=1, firmware="1.5.01", clock=clock, periodic=False)
    clock.advance(900)
    device.catch_up()
    told = orjson.loads(device.status_datagram())
    return orjson.dumps({**told, "ip": "0.0.0.0"})  # noqa: S104


@contextmanager
def _senders(count: int) -> Iterator[list[socket.socket]]:
    """Open sockets, each with an address of its own."""
    with ExitStack() as stack:
        opened = []
        for number in range(count):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            opened.append(stack.enter_context(sender))
            sender.bind((f"127.0.20.{number + 1}", 0))
        yield opened


def _floor(datagram: bytes, senders: list[socket.socket]) -> tuple[float, float]:
    """Return what taking a datagram costs at least, with and without reading it."""
    receiver = open_shared_socket(0)
    address = ("127.0.0.1", receiver.getsockname()[1])
    costs = []
    for read in (True, False):
        seconds = 0.0
        for _ in range(_ROUNDS):
            for sender in senders:
                sender.sendto(datagram, address)
            started = thread_time()
            for _ in senders:
                taken, _ = receiver.recvfrom(2049)
                if read:
                    orjson.loads(taken)
            seconds += thread_time() - started
        costs.append(seconds / _ROUNDS / len(senders))
    receiver.close()
    return costs[0], costs[1]


async def _heard(datagram: bytes, senders: list[socket.socket]) -> float:
    """Return what it costs to hear each of some miners once in two seconds."""
    listener = NMMinerListener(0)
    taken = 0

    def heard(_: str, __: NMMinerReport) -> None:
        nonlocal taken
        taken += 1

    for sender in senders:
        listener.listen(heard, sender.getsockname()[0])
    seconds, now = 0.0, 0.0
    with patch.object(nmminer_listener, "monotonic", lambda: now):
        listener.open()
        address = ("127.0.0.1", listener.port)
        for _ in range(_ROUNDS):
            now += 2
            for sender in senders:
                sender.sendto(datagram, address)
            seconds += await _drain(lambda: taken, len(senders))
        listener.close()
    return seconds / _ROUNDS / len(senders)


async def _flooded(datagram: bytes, sender: socket.socket) -> tuple[float, int]:
    """Return what a datagram of a flood costs, and how many were taken for a report."""
    listener = NMMinerListener(0)
    listener.open()
    address = ("127.0.0.1", listener.port)
    seconds = 0.0
    with patch.object(nmminer_listener, "monotonic", lambda: 1000.0):
        for _ in range(_FLOOD // _FLOOD_PART):
            for _ in range(_FLOOD_PART):
                sender.sendto(datagram, address)
            seconds += await _drain(
                lambda: listener.dropped[Drop.TOO_SOON] + len(listener.heard),
                _FLOOD_PART,
            )
    reports = len(listener.heard)
    listener.close()
    return seconds / _FLOOD, reports


async def _drain(count: Callable[[], int], more: int) -> float:
    """Return the CPU seconds until so many datagrams more have been taken."""
    wanted = count() + more
    started = thread_time()
    # Only turns of the loop make the listener read.
    while count() < wanted:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return thread_time() - started


def main() -> int:
    """Measure, and return 1 if an aim is missed."""
    datagram = _datagram()
    best = [float("inf")] * 4
    reports = 0
    with _senders(_MINERS) as senders:
        for _ in range(_REPEATS):
            floor, bare = _floor(datagram, senders)
            heard = asyncio.run(_heard(datagram, senders))
            flooded, reports = asyncio.run(_flooded(datagram, senders[0]))
            best = [
                min(pair)
                for pair in zip(best, (floor, bare, heard, flooded), strict=True)
            ]
    floor, bare, heard, flooded = best
    _say(f"One datagram of {len(datagram)} bytes that is taken, over the floor:")
    _say(f"  {heard / floor:.2f} ({_aim(heard / floor, _HEARD_AIM)})")
    _say(f"One of {_FLOOD} datagrams that one sender sends in a second, over taking it")
    _say("from the socket without reading it:")
    _say(f"  {flooded / bare:.2f} ({_aim(flooded / bare, _FLOOD_AIM)})")
    _say(f"  {flooded * _FLOOD:.1%} of a core, and {reports} update in that second")
    return int(heard / floor > _HEARD_AIM or flooded / bare > _FLOOD_AIM)


if __name__ == "__main__":
    sys.exit(main())
