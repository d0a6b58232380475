"""Tests of what a tariff shows while its service is late, away, or full."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
import logging
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import (
    DOMAIN as HOMEASSISTANT_DOMAIN,
    SERVICE_UPDATE_ENTITY,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.planning.windows import (
    CheapWindow,
    UnknownPrices,
)
from custom_components.miner_controller.prices.issues import PriceIssue
from custom_components.miner_controller.prices.sensor import SENSORS
from simulator.octopus import CURRENT, OctopusFault, OctopusServer
from tests.integration.conftest import free_tcp_port

from . import (
    SLOT,
    alarm_moment,
    find_entity_id,
    find_issue,
    restart,
    set_up,
    settle,
    tariff_entry,
)
from .time_travel import (
    DAY,
    FIRST_TRY,
    HOUR,
    JITTER,
    MINUTE,
    SECOND,
    Diary,
    Prices,
    Seen,
    about,
    agile_end,
    at_uk,
    check_all,
    check_current,
    check_nothing_known,
    half_hours,
    in_london,
    joined,
    mean,
    midnights,
    uk,
)

pytestmark = pytest.mark.usefixtures("hass_storage")

TODAY = date(2026, 11, 10)
TOMORROW = TODAY + DAY
DAY_AFTER = TOMORROW + DAY

NIGHT = CheapWindow(duration=3 * HOUR, start_time=time(21), end_time=time(7))
BLOCK = CheapWindow(
    duration=2 * HOUR, start_time=time(21), end_time=time(7), split=False
)

DAILY = CheapWindow(duration=2 * HOUR, unknown=UnknownPrices.USE_KNOWN)

# The growing intervals at which is asked again for what is not there yet.
INTERVALS = (5, 10, 15)
USUAL_INTERVAL = 30

type Stop = Callable[[MockConfigEntry], Awaitable[None]]


@dataclass(frozen=True)
class FailingServer:
    """A price service that can be away: it refuses to serve, or it does not listen."""

    server: OctopusServer
    stops: bool

    async def fail(self) -> None:
        """Be away from now on."""
        if self.stops:
            await self.server.stop()
        else:
            self.server.fault = OctopusFault.UNAVAILABLE

    async def recover(self) -> None:
        """Be there again, where it was."""
        if self.stops:
            await self.server.start(port=self.server.port)
        else:
            self.server.fault = None


class Requests(list[tuple[str, Mapping[str, str]]]):
    """The requests of a server, and that one has arrived."""

    def __init__(self, arrived: asyncio.Event) -> None:
        """Begin without any."""
        super().__init__()
        self._arrived = arrived

    @override
    def append(self, item: tuple[str, Mapping[str, str]]) -> None:
        """Take a request, and tell of it."""
        super().append(item)
        self._arrived.set()


@pytest.fixture(params=[False, True], ids=["unavailable", "stopped"])
async def failing(
    request: pytest.FixtureRequest, morning: None, socket_enabled: None
) -> AsyncIterator[FailingServer]:
    """Run a price service at a port that nobody else has while it is away."""
    with free_tcp_port() as port:
        server = OctopusServer()
        await server.start(port=port)
        yield FailingServer(server=server, stops=request.param)
        await server.stop()


@pytest.fixture(params=["unloaded", "power cut"])
def stop(
    request: pytest.FixtureRequest, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> Stop:
    """Return what ends an entry, in order or with what was written down before."""

    async def stop(entry: MockConfigEntry) -> None:
        kept = deepcopy(hass_storage)
        assert await hass.config_entries.async_unload(entry.entry_id)
        await settle(hass)
        if request.param == "power cut":
            hass_storage.clear()
            hass_storage.update(kept)

    return stop


def attempts(first: datetime, end: datetime) -> list[datetime]:
    """Return when is asked for what is there from a moment on: the last gets it."""
    moments = [first]
    intervals = iter(INTERVALS)
    while moments[-1] < end:
        minutes = next(intervals, USUAL_INTERVAL)
        moments.append(moments[-1] + minutes * MINUTE)
    return moments


def issues(hass: HomeAssistant, entry: MockConfigEntry) -> set[PriceIssue]:
    """Return the repairs that there are."""
    return {issue for issue in PriceIssue if find_issue(hass, entry, issue)}


def check_announced(diary: Diary, prices: Prices, day: date) -> None:
    """Check that all prices of a day were announced, and that this is the last news."""
    told = diary.announced[-1].attributes
    starts = half_hours(agile_end(day - DAY), agile_end(day))
    assert told["start"] == in_london(starts[0])
    assert told["end"] == in_london(starts[-1] + SLOT)
    assert told["lowest"] == about(min(prices.of(starts)))
    assert told["highest"] == about(max(prices.of(starts)))
    assert told["average"] == about(mean(prices.of(starts)))


async def update_entities(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Ask for an update of several entities, as an automation may do at any time."""
    await hass.services.async_call(
        HOMEASSISTANT_DOMAIN,
        SERVICE_UPDATE_ENTITY,
        {
            ATTR_ENTITY_ID: [
                find_entity_id(hass, entry, "sensor", key)
                for key in ("current_price", "next_price")
            ]
        },
        blocking=True,
    )
    await settle(hass)


