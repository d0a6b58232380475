"""When a cheap window is active: decided once, kept, and remembered.

A decision belongs to one span of a window. It is a statement about the span as a whole:
made in the middle of it, it may choose time that is over, as "the four cheapest hours
of the night" are what they are, whenever somebody asks. So with all prices known it
does not depend on when Home Assistant was started.

From then on it is kept. It carries the prices that it was made with, so it survives
that old prices are forgotten, and it is known what has really changed. Only another
price for the same time, or a price that was not known before, leads to a new choice,
and what has begun is not taken back by it: see `decide`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Self

from . import series
from .choices import choose, choose_again
from .slots import (
    Slot,
    average,
    changed,
    clipped,
    gaps,
    is_complete,
    merge,
    overlapping,
)
from .spans import Span, joined
from .windows import CheapWindow, UnknownPrices, next_span, span_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """When a window is active in one of its spans, and what that was decided with."""

    window: CheapWindow
    span: Span
    periods: tuple[Span, ...]
    """When the window is active, in order and apart from each other."""
    slots: tuple[Slot, ...]
    """The prices of the span, as far as they were known, uncut at both ends."""

    @property
    def complete(self) -> bool:
        """Return whether all prices of the span were known."""
        return is_complete(self.slots, self.span.start, self.span.end)

    @property
    def average(self) -> float | None:
        """Return the average price of the periods, in currency per kWh."""
        return average(
            piece
            for period in self.periods
            for piece in clipped(self.slots, period.start, period.end)
        )

    @property
    def fallback(self) -> tuple[Span, ...]:
        """Return when the window is active because the price is not known."""
        if self.window.unknown is not UnknownPrices.ON:
            return ()
        return gaps(self.slots, self.span.start, self.span.end)

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as plain values that survive JSON unchanged."""
        return {
            "window": self.window.as_dict(),
            "span": self.span.as_dict(),
            "periods": [period.as_dict() for period in self.periods],
            "slots": series.pack(self.slots),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the decision that `as_dict` stored."""
        return cls(
            window=CheapWindow.from_dict(data["window"]),
            span=Span.from_dict(data["span"]),
            periods=tuple(Span.from_dict(period) for period in data["periods"]),
            slots=series.unpack(data["slots"]),
        )


def decide(
    window: CheapWindow,
    span: Span,
    slots: Sequence[Slot],
    previous: Decision | None,
    now: datetime,
) -> Decision | None:
    """Return when a window is active in a span, None if that is not decided yet.

    A previous decision about the same span and with the same settings is returned as it
    is, unless a price of the span has really changed or has become known since. Then
    it is decided again: a period that has begun stays to its end, as long as it does
    not become dearer than the maximum price, and only what is still wanted after it is
    chosen, from now on. A block that has begun is at most prolonged.

    With other settings it is decided as if for the first time, for the whole span.
    """
    known = tuple(overlapping(slots, span.start, span.end))
    if previous is not None and (previous.window, previous.span) == (window, span):
        if known == previous.slots:
            # So it is nearly always, and this is much cheaper to find out.
            return previous
        merged = merge(previous.slots, known)
        if len(merged) == len(previous.slots) and not changed(previous.slots, known):
            return previous
        periods = choose_again(window, span, previous.periods, merged, now)
        return Decision(window=window, span=span, periods=periods, slots=merged)
    # What is over cannot be used any more: its price is not waited for.
    settled = is_complete(known, max(span.start, now), span.end)
    if not settled and (window.unknown is UnknownPrices.OFF or now < span.start):
        return None
    periods = choose(window, span, known)
    return Decision(window=window, span=span, periods=periods, slots=known)


def update(
    window: CheapWindow,
    decisions: Iterable[Decision],
    slots: Sequence[Slot],
    now: datetime,
    zone: tzinfo,
) -> tuple[Decision, ...]:
    """Return the decisions about the present span and the next one, if made.

    `decisions` are those made so far, also those that were stored. To be called when
    prices were fetched, and at each moment that `next_update` tells.
    """
    spans = (span_at(window, now, zone), next_span(window, now, zone))
    earlier = {decision.span: decision for decision in decisions}
    found = (
        decide(window, span, slots, earlier.get(span), now) for span in spans if span
    )
    return tuple(decision for decision in found if decision is not None)


def is_active(decisions: Iterable[Decision], now: datetime) -> bool:
    """Return whether the window is active at a moment."""
    return any(
        now in active
        for decision in decisions
        for active in (*decision.periods, *decision.fallback)
    )


def next_start(decisions: Iterable[Decision], now: datetime) -> datetime | None:
    """Return when the window will become active for the next time, if that is known.

    While it is active this is the start of the period after. A period that goes on from
    one span into the next has one start.
    """
    periods = joined(period for item in decisions for period in item.periods)
    return next((period.start for period in periods if now < period.start), None)


def decision_for(decisions: Iterable[Decision], now: datetime) -> Decision | None:
    """Return the decision about the present span, or else about the next one."""
    remaining = (decision for decision in decisions if now < decision.span.end)
    return min(remaining, key=lambda decision: decision.span.start, default=None)


def next_update(
    window: CheapWindow, decisions: Iterable[Decision], now: datetime, zone: tzinfo
) -> datetime:
    """Return the next moment at which, without new prices, anything may change."""
    edges = [
        moment
        for decision in decisions
        for active in (*decision.periods, *decision.fallback)
        for moment in (active.start, active.end)
    ]
    if span := span_at(window, now, zone):
        edges.append(span.end)
    edges.append(next_span(window, now, zone).start)
    return min(moment for moment in edges if now < moment)
