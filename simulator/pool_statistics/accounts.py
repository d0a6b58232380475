"""What the pools know: who mines for whom, and how much."""

from dataclasses import dataclass, field
from enum import StrEnum


class WorkerState(StrEnum):
    """What Braiins Pool calls what a worker does."""

    OK = "ok"
    LOW = "low"
    OFF = "off"
    # Its monitoring is disabled.
    DISABLED = "dis"


@dataclass(slots=True, kw_only=True)
class PoolWorker:
    """A worker, its hashrate in H/s as the average of the last hour."""

    name: str
    hashrate: float
    best_difficulty: float = 0.0
    state: WorkerState = WorkerState.OK

    @property
    def is_connected(self) -> bool:
        """Return whether it mines."""
        return self.state is not WorkerState.OFF

    def average(self, window: str) -> float:
        """Return the average of a span of time, of which no two are the same."""
        return self.hashrate * _SHARES_OF_AN_HOUR[window]


@dataclass(slots=True, kw_only=True)
class Account:
    """All workers of a payout address or of a user."""

    workers: list[PoolWorker] = field(default_factory=list)
    # The best of all time may be of a worker that is long gone.
    best_difficulty: float = 0.0
    # In BTC, with all of its decimals.
    balance: str = "0.00000000"

    def average(self, window: str) -> float:
        """Return the hashrate of all workers in H/s."""
        return sum(worker.average(window) for worker in self.workers)

    def count(self, state: WorkerState) -> int:
        """Return how many workers do something."""
        return sum(worker.state is state for worker in self.workers)

    @property
    def connected(self) -> list[PoolWorker]:
        """Return the workers that mine."""
        return [worker for worker in self.workers if worker.is_connected]


_SHARES_OF_AN_HOUR = {
    "1m": 0.6,
    "5m": 0.8,
    "1hr": 1.0,
    "1d": 1.2,
    "7d": 1.4,
}
