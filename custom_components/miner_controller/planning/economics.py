"""What mining earns and what it may cost: the formulas, free of units of a screen.

Hashrates are in H/s, powers in W, prices in currency per kWh. A block is found by one
hash in difficulty × 2³² on average: the target of difficulty 1 leaves 32 bits of a hash
at zero, and a difficulty makes the target smaller by as much. What is expected follows
from the difficulty, which everybody knows, and not from an estimate of all hashrate,
which is itself drawn from how fast blocks happened to come.
"""

from dataclasses import dataclass
from datetime import timedelta
import math
from typing import Final

HASHES_PER_DIFFICULTY: Final = 2**32
"""How many hashes a block of difficulty 1 takes on average."""

_SATS_PER_BITCOIN: Final = 1e8
_SECONDS_PER_DAY: Final = 86_400
_SECONDS_PER_HOUR: Final = 3_600
_HOURS_PER_DAY: Final = 24
_TERAHASH: Final = 1e12
_PETAHASH: Final = 1e15
_KILOWATT: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the network asks for and pays.

    `difficulty` is that of the present period, `reward` what a block pays on average in
    sats, subsidy and fees together. `bitcoin_price` is in currency per bitcoin, None
    where it is not known. Raises ValueError where one of them is not positive, as
    nothing that follows would make sense.
    """

    difficulty: float
    reward: float
    bitcoin_price: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no network."""
        known = (self.difficulty, self.reward, self.bitcoin_price or 1.0)
        if self.bitcoin_price == 0 or not all(0 < value < math.inf for value in known):
            raise ValueError("Difficulty, reward and price are positive and finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a miner mines.

    `pool_fee` and `reject_rate` are shares from 0 to 1: what the pool keeps, and what
    part of the work it does not take. `heat_value` is what the heat of a kWh is worth,
    in currency: the useful part of it × what the heat costs that it replaces. Raises
    ValueError where a share is none, or a value is not finite.
    """

    pool_fee: float = 0.0
    reject_rate: float = 0.0
    heat_value: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what are no terms."""
        if not (
            0 <= self.pool_fee <= 1
            and 0 <= self.reject_rate <= 1
            and math.isfinite(self.heat_value)
        ):
            raise ValueError("Shares are from 0 to 1, and the heat has a finite value")

    @property
    def kept(self) -> float:
        """Return the share of the work that is paid for, from 0 to 1."""
        return (1 - self.pool_fee) * (1 - self.reject_rate)


NO_TERMS: Final = Terms()
"""Nothing is taken off, and the heat is worth nothing."""


def blocks_per_day(hashrate: float, difficulty: float) -> float:
    """Return how many blocks a hashrate finds in a day on average.

    Hashes in a day / hashes for a block: 86400 × H / (D × 2³²).
    """
    return _SECONDS_PER_DAY * hashrate / (difficulty * HASHES_PER_DIFFICULTY)


def sats_per_day(hashrate: float, network: Network, terms: Terms = NO_TERMS) -> float:
    """Return what a hashrate earns in a day on average, in sats.

    Blocks in a day × reward of a block × what the pool pays out of it. Who mines alone
    earns the same on average, and nearly always nothing.
    """
    return blocks_per_day(hashrate, network.difficulty) * network.reward * terms.kept


def revenue_per_day(
    hashrate: float, network: Network, terms: Terms = NO_TERMS
) -> float | None:
    """Return what a hashrate earns in a day on average, in currency.

    Sats × price of a bitcoin / 10⁸; None where the price is not known. The value of the
    heat is none of it.
    """
    if network.bitcoin_price is None:
        return None
    sats = sats_per_day(hashrate, network, terms)
    return sats / _SATS_PER_BITCOIN * network.bitcoin_price


def hashprice_sats(network: Network) -> float:
    """Return what one TH/s earns in a day before any fee, in sats."""
    return sats_per_day(_TERAHASH, network)


def hashprice(network: Network) -> float | None:
    """Return what one PH/s earns in a day before any fee, in currency.

    This is how hashprice is quoted. None where the price of a bitcoin is not known.
    """
    return revenue_per_day(_PETAHASH, network)


def revenue_per_terahash_hour(
    network: Network, terms: Terms = NO_TERMS
) -> float | None:
    """Return what one TH/s earns in an hour, in currency, as a plan wants it."""
    revenue = revenue_per_day(_TERAHASH, network, terms)
    return None if revenue is None else revenue / _HOURS_PER_DAY


def break_even_price(
    hashrate: float, power: float, network: Network, terms: Terms = NO_TERMS
) -> float | None:
    """Return the price of a kWh at which mining earns what it costs.

    Revenue of a day / energy of a day, and what the heat of a kWh is worth on top. With
    E = W per TH/s that is s × 10⁻⁸ × bitcoin × (1 - fee) × (1 - rejected) / (0.024 × E)
    where s are the sats of one TH/s in a day. It is the mode's, not the miner's, as E
    differs from mode to mode. None for a miner that draws nothing or does nothing, as
    it has no such price, and where the price of a bitcoin is not known.
    """
    if power <= 0 or hashrate <= 0:
        return None
    revenue = revenue_per_day(hashrate, network, terms)
    if revenue is None:
        return None
    return revenue / (power / _KILOWATT * _HOURS_PER_DAY) + terms.heat_value


def profit_per_hour(
    hashrate: float,
    power: float,
    price: float | None,
    network: Network,
    terms: Terms = NO_TERMS,
) -> float | None:
    """Return revenue less cost of an hour, in currency; below zero it is a loss.

    It is (break-even price - price) × kW where a miner works, and what it draws costs
    even where it does not. The heat of all that it draws counts at its value. None
    where the price of a kWh or of a bitcoin is not known.
    """
    revenue = revenue_per_day(hashrate, network, terms)
    if price is None or revenue is None:
        return None
    return revenue / _HOURS_PER_DAY - power / _KILOWATT * (price - terms.heat_value)


def chance_of_block(hashrate: float, difficulty: float, duration: timedelta) -> float:
    """Return the chance of at least one block in a time, from 0 to 1.

    Each hash is a try of its own, so blocks come by the law of Poisson: 1 - e^-n where
    n blocks are expected. `expm1` keeps the digits of a chance of one in millions.
    """
    days = duration.total_seconds() / _SECONDS_PER_DAY
    return -math.expm1(-blocks_per_day(hashrate, difficulty) * days)


def time_to_block(hashrate: float, difficulty: float) -> float | None:
    """Return how long a block takes on average, in s, None without any hashrate.

    Hashes for a block / hashes in a second: D × 2³² / H. It is no timedelta, as those
    end at 2.7 million years, which is soon over for a miner of a few kH/s.
    """
    if hashrate <= 0:
        return None
    return difficulty * HASHES_PER_DIFFICULTY / hashrate


def solar_share(export_power: float, miners_power: float) -> float:
    """Return which part of the miners' power is own surplus, from 0 to 1.

    `export_power` is what the home exports at present, below zero what it imports, both
    in W and with the miners running. What is imported is taken to be theirs, as without
    them it would not be; all the rest of their power would be exported. Where they draw
    nothing, it tells whether the first watt would be own surplus.
    """
    if miners_power <= 0:
        return 1.0 if export_power > 0 else 0.0
    return min(max((miners_power + min(export_power, 0.0)) / miners_power, 0.0), 1.0)


def marginal_price(
    price: float | None, solar_price: float | None, share: float
) -> float | None:
    """Return what a kWh costs of which a share from 0 to 1 is own surplus.

    Share × what its export would pay + the rest × the tariff's price, so that sunshine
    is not free where it could be sold. Without a price of the export all counts at the
    tariff's. None where a price is not known that is needed.
    """
    if solar_price is None or share <= 0:
        return price
    if share >= 1:
        return solar_price
    return None if price is None else share * solar_price + (1 - share) * price
