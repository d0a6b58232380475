"""Products as the API describes them, in the list and on their own."""

from datetime import datetime

from simulator.octopus.agile_days import local_text
from simulator.octopus.prices import standing_charge
from simulator.octopus.products import Product
from simulator.octopus.regions import REGIONS, Region
from simulator.wire import JsonObject

STANDARD_RATES = "standard-unit-rates"
STANDING_CHARGES = "standing-charges"


def in_list(product: Product, base: str) -> JsonObject:
    """Return a product as it is in the list."""
    return {
        "code": product.code,
        "direction": product.direction,
        **_facts(product, base),
        "brand": product.brand,
    }


def in_full(
    product: Product,
    base: str,
    active_at: datetime,
    rates: dict[str, JsonObject | None],
) -> JsonObject:
    """Return a product with its tariffs, given each region's rate at a moment.

    Other than in the list nothing says whether the energy is bought or sold.
    """
    return {
        "tariffs_active_at": local_text(active_at),
        "single_register_electricity_tariffs": {
            f"_{letter}": {
                method: _tariff(product, REGIONS[letter], base, rate)
                for method in product.payment_methods
            }
            for letter, rate in rates.items()
        },
        "dual_register_electricity_tariffs": {},
        "single_register_gas_tariffs": {},
        "sample_quotes": {},
        "sample_consumption": {},
        "code": product.code,
        **_facts(product, base),
        "brand": product.brand,
    }


def _facts(product: Product, base: str) -> JsonObject:
    """Return what both descriptions say."""
    until = product.available_to
    return {
        "full_name": product.full_name,
        "display_name": product.display_name,
        "description": f"{product.display_name}, as simulated.",
        "is_variable": product.is_variable,
        "is_green": product.is_green,
        "is_tracker": False,
        "is_prepay": False,
        "is_business": product.is_business,
        "is_restricted": False,
        "term": product.term,
        "available_from": local_text(product.available_from),
        "available_to": None if until is None else local_text(until),
        "links": [
            {
                "href": f"{base}/v1/products/{product.code}/",
                "method": "GET",
                "rel": "self",
            }
        ],
    }


def _tariff(
    product: Product, region: Region, base: str, rate: JsonObject | None
) -> JsonObject:
    """Return the tariff of a region; the wanted link is not the first one."""
    code = product.tariff(region.letter)
    tariff = f"{base}/v1/products/{product.code}/electricity-tariffs/{code}"
    charge = standing_charge(product, region)
    return {
        "code": code,
        "standing_charge_exc_vat": float(charge.exc_vat),
        "standing_charge_inc_vat": float(charge.inc_vat),
        "online_discount_exc_vat": 0,
        "online_discount_inc_vat": 0,
        "dual_fuel_discount_exc_vat": 0,
        "dual_fuel_discount_inc_vat": 0,
        "exit_fees_exc_vat": 0,
        "exit_fees_inc_vat": 0,
        "exit_fees_type": "NONE",
        "links": [
            {
                "href": f"{tariff}/{path}/",
                "method": "GET",
                "rel": path.replace("-", "_"),
            }
            for path in (STANDING_CHARGES, STANDARD_RATES)
        ],
        "standard_unit_rate_exc_vat": rate and rate["value_exc_vat"],
        "standard_unit_rate_inc_vat": rate and rate["value_inc_vat"],
    }
