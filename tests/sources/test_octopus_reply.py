"""What the service answers is read row by row, and nonsense left out."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.planning.slots import Slot
from custom_components.miner_controller.sources.octopus_products import (
    AGILE_PRODUCTS,
    REGIONS,
    Product,
    agile_products,
)
from custom_components.miner_controller.sources.octopus_reply import (
    read_product,
    read_rates,
    read_retry_after,
)

from .octopus_api import HALF_HOUR, Row, product, rate, utc

START, END = utc(2026, 9, 23), utc(2026, 9, 25)
NOW = utc(2026, 9, 23, 12)
AT = "2026-09-23T21:00:00Z"
SLOT = Slot(start=utc(2026, 9, 23, 21), end=utc(2026, 9, 23, 21, 30), price=0.2)


def read(*rows: Row, half_hourly: bool = True) -> list[Slot]:
    """Return the slots of two days."""
    return read_rates(rows, start=START, end=END, half_hourly=half_hourly)


def test_there_are_fourteen_regions() -> None:
    """Neither I nor O is among them."""
    assert "".join(REGIONS) == "ABCDEFGHJKLMNP"
    assert len(set(REGIONS.values())) == 14


def test_the_products_so_far_are_agile() -> None:
    """They are in order, the newest first."""
    days = [
        code.removeprefix("AGILE-").removeprefix("FLEX-") for code in AGILE_PRODUCTS
    ]
    assert days == sorted(set(days), reverse=True)


@pytest.mark.parametrize(
    ("pence", "pounds"),
    [
        (29.4945, 0.294945),
        (0.1, 0.001),
        (0.07, 0.0007),
        (1.005, 0.01005),
        (100, 1.0),
        (0, 0.0),
        (-0.0, 0.0),
        (-10.58, -0.1058),
        (1e-9, 0.0),
        (499.99995, 5.0),
        (12.00006, 0.120001),
        (99_999.0, 999.99),
    ],
)
def test_a_price_is_exact_to_six_decimals(pence: float, pounds: float) -> None:
    """It is neither cut off at zero nor at a cap."""
    (slot,) = read(rate(AT, pence))
    assert str(slot.price) == str(pounds)


@given(st.decimals(-500, 500, places=4, allow_nan=False, allow_infinity=False))
def test_every_price_of_the_service_is_exact(pence: Decimal) -> None:
    """The service tells four decimals of a penny."""
    (slot,) = read(rate(AT, float(pence)))
    assert slot.price == float(pence / 100)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"valid_from": AT},
        rate(AT, None),
        rate(AT, True),
        rate(AT, "20"),
        rate(AT, 1e300),
        rate(AT, 10**400),
        rate(AT, [20]),
        rate(AT, valid_from=None),
        rate(AT, valid_from=17),
        rate(AT, valid_from="yesterday"),
        rate(AT, valid_from="2026-09-23T21:00:00"),
        rate(AT, valid_from="2026-09-23"),
        rate(AT, valid_from="0001-01-01T00:00:00+14:00"),
        rate(AT, valid_to="2026-09-23T21:30:00"),
        rate(AT, valid_to=""),
        rate(AT, valid_to=0),
        rate(AT, valid_to=False),
        rate(AT, valid_to=AT),
        rate(AT, valid_to="2026-09-23T20:30:00Z"),
    ],
    ids=str,
)
def test_a_row_without_sense_is_left_out(row: Row) -> None:
    """The other rows count."""
    assert read(row, rate(AT)) == [SLOT]


@pytest.mark.parametrize("at", [AT, "2026-09-23T22:00:00+01:00", "20260923T210000Z"])
def test_a_moment_in_any_zone(at: str) -> None:
    """The slot is in UTC."""
    (slot,) = read(rate(AT, valid_from=at))
    assert slot == SLOT
    assert slot.start.tzinfo is UTC


def test_only_what_touches_the_period_counts() -> None:
    """The start is part of the period, the end is not."""
    found = read(
        rate("2026-09-25T00:00:00Z"),
        rate("2026-09-24T23:30:00Z"),
        rate("2026-09-23T00:00:00Z"),
        rate("2026-09-22T23:45:00Z", valid_to="2026-09-23T00:00:00Z"),
        rate("2026-09-22T23:30:00Z"),
    )
    assert [slot.start for slot in found] == [START, END - HALF_HOUR]


def test_the_row_of_another_way_to_pay() -> None:
    """Direct debit counts, then what is for all, then anything."""
    debit = rate(AT, 20.0, payment_method="DIRECT_DEBIT")
    every = rate(AT, 21.0)
    other = rate(AT, 22.0, payment_method="NON_DIRECT_DEBIT")
    longer = {**other, "valid_from": "2026-09-23T20:00:00Z", "valid_to": None}
    for rows, price in (
        ([other, every, debit], 0.2),
        ([debit, every, other, longer], 0.2),
        ([other, every], 0.21),
        ([other], 0.22),
    ):
        (slot,) = read(*rows)
        assert slot.price == price


@pytest.mark.parametrize(
    ("half_hourly", "end"), [(True, utc(2026, 9, 23, 21, 30)), (False, END)]
)
def test_a_last_row_without_an_end(half_hourly: bool, end: datetime) -> None:
    """Half an hour is all that it can be, unless the tariff is a flat one."""
    found = read(
        rate(AT, valid_to=None),
        rate("2026-09-23T20:00:00Z", valid_to=None),
        half_hourly=half_hourly,
    )
    assert (found[-1].start, found[-1].end) == (SLOT.start, end)
    assert found[0].end == (
        utc(2026, 9, 23, 20, 30) if half_hourly else utc(2026, 9, 23, 21)
    )


def test_a_flat_rate_from_before_the_period() -> None:
    """It is in force until the period's end."""
    (slot,) = read(rate("2026-07-01T00:00:00Z", valid_to=None), half_hourly=False)
    assert (slot.start, slot.end) == (utc(2026, 7, 1), END)


