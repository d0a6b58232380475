"""What a tariff has to show as time passes, told by the service's own prices.

Nothing here comes from what the integration computes: each number is found anew, with
the prices that the simulated service would tell, published or not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.octopus import OctopusServer

from . import (
    SLOT,
    find_entity_id,
    full_state,
    live_until,
    price_at,
    state,
)

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MISSING = {STATE_UNAVAILABLE, STATE_UNKNOWN}

# An installation asks for tomorrow from this time on, and at most so much later.
FIRST_TRY = time(16, 5)
JITTER = timedelta(minutes=10)

# The sensors that tell of the slot of now.
OF_NOW = ("current_price", "next_price", "price_rank", "price_quantile")


def uk(text: str) -> datetime:
    """Return a moment in UTC from what a clock in London shows."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def uk_date(moment: datetime) -> date:
    """Return the date in London."""
    return moment.astimezone(LONDON).date()


def at_uk(day: date, at: time) -> datetime:
    """Return when it is a time in London on a day."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def midnights(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in London."""
    return at_uk(day, time()), at_uk(day + DAY, time())


def agile_end(day: date) -> datetime:
    """Return the end of the prices that are published on the day before."""
    return at_uk(day, time(23))


def half_hours(start: datetime, end: datetime) -> list[datetime]:
    """Return where the half hours of a period begin."""
    return [start + place * SLOT for place in range((end - start) // SLOT)]


def slot_start(moment: datetime) -> datetime:
    """Return where the half hour of a moment begins."""
    return dt_util.utc_from_timestamp(moment.timestamp() // 1800 * 1800)


def moment_of(text: str) -> datetime:
    """Return the moment in UTC that a state or an attribute tells."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def in_london(moment: datetime) -> str:
    """Return a moment as an attribute tells it: as the local clock shows it."""
    return moment.astimezone(LONDON).isoformat()


def mean(prices: Sequence[float]) -> float:
    """Return the average of prices that hold equally long."""
    return sum(prices) / len(prices)


def about(price: float) -> object:
    """Return what equals a price to a millionth of a pound, as averages are told."""
    return pytest.approx(price, abs=1e-6)


def exactly(price: float) -> object:
    """Return what equals a price that is not the outcome of a calculation."""
    return pytest.approx(price, abs=1e-12)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a service, for whatever period is asked about."""

    server: OctopusServer
    known: dict[datetime, float] = field(default_factory=dict)
    """What was looked up already: nothing changes a price after that."""

    def at(self, moment: datetime) -> float:
        """Return the price at a moment."""
        start = slot_start(moment)
        if start not in self.known:
            self.known[start] = price_at(self.server, start)
        return self.known[start]

    def of(self, starts: Sequence[datetime]) -> list[float]:
        """Return the prices of half hours."""
        return [self.at(start) for start in starts]

    def lowest(self, starts: Sequence[datetime]) -> datetime:
        """Return the cheapest half hour, the first of several."""
        return min(starts, key=lambda start: (self.at(start), start))

    def highest(self, starts: Sequence[datetime]) -> datetime:
        """Return the dearest half hour, the first of several."""
        return min(starts, key=lambda start: (-self.at(start), start))

    def cheapest(self, starts: Sequence[datetime], count: int) -> list[datetime]:
        """Return the cheapest half hours, of which there have to be no others."""
        found = sorted(starts, key=self.at)
        assert self.at(found[count - 1]) < self.at(found[count])
        return sorted(found[:count])

    def cheapest_block(self, starts: Sequence[datetime], count: int) -> list[datetime]:
        """Return the cheapest half hours in a row."""
        blocks = [
            starts[place : place + count] for place in range(len(starts) - count + 1)
        ]
        blocks.sort(key=self.sum_of)
        assert self.sum_of(blocks[1]) - self.sum_of(blocks[0]) > 1e-6
        return list(blocks[0])

    def sum_of(self, starts: Sequence[datetime]) -> float:
        """Return the sum of the prices of half hours."""
        return sum(self.of(starts))


def joined(starts: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """Return when half hours begin and end, those in a row as one."""
    found: list[tuple[datetime, datetime]] = []
    for start in starts:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], start + SLOT)
        else:
            found.append((start, start + SLOT))
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """The entities of a tariff as they are now."""

    hass: HomeAssistant
    entry: MockConfigEntry

    def text(self, key: str) -> str:
        """Return the state of a sensor."""
        return state(self.hass, self.entry, "sensor", key)

    def number(self, key: str) -> float:
        """Return the state of a sensor that has to be a number."""
        text = self.text(key)
        assert text not in MISSING, f"{key} is {text}"
        return float(text)

    def moment(self, key: str) -> datetime:
        """Return the state of a sensor that has to be a moment."""
        text = self.text(key)
        assert text not in MISSING, f"{key} is {text}"
        return moment_of(text)

    def attributes(self, key: str) -> dict[str, object]:
        """Return the attributes of a sensor."""
        return dict(full_state(self.hass, self.entry, "sensor", key).attributes)

    def is_on(self, key: str) -> bool:
        """Return the state of a binary sensor that has to be known."""
        text = state(self.hass, self.entry, "binary_sensor", key)
        assert text in {STATE_ON, STATE_OFF}, f"{key} is {text}"
        return text == STATE_ON

    def span(self, key: str) -> tuple[object, object]:
        """Return the start and the end that are attributes of a sensor."""
        attributes = self.attributes(key)
        return attributes.get("start"), attributes.get("end")

    def periods(self, window: str) -> list[tuple[datetime, datetime]]:
        """Return when a cheap window is active."""
        active = full_state(self.hass, self.entry, "binary_sensor", f"{window} active")
        return [
            (moment_of(period["start"]), moment_of(period["end"]))
            for period in active.attributes["periods"]
        ]

    def slots(self) -> list[tuple[datetime, datetime, float]]:
        """Return the slots that the current price tells."""
        told = full_state(self.hass, self.entry, "sensor", "current_price")
        return [
            (moment_of(slot["start"]), moment_of(slot["end"]), slot["price"])
            for slot in told.attributes["prices"]
        ]


def london_span(start: datetime) -> tuple[str, str]:
    """Return when a half hour starts and ends, as attributes tell it."""
    return in_london(start), in_london(start + SLOT)


def check_current(seen: Seen, prices: Prices, now: datetime) -> None:
    """Check the price of now."""
    start = slot_start(now)
    assert seen.number("current_price") == exactly(prices.at(start)), in_london(now)
    assert seen.span("current_price") == london_span(start)
    assert seen.is_on("negative_price") is (prices.at(start) < 0)


def check_all(seen: Seen, prices: Prices, now: datetime, until: datetime) -> None:
    """Check everything that a tariff shows of prices, which are known until a moment.

    There has to be a price for now, and all of today before it.
    """
    check_current(seen, prices, now)
    current, following = slot_start(now), slot_start(now) + SLOT
    if following < until:
        assert seen.number("next_price") == exactly(prices.at(following))
        assert seen.span("next_price") == london_span(following)
    else:
        assert seen.text("next_price") == STATE_UNKNOWN
        assert seen.span("next_price") == (None, None)

    midnight, next_midnight = midnights(uk_date(now))
    day = half_hours(midnight, next_midnight)
    today = [start for start in day if start < until]
    assert seen.attributes("average_price_today")["complete"] is (today == day)
    assert seen.number("average_price_today") == about(mean(prices.of(today)))
    lowest, highest = prices.lowest(today), prices.highest(today)
    for key, start in (("lowest", lowest), ("highest", highest)):
        assert seen.number(f"{key}_price_today") == exactly(prices.at(start))
        assert seen.span(f"{key}_price_today") == london_span(start)
    assert seen.moment("cheapest_slot") == lowest
    ahead = [start for start in half_hours(current, current + DAY) if start < until]
    assert seen.moment("cheapest_slot_ahead") == prices.lowest(ahead)

    cheaper = sum(prices.at(start) < prices.at(current) for start in today)
    dearer = sum(prices.at(start) > prices.at(current) for start in today)
    assert seen.number("price_rank") == cheaper + 1
    assert seen.attributes("price_rank")["slots"] == len(today)
    assert seen.number("price_quantile") == about(cheaper / (cheaper + dearer))

    assert seen.moment("prices_known_until") == until
    assert seen.slots() == [
        (start, start + SLOT, exactly(prices.at(start)))
        for start in half_hours(midnight, until)
    ]
    tomorrow = agile_end(uk_date(now) + DAY)
    assert seen.is_on("tomorrow_published") is (until >= tomorrow)


def check_nothing_known(seen: Seen) -> None:
    """Check that nothing is made up about now, which has no price."""
    for key in OF_NOW:
        assert seen.text(key) in MISSING, f"{key} is {seen.text(key)}"
        assert seen.span(key) == (None, None)
    negative = state(seen.hass, seen.entry, "binary_sensor", "negative_price")
    assert negative in MISSING
    assert seen.text("prices_known_until") in MISSING
    assert seen.text("cheapest_slot_ahead") in MISSING


@dataclass(slots=True)
class Diary:
    """What happened while time passed: alarms, requests, and announcements."""

    hass: HomeAssistant
    entry: MockConfigEntry
    server: OctopusServer
    freezer: FrozenDateTimeFactory
    rings: list[datetime] = field(default_factory=list)
    requests: list[datetime] = field(default_factory=list)
    announced: list[State] = field(default_factory=list)
    _counted: int = 0

    @classmethod
    def begin(
        cls,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        server: OctopusServer,
        freezer: FrozenDateTimeFactory,
    ) -> Self:
        """Begin with all that happens from now on."""
        diary = cls(hass, entry, server, freezer, _counted=len(server.requests))
        event_id = find_entity_id(hass, entry, "event", "prices_published")

        @callback
        def note_event(event: Event[EventStateChangedData]) -> None:
            new, old = event.data["new_state"], event.data["old_state"]
            if event.data["entity_id"] != event_id or new is None or old is None:
                return
            # What is told again after a restart did not happen again.
            is_restored = old.state == STATE_UNAVAILABLE
            if new.state not in MISSING and new.state != old.state and not is_restored:
                diary.announced.append(new)

        hass.bus.async_listen(EVENT_STATE_CHANGED, note_event)
        return diary

    def count(self, now: datetime) -> None:
        """Note the requests since the last look."""
        new = len(self.server.requests) - self._counted
        self._counted += new
        self.requests += [now] * new

    def asked_at(self) -> list[datetime]:
        """Return the moments at which something was asked, each once."""
        return list(dict.fromkeys(self.requests))

    def requests_on(self, day: date) -> int:
        """Return how many requests there were on a day in London."""
        return sum(uk_date(moment) == day for moment in self.requests)

    def was_asked_today(self, now: datetime) -> bool:
        """Return whether the prices of tomorrow were asked for, which are there."""
        first_try = at_uk(uk_date(now), FIRST_TRY)
        return any(moment >= first_try for moment in self.requests[-1:])

    def until(self, now: datetime) -> datetime:
        """Return until when prices are known on a day without a failure."""
        days = 1 if self.was_asked_today(now) else 0
        return agile_end(uk_date(now) + days * DAY)

    async def follow(
        self, moment: datetime, check: Callable[[datetime], None] | None = None
    ) -> None:
        """Let time pass until a moment, and check something at each alarm."""

        def note(now: datetime) -> None:
            self.rings.append(now)
            self.count(now)
            if check is not None:
                check(now)

        await live_until(self.hass, self.freezer, self.entry, moment, note)
        self.count(moment)

    async def follow_edges(
        self, edges: Sequence[datetime], check: Callable[[datetime], None]
    ) -> None:
        """Let time pass, and check something right before each edge and right at it."""
        for edge in edges:
            await self.follow(edge - SECOND, check)
            check(edge - SECOND)
            await self.follow(edge, check)
            check(edge)

    def check_alarms(self, start: datetime, end: datetime) -> None:
        """Check that the alarm rang with each slot, and else only to ask for prices."""
        rings = [moment for moment in self.rings if start <= moment < end]
        asked = [moment for moment in self.requests if start <= moment < end]
        assert rings == sorted({*half_hours(start, end), *asked})


def set_clock(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, by: timedelta
) -> None:
    """Set the clock. No time passes by that: who waits for a while goes on waiting.

    A frozen clock is one for both, so the time of the event loop is held back.
    """
    loop_time = hass.loop.time
    before = loop_time()
    freezer.move_to(dt_util.utcnow() + by)
    jump = loop_time() - before
    hass.loop.time = lambda: loop_time() - jump  # type: ignore[method-assign]
