"""Routes switches to what an entry stands for."""

from .miner.switch import async_setup_entry

__all__ = ["PARALLEL_UPDATES", "async_setup_entry"]

PARALLEL_UPDATES = 1
