"""Readers of what Octopus Energy's public REST API answers.

A row that makes no sense is left out, a document that makes none is an error.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from typing import Any

import orjson

from ..planning.slots import Slot
from ..protocols import parse
from ..protocols.parse import Reply
from .octopus_errors import OctopusReplyError
from .octopus_products import REGIONS, Product
from .tariff import LONGEST_WAIT

_HALF_HOUR = timedelta(minutes=30)

# Pence per kWh. The cap of Agile is 100, and the wholesale market ends at some 500.
_SENSELESS_PRICE = 100_000

_RATES = "standard_unit_rates"
_PAYMENTS = ("direct_debit_monthly", "varying")
_DIRECT_DEBIT = "DIRECT_DEBIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate:
    """A row of unit rates, its price in GBP per kWh with VAT."""

    start: datetime
    end: datetime | None
    price: float
    rank: int


def read_document(body: bytes) -> Reply:
    """Return the JSON object of a body, or raise OctopusReplyError."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise OctopusReplyError("The reply is no JSON") from None
    if not isinstance(document, dict):
        raise OctopusReplyError("The reply is no JSON object")
    return document


def read_results(document: Reply) -> list[Reply]:
    """Return the rows of one page, or raise OctopusReplyError if it is none."""
    if not isinstance(document.get("results"), list):
        raise OctopusReplyError("The reply is no list")
    return list(parse.rows(document, "results"))


def read_product(reply: Reply) -> Product | None:
    """Return the product in a row of the catalogue or in a document of its own."""
    if (code := parse.text(reply, "code")) is None:
        return None
    return Product(
        code=code,
        name=parse.text(reply, "display_name") or code,
        direction=parse.text(reply, "direction"),
        brand=parse.text(reply, "brand"),
        is_business=parse.flag(reply, "is_business") or False,
        is_prepay=parse.flag(reply, "is_prepay") or False,
        available_from=_moment(reply, "available_from"),
        available_to=_moment(reply, "available_to"),
        rate_urls=_rate_urls(
            parse.section(reply, "single_register_electricity_tariffs")
        ),
    )


def read_regions(rows: Iterable[Reply]) -> list[str]:
    """Return the letters of the grid supply points in a reply, each once.

    The service calls them "_A" to "_P".
    """
    names = (parse.text(row, "group_id") or "" for row in rows)
    letters = (name.removeprefix("_") for name in names)
    return list(dict.fromkeys(letter for letter in letters if letter in REGIONS))


def read_rates(
    rows: Iterable[Reply], *, start: datetime, end: datetime, half_hourly: bool
) -> list[Slot]:
    """Return the rows that touch a period as slots in order, none over another.

    The service sends the newest row first, may send a row on two pages, and sends
    rows of other ways to pay, of which direct debit counts. A row without an end lasts
    until the next one: that of a half-hourly tariff at most half an hour, as a price
    that is unknown must not be made up, and that of another one to the period's end.
    """
    rates = [rate for row in rows if (rate := _read_rate(row)) is not None]
    rates = [rate for rate in rates if rate.rank < 2] or rates
    chosen: dict[datetime, _Rate] = {}
    for rate in sorted(rates, key=lambda rate: rate.rank):
        chosen.setdefault(rate.start, rate)
    starts = sorted(chosen)
    slots = []
    for begin, following in zip_longest(starts, starts[1:]):
        rate = chosen[begin]
        stop = rate.end or (begin + _HALF_HOUR if half_hourly else end)
        if following is not None:
            stop = min(stop, following)
        if begin < end and stop > start:
            slots.append(Slot(start=begin, end=stop, price=rate.price))
    return slots


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the waiting time in seconds that a reply asks for, within bounds.

    It is a number, or a moment, which counts from the moment of the reply itself.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        # A number of any length: more than nine digits are more than the bound.
        return min(float(text[:10]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        wait = (until - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except ValueError, TypeError, OverflowError:
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def _read_rate(row: Reply) -> _Rate | None:
    """Return the rate of a row, None if the row makes no sense."""
    start = _moment(row, "valid_from")
    end = _moment(row, "valid_to")
    price = _price(row.get("value_inc_vat"))
    if start is None or price is None:
        return None
    if end is None:
        # No end is given as null and means that none is set; nonsense means nothing.
        if row.get("valid_to") is not None:
            return None
    elif end <= start:
        return None
    method = row.get("payment_method")
    rank = 0 if method == _DIRECT_DEBIT else 1 if method is None else 2
    return _Rate(start=start, end=end, price=price, rank=rank)


def _price(pence: Any) -> float | None:
    """Return a price in GBP per kWh to six decimals from pence, which may be negative.

    The arithmetic is decimal: 29.4945 p are 0.294945 GBP.
    """
    # A truth value is an int to isinstance.
    if type(pence) is not float and type(pence) is not int:
        return None
    if not -_SENSELESS_PRICE < pence < _SENSELESS_PRICE:
        return None
    pounds = (Decimal(str(pence)) / 100).quantize(Decimal("0.000001"))
    # There is no negative zero.
    return float(pounds) or 0.0


def _moment(reply: Reply, key: str) -> datetime | None:
    """Return a moment in UTC. One without a zone could mean two."""
    value = reply.get(key)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except ValueError, OverflowError:
        return None


def _rate_urls(tariffs: Reply) -> dict[str, str]:
    """Return the addresses of unit rates by region in a product's document.

    Each region has one tariff for each way to pay.
    """
    found = {}
    for name in tariffs:
        payments = parse.section(tariffs, name)
        for payment in (*_PAYMENTS, *payments):
            links = parse.rows(parse.section(payments, payment), "links")
            hrefs = [
                href
                for link in links
                if link.get("rel") == _RATES
                and isinstance(href := link.get("href"), str)
            ]
            if hrefs:
                found[name.removeprefix("_")] = hrefs[0]
                break
    return found
