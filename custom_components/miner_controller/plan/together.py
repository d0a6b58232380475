"""Brings the plans of miners that share a limit of power onto the same slots."""

from collections.abc import Mapping
from dataclasses import replace

from .horizon import on_grid
from .order import PlanOrder


def with_same_slots[MinerT](
    orders: Mapping[MinerT, PlanOrder],
) -> dict[MinerT, PlanOrder]:
    """Return the orders of miners with slots that begin, change and end together.

    Where tariffs differ, slots are cut at the edges of the others, and where one knows
    more than another, the rest is without a price.
    """
    slots = [order.request.slots for order in orders.values()]
    if len({tuple((slot.start, slot.end) for slot in each) for each in slots}) <= 1:
        return dict(orders)
    start = max(each[0].start for each in slots)
    edges = {edge for each in slots for slot in each for edge in (slot.start, slot.end)}
    grid = sorted(edge for edge in edges if edge >= start)
    return {
        miner: replace(
            order,
            request=replace(order.request, slots=on_grid(order.request.slots, grid)),
        )
        for miner, order in orders.items()
    }
