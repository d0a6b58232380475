"""Client for Octopus Energy's public REST API, which tells the prices of Agile.

Nothing that is asked here needs an account. The service names no limit of requests; it
asks clients to say who they are and to ask seldom, which `planning.fetch_schedule`
sees to.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
import re
from typing import Final

import aiohttp
from yarl import URL

from ..planning.slots import Slot
from ..protocols.parse import Reply
from .http_json import (
    HttpConnectionError,
    HttpReply,
    HttpReplyError,
    HttpTimeoutError,
    get,
)
from .octopus_errors import (
    OctopusConnectionError,
    OctopusNotFoundError,
    OctopusReplyError,
    OctopusTimeoutError,
    OctopusUnavailableError,
    RateLimitedError,
)
from .octopus_products import AGILE_PREFIX, REGIONS, Product, agile_products
from .octopus_reply import (
    read_document,
    read_product,
    read_rates,
    read_regions,
    read_results,
    read_retry_after,
)

API_URL: Final = "https://api.octopus.energy"

_TIME_LIMIT = 20.0
_SIZE_LIMIT = 4 * 1024 * 1024

# The most rows of unit rates that the service puts on one page, and the most pages:
# a year of half-hours fills 12.
_RATES_PAGE = 1500
_PRODUCTS_PAGE = 100
_MOST_PAGES = 20

# So many rows are read while nobody notices.
_FEW_ROWS = 300

# Letters, digits and dashes, as all codes are made of: one is a part of an address.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,63}", re.ASCII)

# A postcode has five to seven letters and digits, and a reader may type part of one.
_LONGEST_POSTCODE = 8


class OctopusClient:
    """The public part of the service.

    The session is shared and not closed here. No redirect is followed.
    """

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str = API_URL, *, version: str
    ) -> None:
        """Initialize the client of the integration in a version.

        Raises ValueError where the address of the service is none.
        """
        self._session = session
        self._base = URL(base_url.strip().rstrip("/").removesuffix("/v1"))
        if self._base.scheme not in {"http", "https"} or not self._base.host:
            raise ValueError("The address of the service is no address")
        self._headers = {
            "Accept": "application/json",
            "User-Agent": f"HomeAssistant-MinerController/{version}",
        }

    @property
    def base_url(self) -> str:
        """Return the address of the service, without a slash at the end."""
        return str(self._base).rstrip("/")

    async def products(self) -> list[Product]:
        """Return the products of the brand that are on sale, as the service lists them.

        Raises OctopusError.
        """
        url = self._url("products").with_query(
            brand="OCTOPUS_ENERGY", page_size=_PRODUCTS_PAGE
        )
        found = (read_product(row) for row in await self._rows(url))
        return [product for product in found if product is not None]

    async def agile_products(self, now: datetime) -> list[Product]:
        """Return the Agile products that a household can buy power with.

        The newest is the first one. Raises OctopusError.
        """
        return agile_products(await self.products(), now)

    async def product(self, code: str) -> Product:
        """Return a product that may be on sale no more, with its rates' addresses.

        Raises OctopusNotFoundError where the code is unknown, and other OctopusErrors.
        """
        reply = await self._get(self._url("products", _checked_code(code)))
        if (product := read_product(reply)) is None:
            raise OctopusReplyError("The reply is no product")
        return product

    async def regions(self, postcode: str) -> list[str]:
        """Return the letters of the regions that a postcode may be in.

        There are none where the service does not know it, as in Northern Ireland, and
        several at a border. The postcode goes to the service and is kept nowhere.
        Raises OctopusError.
        """
        plain = "".join(c for c in postcode.upper() if c.isascii() and c.isalnum())
        if not 0 < len(plain) <= _LONGEST_POSTCODE:
            return []
        url = self._url("industry", "grid-supply-points").with_query(postcode=plain)
        try:
            return read_regions(await self._rows(url))
        except OctopusNotFoundError:
            return []

    async def unit_rates(
        self, product: Product | str, region: str, start: datetime, end: datetime
    ) -> list[Slot]:
        """Return the prices from a start until before an end, in order.

        The moments are aware. Prices are in GBP per kWh with VAT and may be negative.
        A half hour that the service does not know is absent: a product that was retired
        answers without any from then on, which is no error. Raises OctopusNotFoundError
        where product or region are unknown, and other OctopusErrors.
        """
        code = _checked_code(product.code if isinstance(product, Product) else product)
        if region not in REGIONS:
            raise OctopusNotFoundError("There is no such region")
        url = self._url(
            "products",
            code,
            "electricity-tariffs",
            f"E-1R-{code}-{region}",
            "standard-unit-rates",
        )
        if isinstance(product, Product) and region in product.rate_urls:
            url = self._own(url, product.rate_urls[region]) or url
        rows = await self._rows(
            url.with_query(
                period_from=_utc(start), period_to=_utc(end), page_size=_RATES_PAGE
            )
        )
        read = partial(
            read_rates,
            rows,
            start=start,
            end=end,
            half_hourly=code.startswith(AGILE_PREFIX),
        )
        # A year of them takes a third of a second to read, also on a fast machine.
        return await asyncio.to_thread(read) if len(rows) > _FEW_ROWS else read()

    async def history(
        self,
        products: Iterable[Product | str],
        region: str,
        start: datetime,
        end: datetime,
    ) -> list[Slot]:
        """Return past prices, of older products for the time before a newer has any.

        The products are in order, the newest first; one that the service does not know
        is passed over. A year is some 12 requests. Raises OctopusError.
        """
        slots: list[Slot] = []
        for product in products:
            if start >= end:
                break
            try:
                found = await self.unit_rates(product, region, start, end)
            except OctopusNotFoundError:
                continue
            if slots:
                found = [slot for slot in found if slot.end <= end]
            if found:
                slots = found + slots
                end = found[0].start
        return slots

    def _url(self, *parts: str) -> URL:
        """Return an address of the API, which ends in a slash as all of them do."""
        return self._base.joinpath("v1", *parts, "")

    def _own(self, page: URL, link: str) -> URL | None:
        """Return where a link on a page leads, None if that is another host."""
        try:
            url = page.join(URL(link))
            return url if url.origin() == self._base.origin() else None
        except ValueError:
            return None

    async def _rows(self, url: URL) -> list[Reply]:
        """Return the rows of a list with all of its pages."""
        rows: list[Reply] = []
        for _ in range(_MOST_PAGES):
            try:
                document = await self._get(url)
            except OctopusNotFoundError:
                # A list that became shorter meanwhile has lost its last page.
                if not rows:
                    raise
                return rows
            rows += read_results(document)
            if (link := document.get("next")) is None:
                return rows
            if not isinstance(link, str) or (following := self._own(url, link)) is None:
                raise OctopusReplyError("The list goes on elsewhere")
            url = following
        raise OctopusReplyError("The list does not end")

    async def _get(self, url: URL) -> Reply:
        """Return the document at an address, or raise OctopusError."""
        try:
            reply = await get(
                self._session,
                url,
                headers=self._headers,
                time_limit=_TIME_LIMIT,
                size_limit=_SIZE_LIMIT,
            )
        except HttpTimeoutError as err:
            raise OctopusTimeoutError(str(err)) from None
        except HttpConnectionError as err:
            raise OctopusConnectionError(str(err)) from None
        except HttpReplyError as err:
            raise OctopusReplyError(str(err)) from None
        _raise_for_status(reply)
        return read_document(reply.body)


def _raise_for_status(reply: HttpReply) -> None:
    """Raise what the status of a reply means, unless it is a plain success.

    The service leaves a product, region or postcode that it does not know at 404, and
    one that cannot be any at 400.
    """
    status = reply.status
    if status == 200:
        return
    wait = read_retry_after(reply.headers)
    if status in (400, 404):
        raise OctopusNotFoundError("The service does not know what was asked for")
    if status == 429:
        raise RateLimitedError("The service was asked too often", wait)
    if status >= 500:
        raise OctopusUnavailableError(f"The service is unavailable ({status})", wait)
    raise OctopusReplyError(f"The service answered with status {status}")


def _checked_code(code: str) -> str:
    """Return a product's code, or raise OctopusNotFoundError if it can be none."""
    if _CODE.fullmatch(code) is None:
        raise OctopusNotFoundError("There is no such product")
    return code


def _utc(moment: datetime) -> str:
    """Return a moment as the service takes it without a doubt.

    It reads a "+" as a space, and a moment without a zone as one in London.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
