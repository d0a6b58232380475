"""The endpoints of the API, each reply in the shape of the real one."""

from datetime import datetime
from functools import partial
import json

from aiohttp import web

from simulator.octopus.agile_days import parse_moment
from simulator.octopus.describe import (
    STANDARD_RATES,
    STANDING_CHARGES,
    in_full,
    in_list,
)
from simulator.octopus.market import Market
from simulator.octopus.paging import Pager, json_reply
from simulator.octopus.products import Product
from simulator.octopus.regions import REGIONS, Region, regions_of
from simulator.wire import JsonObject

_TARIFF = "/v1/products/{code}/electricity-tariffs/{tariff}"
_FLAGS = ("is_variable", "is_green", "is_tracker", "is_prepay", "is_business")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class Api:
    """Answers questions about a market."""

    def __init__(self, market: Market) -> None:
        """Speak for a market."""
        self._market = market

    def routes(self) -> list[web.RouteDef]:
        """Return what answers which path."""
        return [
            web.get("/v1/products/", self._products),
            web.get("/v1/products/{code}/", self._product),
            web.get(f"{_TARIFF}/{STANDARD_RATES}/", self._rates),
            web.get(f"{_TARIFF}/{STANDING_CHARGES}/", self._charges),
            web.get("/v1/industry/grid-supply-points/", self._supply_points),
        ]

    async def _products(self, request: web.Request) -> web.Response:
        """List the products that match."""
        at = _moment(request, "available_at") or self._market.now()
        listed = [
            in_list(product, _base(request)) for product in self._market.listed(at)
        ]
        if brand := request.query.get("brand"):
            listed = [product for product in listed if product["brand"] == brand]
        for flag in _FLAGS:
            # What is neither true nor false is no filter.
            wanted = _TRUTH.get(request.query.get(flag, "").lower())
            if wanted is not None:
                listed = [product for product in listed if product[flag] is wanted]
        return self._page(request, listed)

    async def _product(self, request: web.Request) -> web.Response:
        """Describe a product with its tariffs."""
        product = self._product_in_path(request)
        at = _moment(request, "tariffs_active_at") or self._market.now()
        rates = {
            letter: self._market.rate_at(product, region, at)
            for letter, region in REGIONS.items()
        }
        return json_reply(in_full(product, _base(request), at, rates))

    async def _rates(self, request: web.Request) -> web.Response:
        """List the rates of a tariff that touch a period, the newest first."""
        product, region = self._tariff_in_path(request)
        since = _moment(request, "period_from")
        until = _moment(request, "period_to")
        if not product.half_hourly:
            rows = self._market.flat_rates(product, region, since, until)
            return self._page(request, self._market.repeated(rows))
        slots = self._market.repeated(self._market.slots(product, since, until))
        return self._pager(request).reply(
            slots, partial(self._market.slot_row, product, region)
        )

    async def _charges(self, request: web.Request) -> web.Response:
        """List the standing charges of a tariff."""
        product, region = self._tariff_in_path(request)
        return self._page(request, self._market.charges(product, region))

    async def _supply_points(self, request: web.Request) -> web.Response:
        """List the regions of a postcode, or all of them."""
        postcode = request.query.get("postcode")
        letters = tuple(REGIONS) if postcode is None else regions_of(postcode)
        return self._page(request, [{"group_id": f"_{letter}"} for letter in letters])

    def _product_in_path(self, request: web.Request) -> Product:
        """Return the product that is asked about."""
        product = self._market.products().get(request.match_info["code"])
        if product is None:
            raise web.HTTPNotFound
        return product

    def _tariff_in_path(self, request: web.Request) -> tuple[Product, Region]:
        """Return the product and the region of the tariff that is asked about."""
        product = self._product_in_path(request)
        for letter, region in REGIONS.items():
            if product.tariff(letter) == request.match_info["tariff"]:
                return product, region
        raise web.HTTPNotFound

    def _page(self, request: web.Request, items: list[JsonObject]) -> web.Response:
        """Return a page of what is described already."""
        return self._pager(request).reply(items, lambda item: item)

    def _pager(self, request: web.Request) -> Pager:
        """Return what hands out a list."""
        return Pager(request=request, overlapping=self._market.overlapping_pages)


def _base(request: web.Request) -> str:
    """Return the address under which the client knows the server."""
    return str(request.url.origin())


def _moment(request: web.Request, name: str) -> datetime | None:
    """Return a moment of the query, or refuse the request."""
    if not (text := request.query.get(name)):
        return None
    try:
        return parse_moment(text)
    except (ValueError, OverflowError) as error:
        text = json.dumps({name: ["Enter a valid date/time."]})
        raise web.HTTPBadRequest(text=text) from error
