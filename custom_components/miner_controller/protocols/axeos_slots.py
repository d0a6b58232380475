"""The pool slots of AxeOS from 2.15 on, which replace the flat settings.

The flat keys are still told and no longer taken: a change of them is answered with 200
and does nothing. Only slots that are filled are told, each with its number. Source:
bitaxeorg/ESP-Miner 2.15.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from . import parse
from .esp_pool import PREFIX, EspPool, PoolChange, holds, pool_keys, stands

# The firmware has so many, numbered from 0. Another one may have more.
_SLOTS: Final = 8
_LAST_SLOT: Final = 31

type _Slots = Mapping[int, Mapping[str, Any]]


def count_slots(info: Mapping[str, Any]) -> int:
    """Return how many slots the firmware has, 0 where it has flat keys."""
    return len(_slots(info)) if has_slots(info) else 0


def has_slots(info: Mapping[str, Any]) -> bool:
    """Return whether a reply of /api/system/info is from firmware with slots."""
    return "pools" in info


def choose_slot(info: Mapping[str, Any], pool: EspPool) -> int:
    """Return the slot to use for a pool, so that as little as possible is lost.

    A slot that holds the pool is the best one, then one that is empty, then one that
    is neither the first nor the second choice of the miner.
    """
    slots = _slots(info)
    primary, secondary = _primary(info), _secondary(info)
    holding = [number for number in slots if holds(slots[number], pool)]
    spare = [number for number in slots if number not in (primary, secondary)]
    empty = [
        number for number in (primary, *spare) if not slots[number].get(f"{PREFIX}URL")
    ]
    if primary in holding:
        return primary
    return next(iter((*holding, *empty, *spare, primary)))


def slot_change(
    info: Mapping[str, Any], pools: Mapping[int, EspPool], order: Sequence[int] = ()
) -> PoolChange:
    """Return the change of some slots, and of which the miner uses.

    `order` names its first and, after that, its second choice. The firmware replaces a
    slot as a whole, so one that held the pool already is sent with all it has.
    """
    slots = _slots(info)
    indices = _indices(info, order)
    rows = [_row(number, slots.get(number, {}), pool) for number, pool in pools.items()]

    def all_stand(told: Mapping[str, Any]) -> bool:
        found = _slots(told)
        return all(
            stands(found.get(number, {}), pool) for number, pool in pools.items()
        ) and all(told.get(key) == number for key, number in indices.items())

    return PoolChange(settings={"pools": rows, **indices}, stands=all_stand)


def _row(number: int, stored: Mapping[str, Any], pool: EspPool) -> Mapping[str, Any]:
    """Return a slot as it is written."""
    kept: Mapping[str, Any] = {}
    if holds(stored, pool):
        kept = {key: stored[key] for key in stored if key.startswith(PREFIX)}
    # Every firmware with slots speaks TLS, whatever a slot tells.
    told = {f"{PREFIX}TLS": 0, **kept}
    return {"id": number, **kept, **pool_keys(told, pool, int)}


def _indices(info: Mapping[str, Any], order: Sequence[int]) -> dict[str, int]:
    """Return which slots shall be the first and the second choice.

    Where the second choice becomes the first one, the first one takes its place.
    """
    if not order:
        return {}
    indices = {"primaryPoolIndex": order[0]}
    if len(order) > 1:
        indices["secondaryPoolIndex"] = order[1]
    elif order[0] == _secondary(info) != _primary(info):
        indices["secondaryPoolIndex"] = _primary(info)
    return indices


def _slots(info: Mapping[str, Any]) -> _Slots:
    """Return the slots by their number, also those that are empty and not told."""
    told = {
        number: row
        for row in parse.rows(info, "pools")
        if (number := parse.count(row, "id", maximum=_LAST_SLOT)) is not None
    }
    count = max(_SLOTS, _primary(info) + 1, *(number + 1 for number in told))
    return {number: told.get(number, {}) for number in range(count)}


def _primary(info: Mapping[str, Any]) -> int:
    """Return the slot that the miner prefers."""
    return parse.count(info, "primaryPoolIndex", maximum=_LAST_SLOT) or 0


def _secondary(info: Mapping[str, Any]) -> int | None:
    """Return the slot that the miner falls back to."""
    return parse.count(info, "secondaryPoolIndex", maximum=_LAST_SLOT)
