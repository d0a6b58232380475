"""Waits for conditions, never for a fixed time."""

import asyncio
from collections.abc import Awaitable, Callable

_PAUSE = 0.2


async def until(
    condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 20
) -> None:
    """Wait until a condition holds, and fail where it does not in time."""
    try:
        async with asyncio.timeout(seconds):
            # Another process tells its state only when it is asked for it.
            while not await condition():  # noqa: ASYNC110
                await asyncio.sleep(_PAUSE)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {seconds} s") from None
