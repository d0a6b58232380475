"""The Agile day of the price server, when it is published, and its prices."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from simulator.octopus.agile_days import (
    LONDON,
    agile_date,
    agile_day,
    agile_slots,
    parse_moment,
    publication,
    published_until,
)
from simulator.octopus.prices import Price, half_hourly_price, price_of
from simulator.octopus.products import (
    CURRENT,
    NEWER,
    OLDER,
    OUTGOING,
    TWIN,
    catalogue,
)
from simulator.octopus.regions import REGIONS, SEVERAL_POSTCODE, regions_of

PRODUCTS = catalogue(newer=True)
DAY = timedelta(days=1)


def moment(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def year_of_prices(
    code: str = CURRENT, region: str = "C", seed: int = 1
) -> dict[datetime, Price]:
    """Return the prices of each half-hour of a year."""
    return {
        start: half_hourly_price(seed, PRODUCTS[code], REGIONS[region], start)
        for number in range(365)
        for start in agile_slots(date(2025, 11, 1) + number * DAY)
    }


@pytest.mark.parametrize(
    ("day", "slots", "start", "end"),
    [
        (date(2026, 1, 15), 48, "2026-01-14T23:00", "2026-01-15T23:00"),
        (date(2026, 7, 15), 48, "2026-07-14T22:00", "2026-07-15T22:00"),
        (date(2026, 3, 29), 46, "2026-03-28T23:00", "2026-03-29T22:00"),
        (date(2026, 10, 25), 50, "2026-10-24T22:00", "2026-10-25T23:00"),
        (date(2027, 1, 1), 48, "2026-12-31T23:00", "2027-01-01T23:00"),
    ],
)
def test_an_agile_day(day: date, slots: int, start: str, end: str) -> None:
    """It begins at 23:00 in the UK, and has as many half-hours as it is long."""
    assert agile_day(day) == (moment(start), moment(end))
    starts = agile_slots(day)
    assert len(starts) == slots
    assert starts[0] == moment(start)
    assert starts[-1] == moment(end) - timedelta(minutes=30)
    assert {agile_date(each) for each in starts} == {day}


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # In winter and in summer, a second before and at 16:00 in the UK.
        ("2026-01-15T15:59:59", "2026-01-15T23:00"),
        ("2026-01-15T16:00:00", "2026-01-16T23:00"),
        ("2026-07-15T14:59:59", "2026-07-15T22:00"),
        ("2026-07-15T15:00:00", "2026-07-16T22:00"),
        # From 23:00 to midnight the horizon is the same.
        ("2026-01-15T23:30:00", "2026-01-16T23:00"),
        ("2026-01-16T00:30:00", "2026-01-16T23:00"),
        # Around the changes of the clocks and the year.
        ("2026-03-28T16:00:00", "2026-03-29T22:00"),
        ("2026-10-24T15:00:00", "2026-10-25T23:00"),
        ("2026-12-31T16:00:00", "2027-01-01T23:00"),
    ],
)
def test_what_is_published(now: str, until: str) -> None:
    """The next day appears at 16:00 in the UK."""
    assert published_until(moment(now)) == moment(until)


def test_late_publication() -> None:
    """A delay may last into the night, and then even the present has no price."""
    late = timedelta(hours=10)
    day = date(2026, 1, 16)
    assert publication(day) == moment("2026-01-15T16:00")
    assert publication(day, late) == moment("2026-01-16T02:00")
    before, after = moment("2026-01-16T01:59"), moment("2026-01-16T02:00")
    assert published_until(before, late) == moment("2026-01-15T23:00")
    assert published_until(after, late) == moment("2026-01-16T23:00")


def test_a_moment_of_a_query() -> None:
    """Without a zone it is the time in the UK."""
    assert parse_moment("2026-07-15T12:00Z") == moment("2026-07-15T12:00")
    assert parse_moment("2026-07-15T12:00:00") == moment("2026-07-15T11:00")
    assert parse_moment("2026-07-15T12:00+02:00") == moment("2026-07-15T10:00")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        parse_moment("2026-07-15T12:00:00 00:00")


def test_a_price_does_not_depend_on_the_order_of_asking() -> None:
    """A seed, a product, a region and a half-hour are all it takes."""
    prices = year_of_prices()
    product, region = PRODUCTS[CURRENT], REGIONS["C"]
    assert all(
        half_hourly_price(1, product, region, start) == prices[start]
        for start in reversed(list(prices))
    )
    assert prices != year_of_prices(seed=2)
    assert prices != year_of_prices(region="P")
    assert prices != year_of_prices(NEWER)
    assert prices == year_of_prices(TWIN)


def test_prices_look_real() -> None:
    """There are cheap nights, dear evenings, negative prices and the cap."""
    for seed in range(1, 4):
        prices = year_of_prices(seed=seed)
        by_hour: dict[int, list[Decimal]] = {}
        for start, price in prices.items():
            hour = start.astimezone(LONDON).hour
            by_hour.setdefault(hour, []).append(price.inc_vat)
        mean = {hour: sum(each) / len(each) for hour, each in by_hour.items()}
        assert max(mean[hour] for hour in range(6)) < min(
            mean[hour] for hour in range(7, 22)
        )
        assert min(mean[hour] for hour in (16, 17, 18)) > 1.4 * float(mean[19])
        values = [price.inc_vat for price in prices.values()]
        assert Decimal(12) < sum(values) / len(values) < Decimal(22)
        assert Decimal(-25) < min(values) < Decimal(-5)
        assert max(values) == Decimal(100)
        assert 0.005 < sum(value < 0 for value in values) / len(values) < 0.06


def test_vat_and_decimals() -> None:
    """Without VAT there are two decimals, or four in the newer product."""
    for code, decimals in ((CURRENT, 2), (NEWER, 4), (OLDER, 2)):
        for price in list(year_of_prices(code).values())[:2000]:
            assert price.inc_vat <= 100
            assert abs(price.inc_vat - price.exc_vat * Decimal("1.05")) <= 0.00005
            if price.inc_vat < 100:
                assert price.exc_vat.as_tuple().exponent == -decimals
    assert price_of(Decimal("28.09")).inc_vat == Decimal("29.4945")
    assert price_of(Decimal("-1.2")).inc_vat == Decimal("-1.26")


def test_nobody_pays_for_delivering() -> None:
    """What is paid for export is never negative."""
    values = [price.inc_vat for price in year_of_prices(OUTGOING).values()]
    assert min(values) == 0
    assert max(values) > 15


def test_regions() -> None:
    """A postcode is in one region, in several or in none."""
    assert "".join(REGIONS) == "ABCDEFGHJKLMNP"
    assert regions_of("SW1A 1AA") == regions_of("sw1a1aa") == ("C",)
    assert regions_of("EH1 1YZ") == ("N",)
    assert regions_of(SEVERAL_POSTCODE) == ("D", "E")
    for nowhere in ("BT1 5GS", "ZZ1 1ZZ", "", "12345", "SW1A 1A", "SW"):
        assert regions_of(nowhere) == ()
