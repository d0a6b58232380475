"""What a cheap window chooses in a span, at first and when prices have changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from .cheapest import find_affordable, find_cheapest
from .slots import Slot, clipped
from .spans import Span, joined
from .windows import CheapWindow

type Periods = tuple[Span, ...]

_NO_TIME = timedelta()


def choose(window: CheapWindow, span: Span, slots: Sequence[Slot]) -> Periods:
    """Return the cheapest periods of a span, or as much as there is."""
    return _choose(window, span, slots, window.wanted(span))


def choose_again(
    window: CheapWindow,
    span: Span,
    chosen: Periods,
    slots: Sequence[Slot],
    now: datetime,
) -> Periods:
    """Return what was chosen and has begun, and the best for what is still wanted.

    A period that goes on ends where it becomes dearer than the maximum price.
    """
    kept = tuple(_begun(chosen, slots, now, window.maximum_price))
    start = max((now, span.start, *(period.end for period in kept)))
    wanted = window.wanted(span)
    if wanted is not None:
        wanted -= sum((period.duration for period in kept), _NO_TIME)
        if wanted <= _NO_TIME:
            return kept
        if kept and not window.split:
            return _prolonged(kept, slots, start, wanted, span, window.maximum_price)
    rest = Span(start=start, end=span.end)
    # The price of this moment may have become known only now: it is usable at once.
    return joined((*kept, *_choose(window, rest, slots, wanted, begun=True)))


def _choose(
    window: CheapWindow,
    inside: Span,
    slots: Sequence[Slot],
    wanted: timedelta | None,
    *,
    begun: bool = False,
) -> Periods:
    """Return the cheapest periods inside a span, or all that is cheap enough."""
    if wanted is None:
        chosen = find_affordable(
            slots,
            earliest=inside.start,
            latest=inside.end,
            minimum_run=window.minimum_run,
            maximum_price=window.maximum_price,
        )
    else:
        chosen = find_cheapest(
            slots,
            duration=wanted,
            earliest=inside.start,
            latest=inside.end,
            split=window.split,
            minimum_run=window.minimum_run,
            maximum_price=window.maximum_price,
            up_to=True,
            begun=begun,
        )
    return chosen.periods if chosen else ()


def _begun(
    chosen: Periods, slots: Sequence[Slot], now: datetime, limit: float | None
) -> Iterator[Span]:
    """Yield the periods that have begun, without what has become too dear."""
    for period in chosen:
        if period.start < now:
            too_dear = (
                slot.start
                for slot in clipped(slots, now, period.end)
                if limit is not None and slot.price > limit
            )
            yield Span(start=period.start, end=next(too_dear, period.end))


def _prolonged(
    kept: Periods,
    slots: Sequence[Slot],
    start: datetime,
    wanted: timedelta,
    span: Span,
    limit: float | None,
) -> Periods:
    """Return a block that has begun, longer by what follows it without a gap."""
    more = find_affordable(
        slots,
        earliest=start,
        latest=min(span.end, start + wanted),
        maximum_price=limit,
    )
    if more is None or more.start != kept[-1].end:
        return kept
    return joined((*kept, more.periods[0]))
