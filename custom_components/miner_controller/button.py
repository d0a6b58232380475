"""Routes buttons to what an entry stands for."""

from .miner.button import async_setup_entry

__all__ = ["PARALLEL_UPDATES", "async_setup_entry"]

# A miner that shows which one it is does so for seconds, and can be restarted
# meanwhile. Its client sees to one request at a time.
PARALLEL_UPDATES = 0