def test_the_hour_that_is_there_twice() -> None:
    """When the clocks go back, the day has 50 half hours, each of its own."""
    start = utc(2026, 10, 24, 22)
    rows = [
        rate((start + place * HALF_HOUR).strftime("%Y-%m-%dT%H:%M:%SZ"), place)
        for place in range(50)
    ]
    found = read_rates(
        reversed(rows), start=start, end=utc(2026, 10, 25, 23), half_hourly=True
    )
    assert [slot.price for slot in found] == [place / 100 for place in range(50)]


moments = st.integers(-10, 110).map(lambda half: START + half * HALF_HOUR / 2)


@given(
    st.lists(
        st.tuples(
            moments,
            st.none() | moments,
            st.floats(-50, 100),
            st.sampled_from([None, "DIRECT_DEBIT", "NON_DIRECT_DEBIT"]),
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_slots_are_in_order_and_apart(
    rows: list[tuple[Any, ...]], half_hourly: bool
) -> None:
    """No slot is over another, whatever the rows are."""
    found = read(
        *(
            {
                "valid_from": start.isoformat(),
                "valid_to": end and end.isoformat(),
                "value_inc_vat": price,
                "payment_method": method,
            }
            for start, end, price, method in rows
        ),
        half_hourly=half_hourly,
    )
    assert all(slot.start < slot.end for slot in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(slot.end > START and slot.start < END for slot in found)


def test_a_product_is_read() -> None:
    """Times are in UTC."""
    assert read_product(product(available_to="2027-01-01T00:00:00Z")) == Product(
        code="AGILE-24-10-01",
        name="Agile Octopus",
        direction="IMPORT",
        brand="OCTOPUS_ENERGY",
        available_from=utc(2024, 9, 30, 23),
        available_to=utc(2027, 1, 1),
    )
    assert read_product({"code": "X"}) == Product(code="X", name="X")
    assert read_product({"code": None}) is None


def test_the_addresses_of_rates_are_read() -> None:
    """Those of direct debit count, and a region without any has none."""

    def links(*hrefs: object, rel: str = "standard_unit_rates") -> dict[str, Any]:
        return {"links": [{"href": href, "rel": rel} for href in hrefs]}

    tariffs = {
        "_A": {"varying": links("v"), "direct_debit_monthly": links("d", "e")},
        "_B": {"other": links("o"), "varying": links(17)},
        "_C": {"varying": links("s", rel="standing_charges")},
        "_D": {"varying": {"links": {"href": "x"}}, "x": None},
        "_E": [],
    }
    found = read_product(product(single_register_electricity_tariffs=tariffs))
    assert found is not None
    assert found.rate_urls == {"A": "d", "B": "o"}


@pytest.mark.parametrize(
    "change",
    [
        {"code": "VAR-22-11-01"},
        {"code": "agile-24-10-01"},
        {"direction": "EXPORT"},
        {"direction": None},
        {"brand": "BULB"},
        {"brand": None},
        {"is_business": True},
        {"is_prepay": True},
        {"available_to": "2026-09-23T12:00:00Z"},
        {"available_from": "2026-09-23T12:00:01Z"},
    ],
    ids=str,
)
def test_what_is_no_agile_product(change: Row) -> None:
    """A product is for a household, on sale, of the brand and for buying power."""
    found = read_product(product(**change))
    assert found is not None
    assert agile_products([found], NOW) == []


def test_agile_products_are_in_order() -> None:
    """The newest that is on sale is first, whatever the order of the list is."""
    found = [
        Product(
            code=f"AGILE-{number}",
            name="",
            direction="IMPORT",
            brand="OCTOPUS_ENERGY",
            available_from=since,
            available_to=NOW + timedelta(seconds=1),
        )
        for number, since in enumerate(
            [utc(2024, 10, 1), None, NOW, utc(2026, 9, 1), utc(2026, 9, 1)]
        )
    ]
    codes = [product.code for product in agile_products(found, NOW)]
    assert codes == ["AGILE-2", "AGILE-4", "AGILE-3", "AGILE-0", "AGILE-1"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("999999999999", 21600),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Wed, 23 Sep 2026 15:02:00 GMT", 120),
        ("Wed, 23 Sep 2026 16:02:00 +0100", 120),
        ("Wed, 23 Sep 2026 14:00:00 GMT", 0),
        ("Wed, 23 Sep 2126 14:00:00 GMT", 21600),
        ("Wed, 23 Sep 2026 15:02:00 -0000", None),
        ("Wed, 99 Sep 2026 15:02:00 GMT", None),
    ],
)
def test_a_waiting_time(text: str, seconds: float | None) -> None:
    """It is a number or a moment, and neither negative nor more than six hours."""
    headers = {"Retry-After": text, "Date": "Wed, 23 Sep 2026 15:00:00 GMT"}
    assert read_retry_after(headers) == seconds


def test_no_waiting_time() -> None:
    """A moment says nothing without another one."""
    assert read_retry_after({}) is None
    assert read_retry_after({"Retry-After": "Wed, 23 Sep 2026 15:02:00 GMT"}) is None


@given(st.text(), st.text())
def test_a_waiting_time_of_any_text(text: str, date: str) -> None:
    """Nonsense is no waiting time."""
    wait = read_retry_after({"Retry-After": text, "Date": date})
    assert wait is None or 0 <= wait <= 6 * 3600
