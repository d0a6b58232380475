"""Asks a pool what it sees of its user's miners."""

from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.loader import async_get_loaded_integration

from ..const import DOMAIN
from ..sources.pool_statistics import (
    PoolAccessDeniedError,
    PoolStatistics,
    PoolStatisticsError,
    fetch_pool_statistics,
)
from .library import StatisticsSource
from .rare_requests import RareCoordinator
from .runtime import FleetConfigEntry


class PoolStatisticsCoordinator(RareCoordinator[PoolStatistics]):
    """What a pool sees of its user's miners. None before it was asked."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        name: str,
        source: StatisticsSource,
    ) -> None:
        """Initialize for an account."""
        super().__init__(hass, entry, name, source)
        self.source = source

    @override
    async def _async_ask(self) -> PoolStatistics:
        try:
            return await async_ask_pool(self.hass, self.source)
        except PoolAccessDeniedError as err:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="pool_access_denied",
                translation_placeholders={"pool": self.name},
            ) from err
        except PoolStatisticsError as err:
            self._stay_away(err.retry_after)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="pool_statistics_failed",
                translation_placeholders={"pool": self.name, "error": str(err)},
            ) from err


async def async_ask_pool(
    hass: HomeAssistant, source: StatisticsSource
) -> PoolStatistics:
    """Return what a pool says now, or raise PoolStatisticsError."""
    return await fetch_pool_statistics(
        async_get_clientsession(hass),
        source.service,
        secret=source.secret,
        url=source.url,
        version=str(async_get_loaded_integration(hass, DOMAIN).version),
    )
