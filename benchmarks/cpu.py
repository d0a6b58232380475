"""Measures CPU time where other programs disturb."""

from collections.abc import Callable
import time

_TRIES = 7


def cpu_seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the CPU time of one round: the shortest of some, as others disturb."""
    work()
    shortest = float("inf")
    for _ in range(_TRIES):
        begun = time.process_time()
        for _ in range(rounds):
            work()
        shortest = min(shortest, time.process_time() - begun)
    return shortest / rounds
