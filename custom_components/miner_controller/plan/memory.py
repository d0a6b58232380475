"""What is kept of plans over a restart: the plans, and what the miners did."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..planning.plan_model import ModeFigures, Plan, PlannedSlot, Reason
from ..planning.spans import read_moment
from ..prices.memory import UNREADABLE
from .mode_history import ModeHistory

_VERSION: Final = 1


@dataclass(slots=True, kw_only=True)
class PlanMemory:
    """What is kept of the plan of a miner.

    `wishes` are the options that the plan was made for, as they are stored. It has the
    miner on, or off where `phase_off` says so, since `phase_since`. `energy` in kWh was
    used on `day`, a local one. `figures` is what was known of each mode, some of which
    a miner tells only while it works.
    """

    plan: Plan | None = None
    wishes: Mapping[str, Any] = field(default_factory=dict)
    phase_off: bool | None = None
    phase_since: datetime | None = None
    history: ModeHistory = field(default_factory=ModeHistory)
    day: date | None = None
    energy: float = 0.0
    figures: Mapping[str, ModeFigures] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "plan": None if self.plan is None else _plan_dict(self.plan),
            "wishes": dict(self.wishes),
            "phase_off": self.phase_off,
            "phase_since": self.phase_since and self.phase_since.isoformat(),
            "history": self.history.as_dict(),
            "day": self.day and self.day.isoformat(),
            "energy": self.energy,
            "figures": {name: asdict(each) for name, each in self.figures.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored."""
        plan, since, day = data["plan"], data["phase_since"], data["day"]
        phase_off = data["phase_off"]
        return cls(
            plan=None if plan is None else _plan(plan),
            wishes=dict(data["wishes"]),
            phase_off=None if phase_off is None else bool(phase_off),
            phase_since=None if since is None else read_moment(since),
            history=ModeHistory.from_dict(data["history"]),
            day=None if day is None else date.fromisoformat(day),
            energy=_number(data["energy"]),
            figures={
                str(name): ModeFigures(
                    name=str(name),
                    hashrate=_number(each["hashrate"]),
                    power=_number(each["power"]),
                    learned=bool(each["learned"]),
                )
                for name, each in data["figures"].items()
            },
        )


def _plan_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain values."""
    return {
        "exact": plan.exact,
        "slots": [
            {
                "start": slot.start.isoformat(),
                "end": slot.end.isoformat(),
                "price": slot.price,
                "mode": slot.mode,
                "reason": slot.reason.value,
                "hashes": slot.hashes,
                "energy": slot.energy,
                "cost": slot.cost,
                "revenue": slot.revenue,
            }
            for slot in plan.slots
        ],
    }


def _plan(data: Mapping[str, Any]) -> Plan:
    """Return the plan of plain values."""
    return Plan(
        exact=bool(data["exact"]),
        slots=tuple(
            PlannedSlot(
                start=read_moment(slot["start"]),
                end=read_moment(slot["end"]),
                price=_number_or_none(slot["price"]),
                mode=str(slot["mode"]),
                reason=Reason(slot["reason"]),
                hashes=_number(slot["hashes"]),
                energy=_number(slot["energy"]),
                cost=_number_or_none(slot["cost"]),
                revenue=_number_or_none(slot["revenue"]),
            )
            for slot in data["slots"]
        ),
    )


def _number(stored: Any) -> float:
    """Return a number that can be reckoned with."""
    number = float(stored)
    if not isfinite(number):
        raise ValueError("This is no number of anything")
    return number


def _number_or_none(stored: Any) -> float | None:
    """Return a number, None where it was not known."""
    return None if stored is None else _number(stored)


def plan_store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    """Return the file that keeps the plans of all miners.

    What is written is put together in a thread, as there may be many slots.
    """
    return Store(hass, _VERSION, f"{DOMAIN}.plans", serialize_in_event_loop=False)


async def async_recall(store: Store[dict[str, Any]]) -> dict[str, PlanMemory]:
    """Return what was kept, by the id of a miner's entry.

    What somebody damaged is as good as none: the plans are made anew.
    """
    try:
        data = await store.async_load()
        if data is not None:
            return {
                str(entry_id): PlanMemory.from_dict(memory)
                for entry_id, memory in data["miners"].items()
            }
    except UNREADABLE as err:
        LOGGER.warning(
            "The stored plans cannot be read and are made anew (%s)",
            type(err).__name__,
        )
    return {}
