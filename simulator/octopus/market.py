"""What the server knows: products and prices, and the switches that disturb them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
import math

from simulator.octopus.agile_days import (
    SLOT,
    SLOT_SECONDS,
    agile_date,
    agile_day,
    published_until,
    slot,
    slot_start,
)
from simulator.octopus.prices import Price, capped, half_hourly_price, price_of
from simulator.octopus.products import Product, catalogue
from simulator.octopus.regions import REGIONS, Region
from simulator.octopus.rows import charge_rows, flat_rows, rate_row
from simulator.wire import JsonObject

# Every so many rows one is there twice, if some are.
_DUPLICATE_EVERY = 5
_WEEK = timedelta(days=7)


def real_now() -> datetime:
    """Return the time of day."""
    return datetime.now(UTC)


class Market:
    """Products and their rates at a time, each switch an attribute to set."""

    def __init__(
        self, *, seed: int = 1, now: Callable[[], datetime] | None = None
    ) -> None:
        """Begin with nothing disturbed; `now` returns an aware datetime."""
        self.seed = seed
        self.now = now or real_now
        # How much later than at 16:00 the next day's prices appear.
        self.publication_delay = timedelta(0)
        # Whether the successor of the current Agile product is on sale.
        self.newer_product = False
        # Codes of products that still answer, but get no more rates.
        self.retired_products: set[str] = set()
        self.retired_since = agile_day(agile_date(self.now()) - _WEEK)[1]
        # Whether retired products are in the list, as if nothing had happened.
        self.retired_listed = False
        # Pence without VAT that half-hours cost instead, by their start.
        self.changed_prices: dict[datetime, Decimal] = {}
        # Pence without VAT that every half-hour of an Agile day costs more.
        self.shifted_days: dict[date, Decimal] = {}
        self.duplicates = False
        self.overlapping_pages = False
        # Whether the newest half-hour has no end.
        self.null_valid_to = False

    def products(self) -> dict[str, Product]:
        """Return every product that answers, by its code."""
        products = catalogue(newer=self.newer_product)
        for code in self.retired_products & products.keys():
            product = products[code]
            products[code] = replace(
                product,
                available_to=None if self.retired_listed else self.retired_since,
                rates_until=min(
                    self.retired_since, product.rates_until or self.retired_since
                ),
            )
        return products

    def listed(self, at: datetime) -> list[Product]:
        """Return the products that can be bought at a moment."""
        return [
            product
            for product in self.products().values()
            if product.available_from <= at
            and (
                product.available_to is None
                or product.available_to > at
                or (self.retired_listed and product.rates_until is not None)
            )
        ]

    def rates_end(self, product: Product) -> datetime:
        """Return where the half-hourly rates of a product end now."""
        end = published_until(self.now(), self.publication_delay)
        return min(end, product.rates_until or end)

    def price(self, code: str, region: str, start: datetime) -> Price:
        """Return what the half-hour beginning at a moment costs, published or not."""
        return self._price(self.products()[code], REGIONS[region], start)

    def _price(self, product: Product, region: Region, start: datetime) -> Price:
        """Return what a half-hour costs after all changes."""
        if (pence := self.changed_prices.get(start)) is not None:
            return price_of(pence)
        price = half_hourly_price(self.seed, product, region, start)
        more = self.shifted_days.get(agile_date(start))
        return price if more is None else price_of(capped(price.exc_vat + more))

    def slots(
        self, product: Product, since: datetime | None, until: datetime | None
    ) -> list[int]:
        """Return the published half-hours that touch a period, newest first.

        They are numbers, because most of a long list is never shown.
        """
        first = slot(product.available_from)
        end = slot(self.rates_end(product))
        if since is not None:
            first = max(first, slot(since))
        if until is not None:
            end = min(end, math.ceil(until.timestamp() / SLOT_SECONDS))
        return list(range(end - 1, first - 1, -1))

    def slot_row(self, product: Product, region: Region, number: int) -> JsonObject:
        """Return the row of a half-hour."""
        start = slot_start(number)
        until: datetime | None = start + SLOT
        if self.null_valid_to and until == self.rates_end(product):
            until = None
        return rate_row(self._price(product, region, start), start, until)

    def flat_rates(
        self,
        product: Product,
        region: Region,
        since: datetime | None,
        until: datetime | None,
    ) -> list[JsonObject]:
        """Return the rows of a product without half-hours that touch a period."""
        rows = flat_rows(
            self.seed, product, region, now=self.now(), ended=product.rates_until
        )
        return [
            row
            for begins, ends, row in rows
            if (until is None or begins < until)
            and (since is None or ends is None or ends > since)
        ]

    def rate_at(
        self, product: Product, region: Region, at: datetime
    ) -> JsonObject | None:
        """Return the row in force at a moment, if there is one."""
        soon = at + timedelta(seconds=1)
        if not product.half_hourly:
            return next(iter(self.flat_rates(product, region, at, soon)), None)
        slots = self.slots(product, at, soon)
        return self.slot_row(product, region, slots[0]) if slots else None

    def charges(self, product: Product, region: Region) -> list[JsonObject]:
        """Return the rows of the standing charge."""
        return charge_rows(product, region)

    def repeated[Item](self, items: list[Item]) -> list[Item]:
        """Return a list with some of its rows twice, if that is switched on."""
        if not self.duplicates:
            return items
        return [
            item
            for place, item in enumerate(items)
            for _ in range(2 if place % _DUPLICATE_EVERY == 0 else 1)
        ]
