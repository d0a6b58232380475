"""Keeps the plans of all miners: decides when to plan, and has it done elsewhere."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.singleton import singleton
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_POWER_CAP, DOMAIN, LOGGER
from ..fleet.entries import async_fleet_entry
from ..miner.entries import async_miner_entries
from ..planning.plan_model import PlanRequest
from ..planning.plan_together import plan_together
from .coordinator import MinerPlan
from .memory import PlanMemory, async_recall, plan_store
from .order import MadePlan, PlanOrder
from .shown import shown_course
from .together import with_same_slots

_KEEPER: HassKey[PlanKeeper] = HassKey(f"{DOMAIN}_plan_keeper")
_SAVE_DELAY: Final = 60

# Planning seldom takes so long. Only if it does, what was planned before is shown
# until then: a miner should not be switched twice.
_NOT_SHOWN_FOR: Final = 2.0

_NEXT_ALARM_AT_THE_LATEST: Final = timedelta(minutes=30)


class PlanKeeper:
    """Looks at the plans of all miners with a goal, which may share a limit of power.

    There is one alarm, for the end of the slot that ends first. Plans are made in a
    thread, and shown together. Without a miner that has a goal it does nothing.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize without anything that was kept."""
        self.plans: dict[str, MinerPlan] = {}
        """The plans of the miners that are set up, by the id of their entry."""
        self._hass = hass
        self._store = plan_store(hass)
        self._memories: dict[str, PlanMemory] = {}
        self._cap: float | None = None
        self._planning = False
        self._look_again = False
        self._unsubscribe: CALLBACK_TYPE = _nothing
        self._cancel_alarm: CALLBACK_TYPE = _nothing
        self._alarm_job = HassJob(
            self._async_ring, f"{DOMAIN} plan alarm", cancel_on_shutdown=True
        )

    async def async_load(self) -> None:
        """Recall what was kept of the miners that there still are."""
        present = {entry.entry_id for entry in async_miner_entries(self._hass)}
        self._memories = {
            entry_id: memory
            for entry_id, memory in (await async_recall(self._store)).items()
            if entry_id in present
        }
        # What the miners did since the last plan would be lost otherwise.
        self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)

    @property
    def power_cap(self) -> float | None:
        """Return what all miners with a plan may draw together in W."""
        fleet = async_fleet_entry(self._hass)
        cap = None if fleet is None else fleet.options.get(CONF_POWER_CAP)
        return None if cap is None else float(cap)

    @callback
    def memory(self, entry_id: str) -> PlanMemory:
        """Return what was kept of a miner, nothing for a new one."""
        return self._memories.setdefault(entry_id, PlanMemory())

    @callback
    def async_add(self, plan: MinerPlan) -> Callable[[], None]:
        """Take care of the plan of a miner, until what is returned is called."""
        entry_id = plan.miner.config_entry.entry_id
        is_first = not self.plans
        self.plans[entry_id] = plan
        unsubscribe = plan.async_start()
        if is_first:
            self._cap = self.power_cap
            self._unsubscribe = async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
            )
        self.async_look()

        @callback
        def remove() -> None:
            unsubscribe()
            del self.plans[entry_id]
            self._async_keep()
            if not self.plans:
                self._async_rest()

        return remove

    @callback
    def _async_rest(self) -> None:
        """Do nothing until there is a miner with a goal again."""
        self._cancel_alarm()
        self._unsubscribe()

    async def async_forget(self, entry_id: str) -> None:
        """Forget a miner that was removed."""
        if self._memories.pop(entry_id, None) is None:
            return
        if self._memories:
            await self._store.async_save(self._kept())
        else:
            await self._store.async_remove()

    @callback
    def _async_stop(self, _: Event) -> None:
        """Have everything written down, as Home Assistant stops."""
        self._async_keep()

    @callback
    def _async_keep(self) -> None:
        """Have what is to be kept written down soon."""
        self._store.async_delay_save(self._kept, _SAVE_DELAY)

    def _kept(self) -> dict[str, Any]:
        """Return what is kept over a restart. This may be called in a thread."""
        return {
            "miners": {
                entry_id: memory.as_dict()
                for entry_id, memory in tuple(self._memories.items())
            }
        }

    @callback
    def _async_entry_changed(self, _: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Plan anew where all miners together may draw more or less than before."""
        if entry.domain == DOMAIN and self.power_cap != self._cap:
            self.async_look()

    @callback
    def _async_ring(self, _: datetime) -> None:
        """Look at all plans, as a slot is over."""
        self.async_look()

    @callback
    def async_look(self) -> None:
        """Look at all plans as soon as nothing else is being done."""
        self._look_again = True
        if not self._planning:
            self._planning = True
            self._hass.async_create_background_task(
                self._async_plan(), f"{DOMAIN} plans"
            )

    async def _async_plan(self) -> None:
        """Make the plans that are to be made, and set the alarm for the next ones."""
        # Should planning fail, what is planned already holds until then.
        self._async_set_alarm(_NEXT_ALARM_AT_THE_LATEST)
        try:
            while self._look_again:
                self._look_again = False
                await self._async_make_plans()
        finally:
            self._planning = False
        if not self.plans:
            return
        now = dt_util.utcnow()
        moment = min(plan.next_look for plan in self.plans.values())
        self._async_set_alarm(max(moment - now, timedelta()))

    @callback
    def _async_set_alarm(self, delay: timedelta) -> None:
        """Ring after a time, and not at the one that was set before."""
        self._cancel_alarm()
        self._cancel_alarm = async_call_later(self._hass, delay, self._alarm_job)

    async def _async_make_plans(self) -> None:
        """Make the plans that are to be made now."""
        orders = self._orders(dt_util.utcnow())
        if not orders:
            return
        requests = [order.request for order in orders.values()]
        work = self._hass.async_add_executor_job(_make, requests, self._cap)
        await asyncio.wait((work,), timeout=_NOT_SHOWN_FOR)
        if not work.done():
            for plan in self.plans.values():
                plan.async_show_running()
        made = await work
        for (plan, order), result in zip(orders.items(), made, strict=True):
            # It may have been unloaded meanwhile.
            if plan not in self.plans.values():
                continue
            if result is None:
                plan.async_go_on()
            else:
                plan.async_take(result, order)
        self._async_keep()

    @callback
    def _orders(self, now: datetime) -> dict[MinerPlan, PlanOrder]:
        """Return what is to be planned. Miners that share a limit are planned together.

        Their slots have to be the same, so where one of them is planned from another
        slot on than the others, all are planned from the slot that runs on.
        """
        cap_before, self._cap = self._cap, self.power_cap
        orders = self._ask(now, anew=self._cap != cap_before)
        if self._cap is None or not orders:
            return orders
        orders = self._ask(now, anew=False, all_of_them=True)
        starts = {order.request.slots[0].start for order in orders.values()}
        if self._cap != cap_before or len(starts) > 1:
            orders = self._ask(now, anew=True)
        return with_same_slots(orders)

    def _ask(
        self, now: datetime, *, anew: bool, all_of_them: bool = False
    ) -> dict[MinerPlan, PlanOrder]:
        """Return what each miner wants to have planned."""
        found = {
            plan: plan.async_order(now, anew=anew, due=all_of_them)
            for plan in self.plans.values()
        }
        return {plan: order for plan, order in found.items() if order is not None}


