"""Octopus Agile in a region: a price for each half hour, published a day ahead."""

from collections.abc import Iterable
from datetime import datetime
from typing import override

from ..planning import fetch_schedule
from ..planning.fetch_schedule import FetchState
from ..planning.slots import Slot
from .octopus import OctopusClient
from .octopus_errors import OctopusNotFoundError
from .octopus_products import AGILE_PRODUCTS, Product
from .tariff import Diagnosis, Tariff, TariffFault


async def first_with_prices(
    client: OctopusClient,
    products: Iterable[Product],
    region: str,
    start: datetime,
    end: datetime,
) -> str | None:
    """Return the code of the first of some products that has prices in a period.

    Raises OctopusError.
    """
    for product in products:
        try:
            slots = await client.unit_rates(product, region, start, end)
        except OctopusNotFoundError:
            continue
        if slots:
            return product.code
    return None


class OctopusAgile(Tariff):
    """An Agile product in one of the regions."""

    currency = "GBP"
    provider = "Octopus Energy"
    model = "Agile"

    def __init__(self, client: OctopusClient, product: str, region: str) -> None:
        """Initialize with the code of the product and the letter of the region."""
        self._client = client
        self.product = product
        self.region = region

    @property
    @override
    def reference(self) -> str:
        """Return the service, the product and the region."""
        return f"{self._client.base_url} {self.product} {self.region}"

    @property
    @override
    def past_reference(self) -> str:
        """Return the service and the region: the past has several products."""
        return f"{self._client.base_url} {self.region}"

    @override
    async def prices(self, start: datetime, end: datetime) -> list[Slot]:
        """Return the prices of a period."""
        return await self._client.unit_rates(self.product, self.region, start, end)

    @override
    async def past_prices(self, start: datetime, end: datetime) -> list[Slot]:
        """Return past prices, of older products for the time before this one.

        A half hour that this product knows no price for stays unknown: that of another
        product would be wrong.
        """
        own = await self._client.unit_rates(self.product, self.region, start, end)
        if own and own[0].start <= start:
            return own
        began = (await self._client.product(self.product)).available_from
        if began is None or began <= start:
            return own
        place = 0
        if self.product in AGILE_PRODUCTS:
            place = AGILE_PRODUCTS.index(self.product) + 1
        older = await self._client.history(
            AGILE_PRODUCTS[place:], self.region, start, min(began, end)
        )
        return [*(slot for slot in older if slot.end <= began), *own]

    @override
    async def diagnose(
        self, now: datetime, start: datetime, end: datetime, *, is_found: bool
    ) -> Diagnosis | None:
        """Return whether the region has no rates, or another product has taken over.

        That another product has prices which this one lacks is the only sure sign: a
        product that was retired may go on being listed, and answers without an error.
        """
        products = await self._client.agile_products(now)
        others = [each for each in products if each.code != self.product]
        newer = await first_with_prices(self._client, others, self.region, start, end)
        if newer is not None:
            return Diagnosis(fault=TariffFault.RETIRED, replacement=newer)
        if is_found:
            return None
        try:
            product = await self._client.product(self.product)
        except OctopusNotFoundError:
            return None
        if product.rate_urls and self.region not in product.rate_urls:
            return Diagnosis(fault=TariffFault.REGION_WITHOUT_RATES)
        return None

    @override
    def next_fetch(self, now: datetime, state: FetchState) -> datetime:
        """Return when to fetch next: after the publication at 16:00 in the UK."""
        return fetch_schedule.next_fetch(now, state)

    @override
    def after_attempt(
        self,
        now: datetime,
        state: FetchState,
        known_until: datetime | None,
        retry_after: float | None,
    ) -> FetchState:
        """Return the state after an attempt."""
        return fetch_schedule.after_attempt(
            now, state, known_until, retry_after=retry_after
        )

    @override
    def is_complete(self, now: datetime, state: FetchState) -> bool:
        """Return whether all prices are known that can be expected."""
        return fetch_schedule.is_complete(now, state)

    @override
    def period_to_fetch(
        self, now: datetime, known_until: datetime | None
    ) -> tuple[datetime, datetime]:
        """Return the period to ask for."""
        return fetch_schedule.period_to_fetch(now, known_until)

    @override
    def tomorrow_end(self, now: datetime) -> datetime:
        """Return the end of tomorrow's Agile day."""
        return fetch_schedule.tomorrow_end(now)
