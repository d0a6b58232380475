"""Simulated services that tell what a pool knows of somebody's miners."""

from simulator.pool_statistics.accounts import Account, PoolWorker, WorkerState
from simulator.pool_statistics.faults import PoolStatisticsFault
from simulator.pool_statistics.server import PoolStatisticsServer

__all__ = [
    "Account",
    "PoolStatisticsFault",
    "PoolStatisticsServer",
    "PoolWorker",
    "WorkerState",
]
