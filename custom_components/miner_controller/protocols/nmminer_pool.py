"""Changes a pool of an NMMiner with firmware 1.5.01 to 1.8, and waits for the proof."""

import asyncio
from collections.abc import Awaitable
from contextlib import closing
from typing import Final

from .errors import (
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnconfirmedError,
    MinerUnreachableError,
)
from .model import Pool
from .nmminer_broadcasts import NMMinerBroadcasts
from .nmminer_configuration import (
    Configuration,
    ConfigurationReports,
    names_network,
    pool_configuration,
    send_configuration,
)
from .nmminer_info import uses_pool
from .nmminer_report import NMMinerReport
from .pool_address import parse_pool_address
from .pool_settings import PoolSettings

# How long a miner may take to show what it was told, or to tell its settings (s).
CONFIRMATION_TIME: Final = 60.0


async def tell_pool(
    broadcasts: NMMinerBroadcasts, slot: int, pool: PoolSettings, *, whole: bool
) -> None:
    """Send a pool to one miner and wait until the miner shows it.

    The first pool shows as the one in use. The second one, and another worker at a
    pool that is in use, show only in the settings that the miner broadcasts. `whole`
    sends the pool together with all of these settings. Raises MinerUnconfirmedError
    where the miner does not show it.
    """
    if (address := await broadcasts.address()) is None:
        raise MinerUnreachableError("The name has no address")
    wanted, shown = pool_configuration(slot, pool), parse_pool_address(pool.url)
    before = await broadcasts.fresh()
    shows = slot == 0 and not (before and uses_pool(before.status, shown))
    if shows and not whole:
        await send_configuration(wanted, to=address)
        await wait_for_pool(broadcasts, shown)
        return
    with closing(ConfigurationReports()) as reports:
        told = await _settings(reports, address) if whole else {}
        await send_configuration({**told, **wanted}, to=address)
        if not shows:
            await _wait_for_settings(reports, address, wanted)
            return
    await wait_for_pool(broadcasts, shown)


async def wait_for_pool(broadcasts: NMMinerBroadcasts, pool: Pool | None) -> None:
    """Wait until a miner broadcasts that it uses a pool.

    Raises MinerUnconfirmedError if it does not come to that.
    """
    shown: Pool | None = None

    async def wait() -> None:
        nonlocal shown
        while True:
            report: NMMinerReport = await broadcasts.next(CONFIRMATION_TIME)
            shown = report.status.active_pool
            if uses_pool(report.status, pool):
                return

    try:
        await _in_time(wait())
    except TimeoutError, MinerTimeoutError:
        raise MinerUnconfirmedError(
            f"it shows {shown.address}" if shown else "it shows no pool"
        ) from None


async def _settings(reports: ConfigurationReports, address: str) -> Configuration:
    """Return all settings of a miner, its network's name and key among them."""
    try:
        return await _in_time(reports.wait_for(address, names_network))
    except TimeoutError:
        raise MinerRefusedError("It did not tell its settings") from None


async def _wait_for_settings(
    reports: ConfigurationReports, address: str, wanted: Configuration
) -> None:
    """Wait until a miner tells settings in which a change stands."""
    try:
        await _in_time(
            reports.wait_for(
                address,
                lambda told: all(told.get(key) == wanted[key] for key in wanted),
            )
        )
    except TimeoutError:
        raise MinerUnconfirmedError("it did not tell its settings") from None


async def _in_time[ResultT](waiting: Awaitable[ResultT]) -> ResultT:
    """Return what is waited for. Raises TimeoutError where it takes too long."""
    async with asyncio.timeout(CONFIRMATION_TIME):
        return await waiting
