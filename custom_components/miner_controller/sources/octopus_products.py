"""The products and regions of Octopus Energy, and which of them sell Agile power."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

REGIONS: Final[Mapping[str, str]] = {
    "A": "Eastern England",
    "B": "East Midlands",
    "C": "London",
    "D": "Merseyside and Northern Wales",
    "E": "West Midlands",
    "F": "North Eastern England",
    "G": "North Western England",
    "H": "Southern England",
    "J": "South Eastern England",
    "K": "Southern Wales",
    "L": "South Western England",
    "M": "Yorkshire",
    "N": "Southern Scotland",
    "P": "Northern Scotland",
}
"""The regions of Great Britain by the letter that ends a tariff code.

There is neither I nor O. Northern Ireland is not served.
"""

AGILE_PREFIX: Final = "AGILE-"

AGILE_PRODUCTS: Final = (
    "AGILE-24-10-01",
    "AGILE-24-04-03",
    "AGILE-23-12-06",
    "AGILE-FLEX-22-11-25",
    "AGILE-22-08-31",
    "AGILE-22-07-22",
    "AGILE-18-02-21",
)
"""The codes of all Agile products so far, the newest first.

The service does not fill the past of a new product in, and it lists no old ones.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of the catalogue.

    A product is on sale from `available_from` on and before `available_to`. The
    addresses of its unit rates, by the letter of the region, are known once the
    product was asked for by itself; they are as the service gave them.
    """

    code: str
    name: str
    direction: str | None = None
    brand: str | None = None
    is_business: bool = False
    is_prepay: bool = False
    available_from: datetime | None = None
    available_to: datetime | None = None
    rate_urls: Mapping[str, str] = field(default_factory=dict)

    def is_agile_import(self, now: datetime) -> bool:
        """Return whether a household buys Agile power with this product today.

        Products of other brands ("BB") and those for selling power are alike in code.
        """
        return (
            self.code.startswith(AGILE_PREFIX)
            and self.direction == "IMPORT"
            and self.brand == "OCTOPUS_ENERGY"
            and not self.is_business
            and not self.is_prepay
            and (self.available_from is None or self.available_from <= now)
            and (self.available_to is None or self.available_to > now)
        )


def agile_products(products: Iterable[Product], now: datetime) -> list[Product]:
    """Return the products that a household buys Agile power with, the newest first.

    Rarely there are several: a product that was retired may be listed without an end,
    and answers without any new prices.
    """
    first = datetime.min.replace(tzinfo=UTC)
    return sorted(
        (product for product in products if product.is_agile_import(now)),
        key=lambda product: (product.available_from or first, product.code),
        reverse=True,
    )
