"""Routes events to what an entry stands for."""

from .prices.event import async_setup_entry

__all__ = ["PARALLEL_UPDATES", "async_setup_entry"]

PARALLEL_UPDATES = 0
