"""Routes numbers to what an entry stands for."""

from .miner.number import async_setup_entry

__all__ = ["PARALLEL_UPDATES", "async_setup_entry"]

PARALLEL_UPDATES = 1
