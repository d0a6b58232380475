"""The products on sale, those that were, and those that are not what they seem."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from simulator.octopus.agile_days import LONDON


class Pricing(StrEnum):
    """How the price of a product comes about."""

    AGILE = "agile"
    OUTGOING = "outgoing"
    VARIABLE = "variable"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product, which has the same code in every region."""

    code: str
    full_name: str
    display_name: str
    available_from: datetime
    # From here on nobody can sign up any more, which ends no rates by itself.
    available_to: datetime | None = None
    # Where the rates end, which the server says in no field.
    rates_until: datetime | None = None
    pricing: Pricing = Pricing.AGILE
    brand: str = "OCTOPUS_ENERGY"
    is_green: bool = True
    is_business: bool = False
    term: int | None = 12
    # How products with the same pricing differ, and how finely theirs is told.
    factor: float = 1.0
    decimals: int = 2
    payment_methods: tuple[str, ...] = ("direct_debit_monthly",)

    @property
    def direction(self) -> str:
        """Return whether the energy is bought or sold."""
        return "EXPORT" if self.pricing is Pricing.OUTGOING else "IMPORT"

    @property
    def half_hourly(self) -> bool:
        """Tell whether each half-hour has a price of its own."""
        return self.pricing in {Pricing.AGILE, Pricing.OUTGOING}

    @property
    def is_variable(self) -> bool:
        """Tell whether the price changes during the contract."""
        return self.pricing is not Pricing.FIXED

    def tariff(self, region: str) -> str:
        """Return the code of the tariff in a region."""
        return f"E-1R-{self.code}-{region}"


def _local(year: int, month: int, day: int) -> datetime:
    """Return the midnight in the UK with which a date begins."""
    return datetime(year, month, day, tzinfo=LONDON)


CURRENT = "AGILE-24-10-01"
NEWER = "AGILE-26-10-01"
OLDER = "AGILE-23-12-06"
RETIRED = "AGILE-FLEX-22-11-25"
TWIN = "AGILE-BB-24-10-01"
OUTGOING = "AGILE-OUTGOING-19-05-13"
VARIABLE = "VAR-22-11-01"
FIXED = "OE-FIX-12M-26-01-20"
BUSINESS = "BUS-FIX-12M-26-01-20"

_NEWER_FROM = _local(2026, 10, 1)

_PRODUCTS = (
    Product(
        code=CURRENT,
        full_name="Agile Octopus October 2024 v1",
        display_name="Agile Octopus",
        available_from=_local(2024, 10, 1),
    ),
    Product(
        code=TWIN,
        full_name="Agile Octopus October 2024 v1 (BB)",
        display_name="Agile Octopus",
        available_from=_local(2024, 10, 1),
        brand="BULB",
    ),
    Product(
        code=OLDER,
        full_name="Agile Octopus December 2023 v1",
        display_name="Agile Octopus",
        available_from=_local(2023, 12, 6),
        available_to=_local(2024, 10, 1),
        rates_until=_local(2025, 7, 1),
        factor=1.04,
    ),
    Product(
        code=RETIRED,
        full_name="Agile Octopus November 2022 v1",
        display_name="Agile Octopus",
        available_from=_local(2022, 11, 25),
        available_to=_local(2023, 12, 6),
        rates_until=_local(2025, 1, 1),
        factor=1.1,
        payment_methods=("varying",),
    ),
    Product(
        code=OUTGOING,
        full_name="Agile Outgoing Octopus May 2019",
        display_name="Agile Outgoing Octopus",
        available_from=_local(2019, 5, 13),
        pricing=Pricing.OUTGOING,
    ),
    Product(
        code=VARIABLE,
        full_name="Flexible Octopus November 2022 v1",
        display_name="Flexible Octopus",
        available_from=_local(2022, 11, 1),
        pricing=Pricing.VARIABLE,
        is_green=False,
        term=None,
        decimals=4,
        payment_methods=("direct_debit_monthly", "direct_debit_quarterly"),
    ),
    Product(
        code=FIXED,
        full_name="Octopus 12M Fixed January 2026 v1",
        display_name="Octopus 12M Fixed",
        available_from=_local(2026, 1, 20),
        pricing=Pricing.FIXED,
        is_green=False,
        decimals=4,
    ),
    Product(
        code=BUSINESS,
        full_name="Business 12M Fixed January 2026 v1",
        display_name="Business 12M Fixed",
        available_from=_local(2026, 1, 20),
        pricing=Pricing.FIXED,
        is_green=False,
        is_business=True,
        factor=1.2,
        decimals=4,
    ),
)


def catalogue(*, newer: bool) -> dict[str, Product]:
    """Return every product there ever was, by its code.

    The newer Agile product, if it exists, takes the place of the current one in the
    shop; whoever has the current one keeps it, with rates.
    """
    products = {product.code: product for product in _PRODUCTS}
    if newer:
        current = products[CURRENT]
        products[CURRENT] = replace(current, available_to=_NEWER_FROM)
        products[NEWER] = replace(
            current,
            code=NEWER,
            full_name="Agile Octopus October 2026 v1",
            available_from=_NEWER_FROM,
            factor=0.97,
            decimals=4,
        )
    return products