@callback
def _nothing() -> None:
    """Cancel what was never begun."""


def _make(requests: Sequence[PlanRequest], cap: float | None) -> list[MadePlan | None]:
    """Make plans, None where that fails. This is done in a thread."""
    if cap is not None:
        return _made(requests, cap)
    return [made for request in requests for made in _made([request], None)]


def _made(requests: Sequence[PlanRequest], cap: float | None) -> list[MadePlan | None]:
    """Make plans that depend on each other."""
    try:
        plans = plan_together(requests, cap)
    except Exception as err:  # noqa: BLE001
        # Whatever it is, it is no reason to give up all other plans too.
        LOGGER.error("A plan could not be made: %r", err)
        return [None] * len(requests)
    return [(plan, shown_course(plan.slots)) for plan in plans]


@singleton(_KEEPER, async_=True)
async def async_plan_keeper(hass: HomeAssistant) -> PlanKeeper:
    """Return the one keeper, which has recalled what was kept."""
    keeper = PlanKeeper(hass)
    await keeper.async_load()
    return keeper


@callback
def async_find_keeper(hass: HomeAssistant) -> PlanKeeper | None:
    """Return the one keeper, None before any miner had a goal."""
    # While it is being loaded there is something else in its place.
    keeper: Any = hass.data.get(_KEEPER)
    return keeper if isinstance(keeper, PlanKeeper) else None