async def test_five_hours_late(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Prices that are late are asked for ever more seldom, and announced when there."""
    server.publication_delay = 5 * HOUR
    published = uk("2026-11-10 21:00")
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)

    def check(now: datetime) -> None:
        is_there = diary.requests[-1:] >= [published]
        check_all(seen, prices, now, agile_end(TOMORROW if is_there else TODAY))
        assert len(diary.announced) == is_there
        assert issues(hass, entry) == set()

    await diary.follow_edges(
        half_hours(uk("2026-11-10 10:30"), uk("2026-11-11 00:30")), check
    )
    asked = diary.asked_at()
    first_try = at_uk(TODAY, FIRST_TRY)
    assert first_try <= asked[0] <= first_try + JITTER
    assert asked == attempts(asked[0], published)
    # Once it is also looked up whether the product was retired.
    assert len(diary.requests) <= len(asked) + 3
    check_announced(diary, prices, TOMORROW)

    await diary.follow(uk("2026-11-11 15:30"), check)
    assert diary.asked_at() == asked


async def test_eight_hours_late(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Without prices for now nothing is shown, somebody is told, and all comes back."""
    server.publication_delay = 8 * HOUR
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    gap, (published, _) = agile_end(TODAY), midnights(TOMORROW)

    def check_known(now: datetime) -> None:
        check_all(seen, prices, now, agile_end(TODAY))
        assert issues(hass, entry) == set()

    def check_unknown(now: datetime) -> None:
        check_nothing_known(seen)
        assert not seen.is_on("tomorrow_published")
        assert diary.announced == []

    await diary.follow(gap - SLOT, check_known)
    assert seen.text("next_price") == STATE_UNKNOWN
    await diary.follow(gap - SECOND, check_known)
    check_known(gap - SECOND)
    await diary.follow(gap)
    check_unknown(gap)
    await diary.follow(gap + SLOT, check_unknown)
    # The service answers: it merely has no price for now.
    assert issues(hass, entry) == {PriceIssue.NO_PRICES}
    await diary.follow(published - SECOND, check_unknown)
    assert issues(hass, entry) == {PriceIssue.NO_PRICES}
    # At 23:00 it is asked anew, and twice it is looked up what became of the product.
    assert len(diary.asked_at()) <= 20
    assert len(diary.requests) <= len(diary.asked_at()) + 6

    await diary.follow(published + SLOT)
    check_all(seen, prices, published + SLOT, agile_end(TOMORROW))
    assert issues(hass, entry) == set()
    assert len(diary.announced) == 1
    check_announced(diary, prices, TOMORROW)
    # What had no price while it was now has one since.
    known = [slot.start for slot in entry.runtime_data.slots]
    assert known[-48:] == half_hours(gap, agile_end(TOMORROW))

    server.publication_delay = timedelta()
    await diary.follow_edges(
        half_hours(published + HOUR, agile_end(TOMORROW) + HOUR),
        lambda now: check_all(seen, prices, now, diary.until(now)),
    )
    assert len(diary.announced) == 2
    check_announced(diary, prices, DAY_AFTER)
    assert diary.requests_on(TOMORROW) <= 2


async def test_published_in_parts(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Prices of a part of tomorrow are used, and announced once the rest is there."""
    # What was taken off the market has no prices after that, and may still be listed.
    server.retired_products = {CURRENT}
    server.retired_listed = True
    server.retired_since = uk("2026-11-11 10:00")
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)

    def check(now: datetime) -> None:
        until = server.retired_since if diary.requests else agile_end(TODAY)
        check_all(seen, prices, now, until)
        assert diary.announced == []

    await diary.follow_edges(
        half_hours(uk("2026-11-10 10:30"), uk("2026-11-10 18:30")), check
    )
    server.retired_products = set()
    complete = attempts(diary.requests[0], dt_util.utcnow())[-1]
    await diary.follow(complete)
    check_all(seen, prices, complete, agile_end(TOMORROW))
    assert len(diary.announced) == 1
    check_announced(diary, prices, TOMORROW)
    assert diary.asked_at() == attempts(diary.requests[0], complete)


async def test_outage_with_prices(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    failing: FailingServer,
    stop: Stop,
) -> None:
    """A day without the service and with a restart is one like any other day."""
    server = failing.server
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT), ("Block", BLOCK)))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    night = half_hours(at_uk(TODAY, time(21)), at_uk(TOMORROW, time(7)))
    chosen = {
        "Night": prices.cheapest(night, 6),
        "Block": prices.cheapest_block(night, 4),
    }
    until = agile_end(TOMORROW)

    def check(now: datetime) -> None:
        check_all(seen, prices, now, until)
        for name, slots in chosen.items():
            is_in = any(slot <= now < slot + SLOT for slot in slots)
            assert seen.is_on(f"{name} active") is is_in
            if now < night[-1] + SLOT:
                assert seen.periods(name) == joined(slots)
                assert seen.number(f"{name} average_price") == about(
                    mean(prices.of(slots))
                )
        assert issues(hass, entry) == set()

    await diary.follow(uk("2026-11-10 17:00"))
    check(uk("2026-11-10 17:00"))
    await failing.fail()
    asked = list(diary.requests)

    # It goes out while a block is running, and comes back while it still is.
    down = chosen["Block"][1] + 10 * MINUTE
    await diary.follow_edges(half_hours(uk("2026-11-10 17:30"), down), check)
    await diary.follow(down, check)
    await stop(entry)
    for key in ("current_price", "next_price"):
        assert seen.text(key) == STATE_UNAVAILABLE
    freezer.move_to(down + HOUR)
    assert await hass.config_entries.async_setup(entry.entry_id)
    check(down + HOUR)
    await settle(hass)
    check(down + HOUR)

    await diary.follow(uk("2026-11-11 16:00"), check)
    assert diary.requests == asked
    await diary.follow(uk("2026-11-11 19:00"), check)
    assert len(diary.announced) == 1
    await failing.recover()
    await diary.follow(uk("2026-11-11 19:30"))
    until = agile_end(DAY_AFTER)
    check(uk("2026-11-11 19:30"))
    assert len(diary.announced) == 2
    check_announced(diary, prices, DAY_AFTER)
    assert len(diary.requests) <= len(asked) + 12


async def test_window_is_remembered(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    stop: Stop,
) -> None:
    """What a window has decided, and has had already, a restart does not forget."""
    # Decided anew, the day would be given the last two half hours on top.
    last = [uk("2026-11-11 23:00"), uk("2026-11-11 23:30")]
    for slot in last:
        server.changed_prices[slot] = Decimal(-50)
    entry = await set_up(hass, tariff_entry(server, ("Day", DAILY)))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    midnight, next_midnight = midnights(TOMORROW)
    known = half_hours(midnight, agile_end(TOMORROW))
    chosen = prices.cheapest(known, 4)
    assert chosen[-1] < uk("2026-11-11 15:00")

    def check(now: datetime) -> None:
        is_in = any(slot <= now < slot + SLOT for slot in chosen)
        assert seen.is_on("Day active") is is_in
        periods = [
            period for period in seen.periods("Day") if period[0] < next_midnight
        ]
        assert periods == joined(chosen)

    await diary.follow(midnight)
    for text in ("00:10", "09:10", "16:40", "22:50"):
        down = uk(f"2026-11-11 {text}")
        await diary.follow(down, check)
        await stop(entry)
        freezer.move_to(down + 5 * MINUTE)
        assert await hass.config_entries.async_setup(entry.entry_id)
        check(down + 5 * MINUTE)
    await diary.follow(next_midnight - SECOND, check)
    check(next_midnight - SECOND)
    assert diary.requests_on(TOMORROW) == 1


async def test_outage_without_prices(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    failing: FailingServer,
    stop: Stop,
) -> None:
    """Prices that were kept are shown, and once they run out no old one is."""
    server = failing.server
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    gap = agile_end(TODAY)

    def check(now: datetime) -> None:
        if now < gap:
            check_all(seen, prices, now, gap)
            assert issues(hass, entry) == set()
        else:
            check_nothing_known(seen)
            for sensor in SENSORS:
                assert seen.text(sensor.key) in {STATE_UNAVAILABLE, STATE_UNKNOWN}
            assert not seen.attributes("current_price").get("prices")
        assert diary.announced == []

    async def restart_at(moment: datetime) -> None:
        await diary.follow(moment, check)
        await stop(entry)
        # A restart brings nothing, and takes nothing that is known.
        freezer.move_to(moment + 2 * MINUTE)
        assert await hass.config_entries.async_setup(entry.entry_id)
        check(moment + 2 * MINUTE)
        await settle(hass)
        check(moment + 2 * MINUTE)

    await diary.follow(uk("2026-11-10 15:30"), check)
    await failing.fail()
    await restart_at(uk("2026-11-10 18:10"))
    await diary.follow_edges(half_hours(uk("2026-11-10 18:30"), gap + SLOT), check)
    await diary.follow(gap + SLOT, check)
    assert issues(hass, entry) == {PriceIssue.PRICES_UNREACHABLE}

    await restart_at(uk("2026-11-11 03:20"))
    await diary.follow(uk("2026-11-11 17:30"), check)
    assert issues(hass, entry) == {PriceIssue.PRICES_UNREACHABLE}
    # Twice an hour, and a few times more often where something was due.
    assert len(diary.requests) <= 60

    await failing.recover()
    recovered = uk("2026-11-11 18:00")
    await diary.follow(recovered)
    check_all(seen, prices, recovered, agile_end(DAY_AFTER))
    assert issues(hass, entry) == set()
    await diary.follow(
        uk("2026-11-12 01:00"),
        lambda now: check_all(seen, prices, now, agile_end(DAY_AFTER)),
    )
    (announced,) = diary.announced
    assert announced.attributes["end"] == in_london(agile_end(DAY_AFTER))


async def test_first_start_without_network(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, failing: FailingServer
) -> None:
    """A tariff that was never fetched is loaded, and has its prices once there are."""
    await failing.fail()
    entry = await set_up(hass, tariff_entry(failing.server))
    assert entry.state is ConfigEntryState.LOADED
    diary = Diary.begin(hass, entry, failing.server, freezer)
    seen, prices = Seen(hass, entry), Prices(failing.server)
    check_nothing_known(seen)
    await diary.follow(uk("2026-11-10 12:00"), lambda _: check_nothing_known(seen))
    assert issues(hass, entry) == {PriceIssue.PRICES_UNREACHABLE}
    await failing.recover()
    await diary.follow(uk("2026-11-10 12:30"))
    check_all(seen, prices, uk("2026-11-10 12:30"), agile_end(TODAY))
    assert issues(hass, entry) == set()
    assert diary.announced == []


async def test_service_does_not_answer(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """A request that hangs at the start holds up neither the start nor any price."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    await diary.follow(uk("2026-11-10 15:50"))
    assert await hass.config_entries.async_unload(entry.entry_id)

    arrived = asyncio.Event()
    server.requests = Requests(arrived)
    server.fault = OctopusFault.HANG
    edge = uk("2026-11-10 16:30")
    freezer.move_to(edge - 5 * SECOND)
    assert await hass.config_entries.async_setup(entry.entry_id)
    check_all(seen, prices, edge - SLOT, agile_end(TODAY))
    await arrived.wait()
    check_all(seen, prices, edge - SLOT, agile_end(TODAY))
    assert alarm_moment(entry) == edge
    freezer.move_to(edge)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    check_all(seen, prices, edge, agile_end(TODAY))

    # It is given up after a while, and then asked for again.
    freezer.move_to(edge + 16 * SECOND)
    await settle(hass)
    assert len(server.requests) == 1
    server.fault = None
    await diary.follow(edge + 6 * MINUTE)
    check_all(seen, prices, edge, agile_end(TOMORROW))
    assert len(server.requests) == 2


async def test_busy_at_slot_edge(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """A price ends with its slot also where an update is due at the same moment."""
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    server.fault = OctopusFault.RATE_LIMITED
    server.retry_after = 60 * 60
    edge = uk("2026-11-10 16:30")
    await diary.follow(edge - 15 * SECOND)
    # The second of two updates in a row waits for ten seconds.
    await update_entities(hass, entry)
    # Home Assistant had something else to do, and finds both at once.
    freezer.move_to(edge)
    async_fire_time_changed(hass)
    await settle(hass)
    check_current(seen, prices, edge)


async def test_rate_limited(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """A service that wants to be left alone is, whoever asks for an update."""
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)

    def check(now: datetime) -> None:
        check_all(seen, prices, now, agile_end(TODAY))

    server.fault = OctopusFault.RATE_LIMITED
    server.retry_after = 90 * 60
    await diary.follow(at_uk(TODAY, FIRST_TRY) + JITTER)
    (first,) = diary.requests
    second, third = first + 90 * MINUTE, first + 140 * MINUTE
    asked = [first]
    for end, wait in ((second, 50 * 60), (third, 0)):
        moment = dt_util.utcnow() + MINUTE
        while moment < end:
            await diary.follow(moment, check)
            await update_entities(hass, entry)
            diary.count(moment)
            check(moment)
            moment += 4 * MINUTE
        await restart(hass, entry)
        await diary.follow(end - SECOND, check)
        assert diary.requests == asked
        server.retry_after = wait
        if end == third:
            server.fault = None
        await diary.follow(end)
        asked.append(end)
        assert diary.requests == asked
    check_all(seen, prices, third, agile_end(TOMORROW))
    assert len(diary.announced) == 1
    check_announced(diary, prices, TOMORROW)


async def test_outage_is_logged_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However often is asked in vain, the log tells of it once, and of its end once."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    caplog.clear()
    # At each moment after the first refusal it is too early to ask again.
    server.retry_after = 30 * 60
    server.fault = OctopusFault.RATE_LIMITED
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    for place in range(8):
        await diary.follow(uk("2026-11-10 16:31") + place * SLOT)
        await update_entities(hass, entry)
    assert len(diary.asked_at()) > 5
    server.fault = None
    await diary.follow(uk("2026-11-10 21:00"))
    told = [
        record.levelname
        for record in caplog.records
        if record.name.startswith("custom_components.miner_controller")
        and record.levelno >= logging.INFO
    ]
    assert told == ["ERROR", "INFO"]
