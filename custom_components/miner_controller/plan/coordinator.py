"""The plan of one miner as it is now, and what it takes to make the next one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
import math
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import CONF_PLAN, LOGGER
from ..economics.coordinator import MinerEconomics
from ..economics.tariff import prices_of
from ..miner.drawn_power import count_energy
from ..miner.energy import EnergyMeter
from ..planning.economics import revenue_per_terahash_hour
from ..planning.plan_model import (
    OFF,
    Goal,
    ModeFigures,
    Plan,
    PlannedSlot,
    PlanRequest,
    PlanSlot,
    Profit,
)
from ..planning.slots import Slot
from .horizon import HALF_HOUR, half_hour
from .memory import PlanMemory
from .options import PlanOptions
from .order import MadePlan, PlanOrder
from .outlook import (
    REVENUE_TOLERANCE,
    Outlook,
    Unplannable,
    async_known_figures,
    async_outlook,
)
from .shown import Course, shown_course
from .so_far import goal_so_far, present_at
from .states import async_present_state, states_of

# While something is missing for a plan, it is looked for so often.
_LOOK_AGAIN: Final = timedelta(minutes=1)


class MinerPlan(DataUpdateCoordinator[Plan | None]):
    """The plan of a miner that has a goal. None where there is none.

    A plan is made anew when its first slot is over, at once where the owner wants
    something else, and where prices or what it earns change so that it matters. The
    slot that runs keeps its mode in the last case. When that is, the keeper looks at.
    """

    def __init__(
        self, economics: MinerEconomics, memory: PlanMemory, look: Callable[[], None]
    ) -> None:
        """Initialize with what was kept. `look` has the keeper look at all plans."""
        self.miner = economics.miner
        entry = self.miner.config_entry
        super().__init__(economics.hass, LOGGER, config_entry=entry, name=entry.title)
        self.economics = economics
        self.memory = memory
        self.options = PlanOptions.of(entry)
        self.states = states_of(entry)
        self.missing: Unplannable | None = None
        """Why no plan can be made at present."""
        self._look = look
        self._wishes: Mapping[str, Any] = entry.options[CONF_PLAN]
        self._outlook: Outlook | None = None
        self._judged: Goal | None = None
        self._looked_at: datetime | None = None
        self._slots: tuple[Slot, ...] | None = None
        self._meter = EnergyMeter()
        self._seen_at = dt_util.utcnow()
        self.data = self._recalled(dt_util.utcnow())
        self.course = [] if self.data is None else shown_course(self.data.slots)
        """The plan as it is shown."""
        self._shown = self.running

    def _recalled(self, now: datetime) -> Plan | None:
        """Return the plan from before a restart, if it still is what is wanted."""
        plan = self.memory.plan
        if (
            plan is None
            or self.memory.wishes != self._wishes
            or plan.at(now) is None
            or not {slot.mode for slot in plan.slots} <= set(self.states)
        ):
            return None
        return plan

    @property
    def currency(self) -> str:
        """Return the currency of all amounts of the plan."""
        tariff = prices_of(self.economics.tariff_entry)
        return self.hass.config.currency if tariff is None else tariff.tariff.currency

    @property
    def figures(self) -> Mapping[str, ModeFigures]:
        """Return what is known of each mode, learned or nominal."""
        return self.memory.figures

    @property
    def running(self) -> PlannedSlot | None:
        """Return what is planned for now."""
        return None if self.data is None else self.data.at(dt_util.utcnow())

    @property
    def next_look(self) -> datetime:
        """Return when the slot that runs is over, or this half hour without one."""
        slot = self.running
        return half_hour(dt_util.utcnow()) + HALF_HOUR if slot is None else slot.end

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Follow the miner, its prices and its earnings, until what is returned."""
        self._async_see()
        leave = (
            self.miner.async_add_listener(self._async_see),
            self.economics.async_add_listener(self._async_changed),
        )

        @callback
        def stop() -> None:
            for each in leave:
                each()

        return stop

    @callback
    def _async_changed(self) -> None:
        """Take in that the miner, a price or what it earns has changed.

        Something has with each poll, so it is found out first whether it matters.
        """
        now = dt_util.utcnow()
        tariff = prices_of(self.economics.tariff_entry)
        slots = None if tariff is None else tariff.slots
        before, self._slots = self._slots, slots
        if (
            before is not slots
            # The clock was set.
            or self.running is not self._shown
            or self._earns_otherwise()
            or self._may_be_complete(now)
        ):
            self._look()

    def _may_be_complete(self, now: datetime) -> bool:
        """Return whether it is time to look again for what is missing for a plan."""
        if self.missing is None:
            return False
        if self.missing is Unplannable.NO_REVENUE and self._revenue() is not None:
            return True
        looked_at = self._looked_at
        return looked_at is None or not looked_at <= now < looked_at + _LOOK_AGAIN

    def _revenue(self) -> float | None:
        """Return what a TH/s earns in an hour now, None where that is not known."""
        earned = self.economics.data
        if earned.network is None:
            return None
        return revenue_per_terahash_hour(earned.network, earned.terms)

    def _earns_otherwise(self) -> bool:
        """Return whether mining earns more or less than when a plan was thought of."""
        goal, revenue = self._judged, self._revenue()
        return (
            isinstance(goal, Profit)
            and revenue is not None
            and not math.isclose(revenue, goal.revenue, rel_tol=REVENUE_TOLERANCE)
        )

    @callback
    def _async_see(self) -> None:
        """Take in what the miner is in and the energy that it used, with each poll."""
        now = dt_util.utcnow()
        memory, self._seen_at = self.memory, now
        memory.history.see(async_present_state(self.miner), now)
        today = dt_util.as_local(now).date()
        if memory.day != today:
            memory.day, memory.energy = today, 0.0
        memory.energy += count_energy(self._meter, self.miner)

    @callback
    def async_order(
        self, now: datetime, *, anew: bool = False, due: bool = False
    ) -> PlanOrder | None:
        """Return the plan that is to be made now, None if there is none to make.

        With `anew` it is made whether there is a reason or not, from the slot that
        runs on, and with `due` from the next one on where that is enough. What is
        missing for a plan is noted. The plan that there was then holds for the rest of
        the slot that runs: what is missing right after a start may soon be there.
        """
        self._looked_at = now
        figures = async_known_figures(self.economics, self.memory.figures)
        self.memory.figures = figures
        outlook = async_outlook(self.economics, figures, now)
        running = self.running
        if isinstance(outlook, Unplannable):
            self.missing = outlook
            if running is None or self.data is None or now >= self.data.slots[0].end:
                self._show(None, [])
            return None
        self.missing = None
        first = outlook.slots[0]
        if (
            anew
            or self.data is None
            or running is None
            or self.data.slots[0].start < first.start
            # The tariff has slots of another length now.
            or (running.start, running.end) != (first.start, first.end)
        ):
            return self._order(outlook, outlook.slots, None, now)
        after = outlook.slots[1:]
        is_old = not self._outlook or outlook.differs(self._outlook)
        if not due and not (is_old and after):
            # All is as it was, or there is nothing beyond this slot yet.
            self._judged = outlook.goal if is_old else self._judged
            self.async_show_running()
            return None
        if first.price is not None and first.price != running.price:
            running = replace(
                running, price=first.price, cost=running.energy * first.price
            )
        if not after:
            return self._order(outlook, outlook.slots, None, now)
        return self._order(outlook, after, running, now)

    def _order(
        self,
        outlook: Outlook,
        slots: tuple[PlanSlot, ...],
        kept: PlannedSlot | None,
        now: datetime,
    ) -> PlanOrder:
        """Return the plan to be made for some slots."""
        self._judged = outlook.goal
        before = kept or self._before(slots[0].start)
        actual = None if kept else async_present_state(self.miner)
        request = PlanRequest(
            slots=slots,
            modes=outlook.modes,
            goal=goal_so_far(
                outlook, slots, kept, self.economics, self.memory, self._seen_at, now
            ),
            limits=outlook.limits,
            present=present_at(actual, before or self.running, self.memory, now),
            zone=dt_util.get_default_time_zone(),
            dearest=outlook.dearest,
        )
        return PlanOrder(request=request, outlook=outlook, kept=kept)

    def _before(self, start: datetime) -> PlannedSlot | None:
        """Return what was planned for the time right before a moment."""
        slots = () if self.data is None else self.data.slots
        return next((slot for slot in slots if slot.start < start <= slot.end), None)

    @callback
    def async_take(self, made: MadePlan, order: PlanOrder) -> None:
        """Follow a plan that was made."""
        plan, course = made
        if order.kept is not None:
            plan = replace(plan, slots=(order.kept, *plan.slots))
            course = [*shown_course([order.kept]), *course]
        self._outlook = order.outlook
        self._show(plan, course)

    @callback
    def async_show_running(self) -> None:
        """Show what is planned for now already, unless it is shown.

        It is for when the next plan takes long. Where nothing is planned, what was
        shown before stays until then.
        """
        if (running := self.running) is not None and running is not self._shown:
            self._show(self.data, self.course)

    @callback
    def async_go_on(self) -> None:
        """Go on as planned before, as no plan could be made."""
        if self.running is None:
            self._show(None, [])
        self.async_show_running()

    def _show(self, plan: Plan | None, course: Course) -> None:
        """Show a plan, or that there is none."""
        self.course = course
        memory = self.memory
        slot = None if plan is None else plan.at(dt_util.utcnow())
        if slot is None:
            memory.phase_off = memory.phase_since = None
        elif memory.phase_off is not (slot.mode == OFF):
            memory.phase_off, memory.phase_since = slot.mode == OFF, slot.start
        memory.plan, memory.wishes = plan, dict(self._wishes)
        self._shown = slot
        self.async_set_updated_data(plan)
