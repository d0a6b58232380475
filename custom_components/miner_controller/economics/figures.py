"""What a miner, or all of them together, cost and earn as it is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..planning import economics
from ..planning.economics import Network, Terms

_DAY = timedelta(days=1)
_SECONDS_PER_YEAR = 365.25 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Costs and earnings, each None where it is not known.

    Costs are in `cost_currency`, which is the tariff's; earnings in `currency`, which
    is that of the home. What takes both is known only where they are the same.
    """

    currency: str
    cost_currency: str | None = None
    day: datetime
    """When the local day began, and so the counting of its costs."""
    hour: datetime
    """When the hour of the local clock began."""
    cost_total: float | None = None
    cost_today: float | None = None
    cost_this_hour: float | None = None
    sats_per_day: float | None = None
    revenue_per_day: float | None = None
    profit_per_hour: float | None = None
    break_even_price: float | None = None
    """In currency per kWh."""
    hashrate: float | None = None
    """That the earnings follow from, in H/s."""
    network: Network | None = None

    @property
    def block_odds(self) -> float | None:
        """Return N where the chance of a block within a day is 1 in N."""
        if not self.hashrate or self.network is None:
            return None
        difficulty = self.network.difficulty
        return 1 / economics.chance_of_block(self.hashrate, difficulty, _DAY)

    @property
    def years_to_block(self) -> float | None:
        """Return how many years a block takes on average."""
        if not self.hashrate or self.network is None:
            return None
        seconds = economics.time_to_block(self.hashrate, self.network.difficulty)
        return None if seconds is None else seconds / _SECONDS_PER_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics(Figures):
    """What one miner costs and earns.

    `price` is what one more kWh costs now in `currency`, own surplus included. `power`
    in W is what the break-even price is about: the power of the present mode.
    """

    price: float | None = None
    power: float | None = None
    terms: Terms
