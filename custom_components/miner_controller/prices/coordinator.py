"""Knows the prices of one tariff, and decides when its cheap windows are active."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..planning import decisions
from ..planning.decisions import Decision
from ..planning.fetch_schedule import FetchState
from ..planning.overview import Overview, next_change, overview
from ..planning.slots import day_span, known_until, merge, overlapping, slot_at
from ..planning.windows import CheapWindow
from ..sources.tariff import Tariff, TariffError
from .entries import SUBENTRY_CHEAP_WINDOW
from .fault_finder import FAULT_REST, FaultFinder
from .history import PriceHistory
from .memory import PriceMemory
from .pause import ServicePause
from .publication import Publication, PublicationWatch

# Prices of so many days before today are kept, for what was decided with them.
_DAYS_KEPT: Final = 3

_SAVE_DELAY: Final = 5

# Should anything go wrong while it rings, the alarm rings again after this.
_NEXT_ALARM_AT_THE_LATEST: Final = timedelta(minutes=30)

# Somebody may ask for an update at any time. So may an automation, every minute.
_SHORTEST_INTERVAL: Final = timedelta(minutes=5)

type PriceConfigEntry = ConfigEntry[PriceCoordinator]


class PriceCoordinator(DataUpdateCoordinator[Overview]):
    """The prices of a tariff, as they are seen now.

    There is one alarm, for whatever comes first: the end of a slot, a moment of a cheap
    window, or that prices are to be fetched. Each time all of that is looked at, so
    a clock that was set is noticed with the next slot at the latest.
    """

    config_entry: PriceConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PriceConfigEntry,
        tariff: Tariff,
        store: Store[dict[str, Any]],
        memory: PriceMemory,
        jitter: int,
    ) -> None:
        """Initialize with what was kept; `jitter` is in seconds."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        fetch = memory.fetch
        self._pause = ServicePause(
            fetch.last_attempt + timedelta(seconds=fetch.retry_after)
            if fetch.last_attempt and fetch.retry_after
            else None
        )
        self.tariff = tariff
        self.history = PriceHistory(hass, entry.entry_id, tariff, self._pause)
        self.slots = memory.slots
        self.windows = {
            subentry.subentry_id: CheapWindow.from_dict(subentry.data)
            for subentry in entry.get_subentries_of_type(SUBENTRY_CHEAP_WINDOW)
        }
        self.decisions: Mapping[str, tuple[Decision, ...]] = memory.decisions
        self.publication: Publication | None = None
        """What was published last, since this was set up."""
        self.alarm_at: datetime | None = None
        """When it looks at all of this again."""
        self._store = store
        self._fetch = replace(fetch, jitter=jitter)
        self._rest = ServicePause()
        """For which nothing is asked, as the tariff itself is what is wrong."""
        self._publications = PublicationWatch(memory.announced_until)
        self._faults = FaultFinder(hass, entry, tariff, self._pause)
        self._fetching = False
        self._alarm: CALLBACK_TYPE | None = None
        self._alarm_job = HassJob(
            self._async_ring, f"{self.name} alarm", cancel_on_shutdown=True
        )
        self._async_see(dt_util.utcnow())

    @property
    def is_tomorrow_published(self) -> bool:
        """Return whether the prices of tomorrow are known."""
        until = self.data.known_until
        return until is not None and until >= self.tariff.tomorrow_end(dt_util.utcnow())

    @property
    def fetch_state(self) -> FetchState:
        """Return what decides when prices are fetched next."""
        until = known_until(self.slots, dt_util.utcnow())
        return replace(self._fetch, known_until=until)

    @callback
    def next_fetch(self, now: datetime) -> datetime | None:
        """Return when prices are fetched next, None where polling was disabled."""
        if self.config_entry.pref_disable_polling:
            return None
        ends = (self._pause.end(now), self._rest.end(now))
        due = self.tariff.next_fetch(now, self.fetch_state)
        return max((due, *(end for end in ends if end is not None)))

    @callback
    def async_start(self) -> None:
        """Set the alarm, and fetch prices if that is due already."""
        self._async_ring()

    @override
    async def async_shutdown(self) -> None:
        """End the alarm, and write down what is to be kept.

        An update that somebody asked for may still go on, and must not write after
        this: another coordinator has the files then, or nobody.
        """
        await super().async_shutdown()
        if self._alarm is not None:
            self._alarm()
        self._faults.close()
        self.history.close()
        await self._store.async_save(self._kept())

    @callback
    def _async_ring(self, _: datetime | None = None) -> None:
        """Show what holds now, fetch prices if that is due, and set the next alarm."""
        now = dt_util.utcnow()
        self._async_set_alarm_at(now, now + _NEXT_ALARM_AT_THE_LATEST)
        self._async_see(now)
        self.async_update_listeners()
        due = self.next_fetch(now)
        if due is not None and due <= now and not self._fetching:
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} prices"
            )
        self._async_set_alarm(now)

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        """Look at everything: what is known has changed, or a slot has ended meanwhile.

        After a second failure in a row nobody else would tell the entities.
        """
        now = dt_util.utcnow()
        self._async_see(now)
        self.async_update_listeners()
        self._async_set_alarm(now)

    @callback
    def _async_set_alarm(self, now: datetime) -> None:
        """Ring at the next moment at which anything may change."""
        zone = dt_util.get_default_time_zone()
        moments = [
            next_change(self.slots, now, zone),
            *(
                decisions.next_update(window, self.decisions.get(key, ()), now, zone)
                for key, window in self.windows.items()
            ),
        ]
        if not self._fetching and (due := self.next_fetch(now)) is not None:
            moments.append(due)
        self._async_set_alarm_at(now, max(min(moments), now))

    @callback
    def _async_set_alarm_at(self, now: datetime, moment: datetime) -> None:
        """Ring at a moment, and not at the one that was set before."""
        if self._shutdown_requested:
            return
        if self._alarm is not None:
            self._alarm()
        self.alarm_at = moment
        # It rings after a time, and not at a time, so a clock that was set back in the
        # meantime does not put it off.
        self._alarm = async_call_later(self.hass, moment - now, self._alarm_job)

    @callback
    def _async_see(self, now: datetime) -> None:
        """Look at what is known from a moment, and decide about the cheap windows."""
        zone = dt_util.get_default_time_zone()
        self.data = overview(self.slots, now, zone)
        if not self.slots and self._fetch.last_attempt is None:
            # What is about to be asked for the first time is not unknown yet.
            return
        decided = {
            key: decisions.update(
                window, self.decisions.get(key, ()), self.slots, now, zone
            )
            for key, window in self.windows.items()
        }
        if decided != self.decisions:
            self.decisions = decided
            self._async_keep()

    @callback
    def _async_keep(self) -> None:
        """Have what is to be kept written down soon."""
        if not self._shutdown_requested:
            self._store.async_delay_save(self._kept, _SAVE_DELAY)

    def _kept(self) -> dict[str, Any]:
        """Return what is to be kept, and what it belongs to."""
        memory = PriceMemory(
            slots=self.slots,
            fetch=self._fetch,
            announced_until=self._publications.announced_until,
            decisions=self.decisions,
        )
        return {"reference": self.tariff.reference, **memory.as_dict()}

    @override
    async def _async_update_data(self) -> Overview:
        """Fetch what is missing, unless nothing is, or it was tried just now."""
        now, state = dt_util.utcnow(), self.fetch_state
        if self.tariff.is_complete(now, state):
            return self.data
        if not self._may_ask(now):
            if not self.last_update_success and self.last_exception is not None:
                # Nothing was learned: what failed before has not succeeded.
                raise self.last_exception
            return self.data
        self._fetching = True
        try:
            error = await self._async_fetch(now, state)
        finally:
            self._fetching = False
        if error is not None:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="prices_failed",
                translation_placeholders={"error": str(error)},
            ) from error
        return self.data

    def _may_ask(self, now: datetime) -> bool:
        """Return whether it is time to ask, or long enough ago to ask all the same."""
        if (due := self.next_fetch(now)) is not None and due <= now:
            return True
        if self._pause.end(now) is not None:
            return False
        last = self._fetch.last_attempt
        return last is None or not last <= now < last + _SHORTEST_INTERVAL

    async def _async_fetch(
        self, now: datetime, state: FetchState
    ) -> TariffError | None:
        """Fetch what is missing, and return why that failed if it did."""
        start, end = self.tariff.period_to_fetch(now, state.known_until)
        error: TariffError | None = None
        try:
            fetched = await self.tariff.prices(start, end)
        except TariffError as err:
            error, fetched = err, []
        except Exception:
            # Whatever happened, this was an attempt: the alarm must not ring at once.
            self._fetch = self.tariff.after_attempt(now, state, state.known_until, None)
            raise
        if self._shutdown_requested:
            return error
        now = dt_util.utcnow()
        if error is not None:
            self._pause.begin(now, error)
        if fetched:
            # Only who has new prices forgets old ones: a clock may be wrong.
            oldest = day_span(now, dt_util.get_default_time_zone(), -_DAYS_KEPT).start
            known = merge(self.slots, fetched)
            self.slots = tuple(overlapping(known, oldest, end))
        self._fetch = self.tariff.after_attempt(
            now,
            state,
            known_until(self.slots, now),
            error.retry_after if error else None,
        )
        self.publication = (
            self._publications.look(
                self.slots,
                self.fetch_state.known_until,
                complete=self.tariff.is_complete(now, self.fetch_state),
            )
            or self.publication
        )
        self._async_keep()
        is_faulty = await self._faults.async_judge(
            now,
            self.fetch_state,
            error,
            has_price=slot_at(self.slots, now) is not None,
        )
        self._rest = ServicePause(now + FAULT_REST if is_faulty else None)
        return error
