"""What is simulated for a miner: its modes, its limits and the numbers of goals."""

from dataclasses import dataclass
from datetime import time, timedelta

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, MODE_STANDARD
from ..economics.coordinator import MinerEconomics
from ..miner.mode_choice import chosen_mode
from ..planning.backtest import BacktestRequest
from ..planning.economics import revenue_per_terahash_hour
from ..planning.plan_model import Budget, Hours, ModeFigures
from .options import PlanOptions
from .outlook import async_known_figures
from .runtime import async_plan
from .states import async_present_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Numbers that count instead of those of the miner's plan, None for its own."""

    budget: float | None = None
    hours: timedelta | None = None
    mode: str | None = None
    earliest: time | None = None
    latest: time | None = None
    price_limit: float | None = None


@callback
def async_request(
    economics: MinerEconomics, wishes: Wishes, currency: str
) -> BacktestRequest:
    """Return what is to be tried for a miner, yet without slots.

    `currency` is that of the prices. Raises ServiceValidationError.
    """
    entry = economics.miner.config_entry
    options = PlanOptions.of(entry)
    modes = _modes(economics, options)
    working = [mode.name for mode in modes if not mode.is_off]
    if not working:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="modes_not_known",
            translation_placeholders={"miner": entry.title},
        )
    if wishes.mode is not None and wishes.mode not in working:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="mode_not_known",
            translation_placeholders={
                "miner": entry.title,
                "mode": wishes.mode,
                "modes": ", ".join(working),
            },
        )
    earned = economics.data
    revenue = None
    if earned.network is not None and currency == earned.currency:
        revenue = revenue_per_terahash_hour(earned.network, earned.terms)
    mode = _usual_mode(economics, working)
    budget = options.budget if wishes.budget is None else wishes.budget
    return BacktestRequest(
        slots=(),
        modes=modes,
        mode=mode,
        limits=options.limits,
        zone=dt_util.get_default_time_zone(),
        revenue=revenue,
        heat=earned.terms.heat_value,
        budget=None if budget is None else Budget(amount=budget),
        hours=_hours(options, wishes, working, mode),
        price_limit=wishes.price_limit,
    )


def _modes(economics: MinerEconomics, options: PlanOptions) -> tuple[ModeFigures, ...]:
    """Return the modes that may be used, as far as it is known what they do."""
    plan = async_plan(economics.hass, economics.miner.config_entry.entry_id)
    figures = async_known_figures(economics, {} if plan is None else plan.figures)
    return tuple(
        mode
        for name, mode in figures.items()
        if options.modes is None or name in options.modes
    )


def _usual_mode(economics: MinerEconomics, working: list[str]) -> str:
    """Return the mode that the miner works in, else what is standard for it."""
    miner = economics.miner
    present = async_present_state(miner)
    standard = chosen_mode(
        MODE_STANDARD, miner.config_entry.options, miner.capabilities
    )
    return next(
        (mode for mode in (present, standard) if mode in working),
        working[0],
    )


def _hours(
    options: PlanOptions, wishes: Wishes, working: list[str], usual: str
) -> Hours | None:
    """Return the hours that are wanted, if any are."""
    duration = options.hours if wishes.hours is None else wishes.hours
    if duration is None:
        return None
    wanted = (wishes.mode, options.mode)
    return Hours(
        duration=duration,
        mode=next((mode for mode in wanted if mode in working), usual),
        earliest=options.earliest if wishes.earliest is None else wishes.earliest,
        latest=options.latest if wishes.latest is None else wishes.latest,
    )
