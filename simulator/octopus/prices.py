"""Prices that look real and are the same however often and in whatever order asked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from simulator.octopus.agile_days import LONDON, slot
from simulator.octopus.products import Pricing, Product
from simulator.octopus.regions import Region

# Including VAT; without it the cap is no round number.
CAP = Decimal(100)
_VAT = Decimal("1.05")
_FINEST = Decimal("0.0001")

# What a kWh costs at each hour in the UK, compared with the average of the day.
_SHAPE = (
    *(0.72, 0.68, 0.65, 0.64, 0.66, 0.72, 0.88, 1.05),
    *(1.10, 1.02, 0.95, 0.90, 0.86, 0.82, 0.84, 0.95),
    *(1.15, 1.30, 1.30, 1.20, 1.08, 0.98, 0.90, 0.80),
)
_PEAK_HOURS = range(16, 19)
_NIGHT_HOURS = frozenset({*range(7), 23})

# Half of a day lies between two looks at the weather.
_WEATHER_SLOTS = 24
_STRONG_WIND = 0.72
_SCARCE_DAYS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price in pence a kWh, or a day, without VAT and with it."""

    exc_vat: Decimal
    inc_vat: Decimal


def price_of(pence: Decimal) -> Price:
    """Return a price without VAT with its VAT."""
    return Price(exc_vat=pence, inc_vat=(pence * _VAT).quantize(_FINEST))


def half_hourly_price(
    seed: int, product: Product, region: Region, start: datetime
) -> Price:
    """Return the price of the half-hour that begins at a moment."""
    local = start.astimezone(LONDON)
    pence = wholesale_price(seed, start) * product.factor
    peak = region.peak_pence if local.hour in _PEAK_HOURS else 0.0
    if product.pricing is Pricing.OUTGOING:
        pence = max(0.0, 0.95 * pence + peak / 2)
    else:
        pence = region.coefficient * pence + peak
    return price_of(capped(_rounded(pence, product)))


def flat_price(seed: int, product: Product, region: Region, since: datetime) -> Price:
    """Return the price that a product without half-hours has from a moment on."""
    surprise = _draw(seed, product.code, since.date()) - 0.5
    pence = (22.5 + 2.0 * (region.coefficient - 2.1) + 4.0 * surprise) * product.factor
    return price_of(_rounded(pence, product))


def standing_charge(product: Product, region: Region) -> Price:
    """Return what a day costs before anything is used."""
    outgoing = product.pricing is Pricing.OUTGOING
    return price_of(_rounded(0.0 if outgoing else region.standing_charge, product))


def capped(pence: Decimal) -> Decimal:
    """Return a price without VAT that with VAT is not above the cap."""
    return min(pence, (CAP / _VAT).quantize(_FINEST))


def wholesale_price(seed: int, start: datetime) -> float:
    """Return what a kWh costs those who sell it on, in pence.

    It follows the hour of the day in the UK, the season, how dear the half-day is, the
    wind, which at night can be worth less than nothing, and a little of chance.
    """
    number = slot(start)
    local = start.astimezone(LONDON)
    # The year is coldest in the middle of January.
    from_winter = abs((local.timetuple().tm_yday - 15 + 182) % 365 - 182) / 182
    level = 9.0 - 2.2 * from_winter + 3.0 * (_weather(seed, "level", number) - 0.5)
    following = _SHAPE[(local.hour + 1) % 24]
    shape = _SHAPE[local.hour] + (following - _SHAPE[local.hour]) * local.minute / 60
    scarce = _draw(seed, "scarce", local.date())
    if scarce < _SCARCE_DAYS and local.hour in _PEAK_HOURS:
        shape *= 3.5 + scarce / _SCARCE_DAYS * 2
    gust = max(0.0, _weather(seed, "wind", number) - _STRONG_WIND) / (1 - _STRONG_WIND)
    blown = gust * (11.0 if local.hour in _NIGHT_HOURS else 5.0)
    return level * shape - blown + 0.8 * (_draw(seed, "chance", number) - 0.5)


def _weather(seed: int, kind: str, number: int) -> float:
    """Return a number between 0 and 1 that changes slowly."""
    look, since = divmod(number, _WEATHER_SLOTS)
    share = since / _WEATHER_SLOTS
    before, after = _look(seed, kind, look), _look(seed, kind, look + 1)
    return before + (after - before) * share


@lru_cache(maxsize=4096)
def _look(seed: int, kind: str, look: int) -> float:
    """Return what the weather is at the time of one look."""
    return _draw(seed, kind, look)


def _draw(*what: object) -> float:
    """Return a number between 0 and 1 that depends on what it is for, and only on it.

    A generator of random numbers would depend on how often it was asked before.
    """
    digest = blake2b(repr(what).encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48


def _rounded(pence: float, product: Product) -> Decimal:
    """Return pence as precisely as a product tells them."""
    return Decimal(pence).quantize(Decimal(1).scaleb(-product.decimals))
