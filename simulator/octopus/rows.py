"""A row of a list of rates, and the rows of tariffs that change now and then only."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from simulator.octopus.agile_days import LONDON, local_moment, utc_text
from simulator.octopus.prices import Price, flat_price, price_of, standing_charge
from simulator.octopus.products import Pricing, Product
from simulator.octopus.regions import Region
from simulator.wire import JsonObject

_FINEST = Decimal("0.0001")
# What those pay more who do not pay by direct debit.
_SURCHARGE = Decimal("1.05")


def rate_row(
    price: Price,
    since: datetime,
    until: datetime | None,
    payment_method: str | None = None,
) -> JsonObject:
    """Return a row as the API has it."""
    return {
        "value_exc_vat": float(price.exc_vat),
        "value_inc_vat": float(price.inc_vat),
        "valid_from": utc_text(since),
        "valid_to": None if until is None else utc_text(until),
        "payment_method": payment_method,
    }


def flat_rows(
    seed: int,
    product: Product,
    region: Region,
    *,
    now: datetime,
    ended: datetime | None,
) -> list[tuple[datetime, datetime | None, JsonObject]]:
    """Return the rows of a tariff without half-hours, with their periods.

    The newest is first and has no end, unless the whole tariff has ended.
    """
    rows = []
    until = ended
    for since in _changes(product, ended or now):
        price = flat_price(seed, product, region, since)
        dearer = price_of((price.exc_vat * _SURCHARGE).quantize(_FINEST))
        rows.append((since, until, rate_row(price, since, until, "DIRECT_DEBIT")))
        if product.pricing is Pricing.VARIABLE:
            other = rate_row(dearer, since, until, "NON_DIRECT_DEBIT")
            rows.append((since, until, other))
        until = since
    return rows


def charge_rows(product: Product, region: Region) -> list[JsonObject]:
    """Return the rows of what a day costs before anything is used."""
    price = standing_charge(product, region)
    return [rate_row(price, product.available_from, None)]


def _changes(product: Product, end: datetime) -> Iterator[datetime]:
    """Yield when the price of a tariff changed before a moment, newest first."""
    if product.pricing is Pricing.VARIABLE:
        # The cap on what a household pays is set anew each quarter.
        for year in range(end.astimezone(LONDON).year, 0, -1):
            for month in (10, 7, 4, 1):
                since = local_moment(date(year, month, 1), time())
                if since <= product.available_from:
                    yield product.available_from
                    return
                if since < end:
                    yield since
    elif product.available_from < end:
        yield product.available_from
