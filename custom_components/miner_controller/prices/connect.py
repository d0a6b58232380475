"""Finds the tariff that a person described, and tries it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Self

from homeassistant.const import CONF_BASE, CONF_REGION, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import CONF_POSTCODE, CONF_PRODUCT, CONF_TARIFF
from ..sources.octopus import API_URL, OctopusClient
from ..sources.octopus_agile import first_with_prices
from ..sources.octopus_errors import (
    OctopusConnectionError,
    OctopusError,
    OctopusNotFoundError,
    OctopusUnavailableError,
    RateLimitedError,
)
from ..sources.octopus_products import AGILE_PREFIX, REGIONS
from .entries import TARIFF_OCTOPUS_AGILE, async_octopus_client

SECTION_MORE: Final = "more"
"""The part of the form that few people need. Home Assistant shows an error of one of
its fields only as one of the whole part."""

_OUTGOING_PREFIX: Final = "AGILE-OUTGOING-"

# The prices of today are known from yesterday on. What has none later than this was
# retired, and one that is late by a few hours was not.
_NOT_OLDER: Final = timedelta(hours=12)
_AHEAD: Final = timedelta(days=2)


class TariffFieldError(Exception):
    """What was typed is no tariff. `field` is where, and `key` tells why."""

    def __init__(self, field: str, key: str) -> None:
        """Initialize with the field of the form and the key of the text for it."""
        super().__init__(key)
        self.field = field
        self.key = key


class ProductError(TariffFieldError):
    """The product that was typed is of no use."""


class SeveralRegionsError(Exception):
    """A postcode is in one of several regions, which only its owner can tell."""

    def __init__(self, regions: list[str]) -> None:
        """Initialize with the letters of the regions."""
        super().__init__("Several regions")
        self.regions = regions


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTariff:
    """What a person typed."""

    region: str | None
    postcode: str
    product: str
    url: str

    @classmethod
    def from_form(cls, user_input: dict[str, Any]) -> Self:
        """Return what is in the form."""
        more = user_input.get(SECTION_MORE, {})
        return cls(
            region=user_input.get(CONF_REGION),
            postcode=user_input.get(CONF_POSTCODE, "").strip(),
            product=more.get(CONF_PRODUCT, "").strip().upper(),
            url=more.get(CONF_URL, "").strip(),
        )

    def in_region(self, region: str) -> Self:
        """Return the same with a region that was chosen for the postcode."""
        return replace(self, region=region, postcode="")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTariff:
    """A tariff that has prices."""

    product: str
    region: str
    url: str

    @property
    def title(self) -> str:
        """Return a name."""
        return tariff_title(self.region)

    @property
    def unique_id(self) -> str:
        """Return what no other tariff has. A product is replaced by a newer one."""
        return f"octopus_{self.region}"

    @property
    def entry_data(self) -> dict[str, Any]:
        """Return the data of an entry. The usual address may change one day."""
        data = {
            CONF_TARIFF: TARIFF_OCTOPUS_AGILE,
            CONF_PRODUCT: self.product,
            CONF_REGION: self.region,
        }
        return {**data, CONF_URL: self.url} if self.url else data


def tariff_title(region: str) -> str:
    """Return the name of the tariff in a region."""
    return f"Octopus Agile {REGIONS[region]}"


async def async_find_tariff(hass: HomeAssistant, typed: TypedTariff) -> FoundTariff:
    """Return the tariff that was typed, once it has told a price.

    Raises TariffFieldError, or SeveralRegionsError where somebody has to choose.
    """
    try:
        client = async_octopus_client(hass, typed.url)
    except ValueError as err:
        raise TariffFieldError(SECTION_MORE, "invalid_url") from err
    try:
        region = await _async_region(client, typed)
        product = await _async_product(client, region, typed.product)
    except OctopusError as err:
        # Where somebody typed an address, that is the first thing to look at.
        field = SECTION_MORE if typed.url else CONF_BASE
        raise TariffFieldError(field, _error_key(err)) from err
    url = typed.url if client.base_url != API_URL else ""
    return FoundTariff(product=product, region=region, url=url)


async def _async_region(client: OctopusClient, typed: TypedTariff) -> str:
    """Return the region, that of the postcode if there is one, which is not kept."""
    if not typed.postcode:
        if typed.region is None:
            raise TariffFieldError(CONF_REGION, "region_needed")
        return typed.region
    regions = await client.regions(typed.postcode)
    if not regions:
        raise TariffFieldError(CONF_POSTCODE, "postcode_unknown")
    if len(regions) > 1:
        raise SeveralRegionsError(regions)
    return regions[0]


async def _async_product(client: OctopusClient, region: str, typed: str) -> str:
    """Return the product that was typed, or else the newest, if it has prices."""
    now = dt_util.utcnow()
    start, end = now - _NOT_OLDER, now + _AHEAD
    if not typed:
        products = await client.agile_products(now)
        found = await first_with_prices(client, products, region, start, end)
        if found is None:
            raise TariffFieldError(CONF_BASE, "no_product")
        return found
    if not typed.startswith(AGILE_PREFIX) or typed.startswith(_OUTGOING_PREFIX):
        raise ProductError(SECTION_MORE, "product_not_agile")
    try:
        slots = await client.unit_rates(typed, region, start, end)
    except OctopusNotFoundError as err:
        raise ProductError(SECTION_MORE, "product_unknown") from err
    if not slots:
        raise ProductError(SECTION_MORE, "product_without_prices")
    return typed


def _error_key(error: OctopusError) -> str:
    """Return the key of the text about an error."""
    match error:
        case OctopusConnectionError():
            return "prices_unreachable"
        case OctopusUnavailableError() | RateLimitedError():
            return "prices_refused"
        case _:
            return "prices_unreadable"
