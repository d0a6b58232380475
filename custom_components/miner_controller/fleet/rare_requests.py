"""Asks somebody outside only now and then, also over a reload."""

from abc import abstractmethod
from asyncio import Task, wait
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
"""Seconds between two requests for the same at least, where nothing else is said."""

# By so many seconds more, at random, so that homes do not ask all at once.
_LONGEST_JITTER: Final = 60.0
# What fails is asked less and less often, up to so many times the interval.
_LONGEST_BACKOFF: Final = 4

# Until when nothing more is asked, and what was the answer. It outlives a reload, which
# every change of a pool causes.
_ANSWERS: HassKey[dict[Hashable, tuple[float, Any]]] = HassKey(f"{DOMAIN}_answers")
# What is being asked now. A reload does not cut it short, as nobody would ask again
# before the interval is over.
_QUESTIONS: HassKey[dict[Hashable, Task[Any]]] = HassKey(f"{DOMAIN}_questions")


@callback
def async_recent_answer(hass: HomeAssistant, key: Hashable) -> Any:
    """Return the answer of the last interval, None where there is none."""
    until, answer = hass.data.get(_ANSWERS, {}).get(key, (0.0, None))
    return answer if hass.loop.time() < until else None


@callback
def async_keep_answer(
    hass: HomeAssistant, key: Hashable, answer: Any, seconds: float = REQUEST_INTERVAL
) -> None:
    """Keep an answer, or that there was none, and forget what is too old.

    Nothing more is asked for so many seconds.
    """
    answers, now = hass.data.setdefault(_ANSWERS, {}), hass.loop.time()
    for known, (until, _) in list(answers.items()):
        if now >= until:
            del answers[known]
    answers[key] = (now + seconds, answer)


@callback
def async_put_off(hass: HomeAssistant, key: Hashable, seconds: float) -> None:
    """Ask nothing for some seconds at least."""
    answers, now = hass.data.setdefault(_ANSWERS, {}), hass.loop.time()
    until, answer = answers.get(key, (0.0, None))
    answers[key] = (max(until, now + seconds), answer if now < until else None)


class RareCoordinator[AnswerT](DataUpdateCoordinator[AnswerT | None]):
    """What somebody outside says. None while nobody was asked."""

    config_entry: FleetConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        name: str,
        key: Hashable,
        interval: float = REQUEST_INTERVAL,
    ) -> None:
        """Initialize with what is known; `key` tells what is asked from all else.

        `interval` are the seconds between two requests at least.
        """
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=name,
            update_interval=timedelta(seconds=interval),
        )
        self._key = key
        self._interval = interval
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
            self._plan(self._interval)
            return None
        if (question := self.hass.data.get(_QUESTIONS, {}).get(self._key)) is not None:
            return await self._async_wait(question)
        until, known = self.hass.data.get(_ANSWERS, {}).get(self._key, (None, None))
        now = self.hass.loop.time()
        if until is not None and now < until:
            # Whoever looks meanwhile does not bring forward what was put off.
            self._plan(max(until, self._due) - now)
            error = self.last_exception if not self.last_update_success else None
            if known is None and isinstance(error, UpdateFailed):
                # What was known before it failed has not come back since.
                raise error
            return self.data if known is None else known
        return await self._async_wait(self._async_begin())

    @callback
    def _async_begin(self) -> Task[AnswerT]:
        """Begin to ask."""
        # A failure is kept too: it is no reason to ask again at once.
        async_keep_answer(self.hass, self._key, None, self._interval)
        questions = self.hass.data.setdefault(_QUESTIONS, {})
        question = questions[self._key] = self.hass.async_create_background_task(
            self._async_ask(), f"{self.name} is asked", eager_start=False
        )

        @callback
        def end(question: Task[AnswerT]) -> None:
            del questions[self._key]
            # Whoever waited may be gone.
            if not question.cancelled() and question.exception() is None:
                async_keep_answer(
                    self.hass, self._key, question.result(), self._interval
                )

        question.add_done_callback(end)
        return question

    async def _async_wait(self, question: Task[AnswerT]) -> AnswerT:
        """Return the answer to a question, whoever asked it."""
        self._failures += 1
        self._plan(self._backoff)
        # A reload ends the waiting and not the question.
        await wait([question])
        answer = question.result()
        if not self._is_failure(answer):
            self._failures = 0
        self._plan(self._backoff)
        return answer

    @callback
    def _stay_away(self, seconds: float | None) -> None:
        """Ask again no sooner than somebody outside wants it, in s."""
        if seconds is not None:
            wait = max(seconds, self._backoff)
            self._plan(wait)
            # A reload does not bring it forward either.
            async_put_off(self.hass, self._key, wait)

    @property
    def _backoff(self) -> float:
        """Return for how many seconds nothing is asked."""
        times: int = 2 ** max(self._failures - 1, 0)
        return self._interval * min(times, _LONGEST_BACKOFF)

    @callback
    def _plan(self, seconds: float) -> None:
        """Ask again after so many seconds, or a little later."""
        self._due = self.hass.loop.time() + seconds
        jitter = uniform(1, _LONGEST_JITTER)  # noqa: S311
        self.update_interval = timedelta(seconds=seconds + jitter)
