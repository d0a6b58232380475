"""Tries what somebody typed as a pool."""

from homeassistant.core import HomeAssistant

from ..sources.pool_statistics import (
    PoolAccessDeniedError,
    PoolStatisticsError,
    SecretUnusableError,
    UrlUnusableError,
)
from .library import LibraryPool, StatisticsSource
from .pool_health import async_try_pool
from .pool_statistics import async_ask_pool
from .rare_requests import async_keep_answer, async_recent_answer


async def async_pool_fault(hass: HomeAssistant, pool: LibraryPool) -> str | None:
    """Return the key of the text that says why a pool does not serve a miner."""
    result = await async_try_pool(hass, pool)
    return None if result.problem is None else result.problem.value


async def async_statistics_fault(
    hass: HomeAssistant, source: StatisticsSource | None
) -> str | None:
    """Return the key of the text that says why a pool does not tell what it sees."""
    if source is None or async_recent_answer(hass, source) is not None:
        return None
    try:
        answer = await async_ask_pool(hass, source)
    except SecretUnusableError:
        return "secret_unusable"
    except UrlUnusableError:
        return "statistics_url_unusable"
    except PoolAccessDeniedError:
        return "secret_refused"
    except PoolStatisticsError:
        return "statistics_failed"
    async_keep_answer(hass, source, answer)
    return None
