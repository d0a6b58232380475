"""Asks somebody outside at most once in five minutes, also over a reload."""

from abc import abstractmethod
from collections.abc import Hashable
from datetime import timedelta
from random import uniform
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from .runtime import FleetConfigEntry

REQUEST_INTERVAL: Final = 300.0
"""Seconds between two requests for the same at least."""

# By so many seconds more, at random, so that homes do not ask all at once.
_LONGEST_JITTER: Final = 60.0
# What fails is asked less and less often, up to so many times the interval.
_LONGEST_BACKOFF: Final = 4

# When was asked last, and what was the answer. It outlives a reload, which every change
# of a pool causes.
_ANSWERS: HassKey[dict[Hashable, tuple[float, Any]]] = HassKey(f"{DOMAIN}_answers")


@callback
def async_recent_answer(hass: HomeAssistant, key: Hashable) -> Any:
    """Return the answer of the last five minutes, None where there is none."""
    at, answer = hass.data.get(_ANSWERS, {}).get(key, (0.0, None))
    return answer if hass.loop.time() - at < REQUEST_INTERVAL else None


@callback
def async_keep_answer(hass: HomeAssistant, key: Hashable, answer: Any) -> None:
    """Keep an answer, or that there was none."""
    hass.data.setdefault(_ANSWERS, {})[key] = (hass.loop.time(), answer)


class RareCoordinator[AnswerT](DataUpdateCoordinator[AnswerT | None]):
    """What somebody outside says. None while nobody was asked."""

    config_entry: FleetConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: FleetConfigEntry, name: str, key: Hashable
    ) -> None:
        """Initialize with what is known; `key` tells what is asked from all else."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=name,
            update_interval=timedelta(seconds=REQUEST_INTERVAL),
        )
        self._key = key
        self._failures = 0
        self._due = 0.0
        self.data = async_recent_answer(hass, key)

    @abstractmethod
    async def _async_ask(self) -> AnswerT:
        """Ask. Raises UpdateFailed."""

    @property
    def _is_wanted(self) -> bool:
        """Return whether anybody wants to know."""
        return True

    def _is_failure(self, answer: AnswerT) -> bool:
        """Return whether an answer is a reason to ask less often."""
        return False

    @override
    async def _async_update_data(self) -> AnswerT | None:
        """Ask, unless that was done a moment ago."""
        if not self._is_wanted:
            self._plan(REQUEST_INTERVAL)
            return None
        at, known = self.hass.data.get(_ANSWERS, {}).get(self._key, (None, None))
        now = self.hass.loop.time()
        if at is not None and now - at < REQUEST_INTERVAL:
            # Whoever looks meanwhile does not bring forward what was put off.
            self._plan(max(at + REQUEST_INTERVAL, self._due) - now)
            error = self.last_exception if not self.last_update_success else None
            if known is None and isinstance(error, UpdateFailed):
                # What was known before it failed has not come back since.
                raise error
            return self.data if known is None else known
        # A failure is kept too: it is no reason to ask again at once.
        async_keep_answer(self.hass, self._key, None)
        self._failures += 1
        self._plan(self._backoff)
        answer = await self._async_ask()
        if not self._is_failure(answer):
            self._failures = 0
        self._plan(self._backoff)
        async_keep_answer(self.hass, self._key, answer)
        return answer

    @callback
    def _stay_away(self, seconds: float | None) -> None:
        """Ask again no sooner than somebody outside wants it, in s."""
        if seconds is not None:
            self._plan(max(seconds, self._backoff))

    @property
    def _backoff(self) -> float:
        """Return for how many seconds nothing is asked."""
        times: int = 2 ** max(self._failures - 1, 0)
        return REQUEST_INTERVAL * min(times, _LONGEST_BACKOFF)

    @callback
    def _plan(self, seconds: float) -> None:
        """Ask again after so many seconds, or a little later."""
        self._due = self.hass.loop.time() + seconds
        jitter = uniform(1, _LONGEST_JITTER)  # noqa: S311
        self.update_interval = timedelta(seconds=seconds + jitter)
