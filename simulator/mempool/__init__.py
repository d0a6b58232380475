"""A simulated mempool, which tells of the Bitcoin network."""

from simulator.mempool.faults import MempoolFault
from simulator.mempool.server import PARTS, MempoolServer

__all__ = ["PARTS", "MempoolFault", "MempoolServer"]
