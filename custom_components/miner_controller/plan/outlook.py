"""What the plan of a miner follows from, besides what the miner does now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import math
from typing import Final

from homeassistant.core import callback

from ..economics.coordinator import MinerEconomics
from ..economics.tariff import prices_of
from ..miner.work_mode import work_modes
from ..planning.economics import revenue_per_terahash_hour
from ..planning.nominal_modes import best_known, nominal_modes
from ..planning.plan_model import (
    OFF,
    Budget,
    Goal,
    Hours,
    Limits,
    ModeFigures,
    PlanSlot,
    Profit,
)
from ..prices.coordinator import PriceCoordinator
from .horizon import horizon
from .options import GoalKind, PlanOptions
from .states import planned_states

# What earnings and figures of modes may change without a plan being made anew. Both
# move a little all the time.
REVENUE_TOLERANCE: Final = 0.01
_FIGURES_TOLERANCE: Final = 0.02


class Unplannable(StrEnum):
    """Why there is no plan."""

    MODE_GONE = "mode_gone"
    """A mode that the owner chose is none of the miner's any more."""
    NO_FIGURES = "no_figures"
    """What a mode hashes and draws is not known."""
    NO_REVENUE = "no_revenue"
    """What mining earns is not known, as data of the network is missing."""
    NO_TARIFF = "no_tariff"
    """There are no prices, as no tariff is set up."""
    OTHER_CURRENCY = "other_currency"
    """The prices are in another currency than what mining earns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a plan is made from. The goal is yet without what the day has had so far.

    The amounts are in `currency`. `dearest` is the highest of all known prices, those
    of the last days among them.
    """

    slots: tuple[PlanSlot, ...]
    modes: tuple[ModeFigures, ...]
    goal: Goal
    limits: Limits
    currency: str
    dearest: float = 0.0

    def differs(self, other: Outlook) -> bool:
        """Return whether a plan made from another one would be out of date.

        It is where a time that both have got another price or length, where one of them
        knows more, where the earnings moved by more than a hundredth, or where a mode
        came, went, or moved by more than a fiftieth.
        """
        return (
            self.limits != other.limits
            or self.currency != other.currency
            or _goals_differ(self.goal, other.goal)
            or _slots_differ(self.slots, other.slots)
            or _modes_differ(self.modes, other.modes)
        )


def _goals_differ(goal: Goal, other: Goal) -> bool:
    """Return whether two goals differ by more than what earnings move all the time."""
    if isinstance(goal, Profit) and isinstance(other, Profit):
        return goal.heat != other.heat or not math.isclose(
            goal.revenue, other.revenue, rel_tol=REVENUE_TOLERANCE
        )
    return goal != other


def _slots_differ(slots: tuple[PlanSlot, ...], others: tuple[PlanSlot, ...]) -> bool:
    """Return whether two plans have other slots from the later start on."""
    start = max(slots[0].start, others[0].start)
    return [slot for slot in slots if slot.start >= start] != [
        slot for slot in others if slot.start >= start
    ]


def _modes_differ(
    modes: tuple[ModeFigures, ...], others: tuple[ModeFigures, ...]
) -> bool:
    """Return whether any mode differs by more than figures move all the time."""
    return [mode.name for mode in modes] != [mode.name for mode in others] or any(
        not math.isclose(one, other, rel_tol=_FIGURES_TOLERANCE)
        for mode, known in zip(modes, others, strict=True)
        for one, other in (
            (mode.hashrate, known.hashrate),
            (mode.power, known.power),
        )
    )


@callback
def async_outlook(
    economics: MinerEconomics, figures: Mapping[str, ModeFigures], now: datetime
) -> Outlook | Unplannable:
    """Return what a plan is made from, or why none can be made.

    `figures` is what is known of each mode.
    """
    entry = economics.miner.config_entry
    options = PlanOptions.of(entry)
    states = planned_states(entry.options, economics.miner.capabilities)
    modes = _modes(states, options, figures)
    if isinstance(modes, Unplannable):
        return modes
    if (tariff := prices_of(economics.tariff_entry)) is None:
        return Unplannable.NO_TARIFF
    goal = _goal(options, economics, tariff)
    if isinstance(goal, Unplannable):
        return goal
    known = horizon(tariff.slots, now)
    return Outlook(
        slots=known.slots,
        modes=modes,
        goal=goal,
        limits=options.limits,
        currency=tariff.tariff.currency,
        dearest=known.dearest,
    )


def _modes(
    states: tuple[str, ...],
    options: PlanOptions,
    figures: Mapping[str, ModeFigures],
) -> tuple[ModeFigures, ...] | Unplannable:
    """Return the modes that may be used, as far as it is known what they do."""
    allowed = [
        state for state in states if options.modes is None or state in options.modes
    ]
    wanted = options.mode if options.goal is GoalKind.HOURS else None
    if all(state == OFF for state in allowed) or wanted not in (None, *allowed):
        return Unplannable.MODE_GONE
    known = tuple(figures[state] for state in allowed if state in figures)
    if all(mode.is_off for mode in known) or wanted not in (
        None,
        *(mode.name for mode in known),
    ):
        return Unplannable.NO_FIGURES
    return known


def _goal(
    options: PlanOptions, economics: MinerEconomics, tariff: PriceCoordinator
) -> Goal | Unplannable:
    """Return what the plan is made for. The form has seen to the numbers."""
    if options.goal is GoalKind.BUDGET:
        return Budget(amount=options.budget or 0.0)
    if options.goal is GoalKind.HOURS and options.hours and options.mode:
        return Hours(
            duration=options.hours,
            mode=options.mode,
            earliest=options.earliest,
            latest=options.latest,
        )
    earned = economics.data
    if tariff.tariff.currency != earned.currency:
        return Unplannable.OTHER_CURRENCY
    if earned.network is None:
        return Unplannable.NO_REVENUE
    revenue = revenue_per_terahash_hour(earned.network, earned.terms)
    if revenue is None:
        return Unplannable.NO_REVENUE
    return Profit(revenue=revenue, heat=earned.terms.heat_value)


@callback
def async_known_figures(
    economics: MinerEconomics,
    before: Mapping[str, ModeFigures],
) -> dict[str, ModeFigures]:
    """Return what is known of each state of a miner: what was measured, or nominal.

    What was known `before` is still as good as then where the miner does not tell it,
    as it is away.
    """
    coordinator = economics.miner
    entry, capabilities = coordinator.config_entry, coordinator.capabilities
    states = planned_states(entry.options, capabilities)
    pairs = work_modes(entry.options, capabilities) if capabilities.work_modes else {}
    nominal = nominal_modes(
        coordinator.identity,
        {state: pairs.get(state) for state in states},
        coordinator.data if coordinator.answered else None,
        power_draw=coordinator.power_draw,
    )
    learned = economics.learner.figures(economics.settings)
    found = {**before, **best_known(nominal, learned)}
    return {state: found[state] for state in states if state in found}
