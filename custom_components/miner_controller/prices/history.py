"""Past prices, fetched when somebody asks for them, and kept."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..planning import series
from ..planning.slots import Slot, gaps, merge, overlapping
from ..planning.spans import Span
from ..sources.tariff import Tariff, TariffError
from .memory import UNREADABLE
from .pause import ServicePause

_VERSION: Final = 1

LONGEST_PAST: Final = timedelta(days=366)
"""How far back past prices are kept."""

# What had no price when it was asked for mostly never gets one.
_ASKED_AGAIN_AFTER: Final = timedelta(hours=6)


def history_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps past prices, apart from those of the present."""
    return Store(hass, _VERSION, f"{DOMAIN}.price_history.{entry_id}")


class PriceHistory:
    """The past of a tariff, of which only what is missing is asked for."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, tariff: Tariff, pause: ServicePause
    ) -> None:
        """Initialize without reading the file, which few ever need."""
        self._hass = hass
        self._store = history_store(hass, entry_id)
        self._tariff = tariff
        self._pause = pause
        self._slots: tuple[Slot, ...] | None = None
        """What was kept, None before the file was read."""
        self._asked: list[tuple[Span, datetime]] = []
        """What was asked for lately, and when."""
        self._lock = asyncio.Lock()
        self._closed = False

    def close(self) -> None:
        """Write nothing any more: the file may be another's, or removed."""
        self._closed = True

    async def async_prices(
        self, known: Sequence[Slot], start: datetime, end: datetime, now: datetime
    ) -> tuple[Slot, ...]:
        """Return the prices of a period in the past, with those known otherwise.

        What is missing is asked for in one piece. Raises TariffError.
        """
        async with self._lock:
            if self._slots is None:
                self._slots = await self._async_load()
            together = await self._async_merge(self._slots, known)
            if missing := self._missing(together, start, end, now):
                fetched = await self._async_ask(missing, now)
                kept = await self._async_merge(self._slots, fetched)
                self._slots = tuple(overlapping(kept, now - LONGEST_PAST, now))
                await self._async_save(self._slots)
                together = await self._async_merge(kept, known)
        return tuple(overlapping(together, start, end))

    def _missing(
        self, slots: Sequence[Slot], start: datetime, end: datetime, now: datetime
    ) -> Span | None:
        """Return where prices are missing that were not asked for lately."""
        self._asked = [
            (span, asked)
            for span, asked in self._asked
            if asked <= now < asked + _ASKED_AGAIN_AFTER
        ]
        missing = [
            gap
            for gap in gaps(slots, start, end)
            if not any(
                span.start <= gap.start and gap.end <= span.end
                for span, _ in self._asked
            )
        ]
        if not missing:
            return None
        return Span(start=missing[0].start, end=missing[-1].end)

    async def _async_ask(self, missing: Span, now: datetime) -> list[Slot]:
        """Return the prices of a span, unless the service wants to be left alone."""
        self._pause.check(now)
        try:
            fetched = await self._tariff.past_prices(missing.start, missing.end)
        except TariffError as err:
            self._pause.begin(now, err)
            raise
        self._asked.append((missing, now))
        return fetched

    async def _async_merge(
        self, known: Sequence[Slot], fetched: Sequence[Slot]
    ) -> tuple[Slot, ...]:
        """Return both together. A year of half hours takes a while."""
        return await self._hass.async_add_executor_job(merge, known, fetched)

    async def _async_save(self, slots: tuple[Slot, ...]) -> None:
        """Write the file."""
        rows = await self._hass.async_add_executor_job(series.pack, slots)
        if not self._closed:
            await self._store.async_save(
                {"reference": self._tariff.past_reference, "slots": rows}
            )

    async def _async_load(self) -> tuple[Slot, ...]:
        """Return what was kept, nothing where it belongs to another tariff."""
        try:
            data = await self._store.async_load()
            if data is None or data["reference"] != self._tariff.past_reference:
                return ()
            return await self._hass.async_add_executor_job(series.unpack, data["slots"])
        except UNREADABLE:
            return ()
