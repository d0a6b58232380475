"""Asks a mempool for what is known of the Bitcoin network, a round at a time."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.loader import async_get_loaded_integration
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..sources.mempool import MempoolClient, MempoolError, NetworkFacts
from .rare_requests import (
    RareCoordinator,
    async_keep_answer,
    async_put_off,
    async_recent_answer,
)
from .runtime import FleetConfigEntry

ROUND_INTERVAL: Final = 900.0
"""Seconds between two rounds at least. The difficulty changes every two weeks."""

_NAME: Final = "Bitcoin network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a mempool told, and when."""

    at: datetime
    facts: NetworkFacts


class NetworkRounds(RareCoordinator[Round]):
    """The newest round. None before the first one."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        url: str,
        currency: str | None,
    ) -> None:
        """Initialize for an address; without a currency no price is asked for."""
        key = _key(url, currency)
        super().__init__(hass, entry, _NAME, key, ROUND_INTERVAL)
        self._url = url
        self._currency = currency

    @override
    async def _async_ask(self) -> Round:
        try:
            return await _async_ask(self.hass, self._url, self._currency)
        except MempoolError as err:
            self._stay_away(err.retry_after)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="network_failed",
                translation_placeholders={"error": str(err)},
            ) from err


def _key(url: str, currency: str | None) -> Hashable:
    """Return what tells a question from all others that the fleet asks."""
    return ("network", url, currency)


async def _async_ask(hass: HomeAssistant, url: str, currency: str | None) -> Round:
    """Return what a mempool says now, or raise MempoolError."""
    client = MempoolClient(
        async_get_clientsession(hass),
        url,
        version=str(async_get_loaded_integration(hass, DOMAIN).version),
    )
    facts = await client.fetch(currency)
    return Round(at=dt_util.utcnow(), facts=facts)


async def async_try_network(
    hass: HomeAssistant, url: str, currency: str | None
) -> None:
    """Try an address that somebody typed, unless it is known to answer.

    Raises MempoolError. What it answers is the first round of the address.
    """
    key = _key(url, currency)
    if async_recent_answer(hass, key) is None:
        answer = await _async_ask(hass, url, currency)
        async_keep_answer(hass, key, answer, ROUND_INTERVAL)


@callback
def async_put_off_round(
    hass: HomeAssistant, url: str, currency: str | None, seconds: float
) -> None:
    """Ask nothing for some seconds, because a round before a restart is that recent."""
    async_put_off(hass, _key(url, currency), seconds)
