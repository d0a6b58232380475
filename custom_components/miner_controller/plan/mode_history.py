"""What a miner was in over the last two days, and since when it is on or off."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from ..planning.plan_model import OFF
from ..planning.spans import Span, read_moment

# A window of a day may have begun a day ago.
_KEPT: Final = timedelta(days=2)

# A miner that was not seen for longer may have done anything meanwhile. One is asked
# every ten minutes at least, and is away for some minutes when it restarts.
_LONGEST_GAP: Final = timedelta(minutes=20)

# More changes than this in two days are nobody's wish.
_MOST_STAYS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A time for which a miner was in one mode, or off."""

    span: Span
    mode: str


class ModeHistory:
    """The modes that a miner was in, as it was seen.

    `since` is when it was last seen to be switched on or off, None where that was never
    seen, so long ago. A miner whose mode is not known is still taken to be on or off as
    it was before.
    """

    def __init__(
        self,
        stays: Iterable[Stay] = (),
        *,
        is_off: bool | None = None,
        since: datetime | None = None,
    ) -> None:
        """Initialize with what was seen before."""
        self._stays = list(stays)
        self.is_off = is_off
        self.since = since

    def see(self, mode: str | None, now: datetime) -> None:
        """Take in what the miner is in now, None where that is not known."""
        self._forget(now)
        if mode is None:
            return
        self._stay(mode, now)
        if (is_off := mode == OFF) is not self.is_off:
            self.since = None if self.is_off is None else now
            self.is_off = is_off

    def _forget(self, now: datetime) -> None:
        """Forget what is long over, and what a clock that was set back undoes."""
        if self._stays and self._stays[-1].span.end > now:
            self._stays = [stay for stay in self._stays if stay.span.end <= now]
        if self.since is not None and self.since > now:
            self.since = now
        while self._stays and self._stays[0].span.end < now - _KEPT:
            del self._stays[0]
        del self._stays[:-_MOST_STAYS]

    def _stay(self, mode: str, now: datetime) -> None:
        """Let the last stay go on until now, and begin another one in a new mode."""
        last = self._stays[-1] if self._stays else None
        if last is not None and now - last.span.end <= _LONGEST_GAP:
            # What it changed in between was not seen, so it is the old mode's time.
            self._stays[-1] = Stay(
                span=Span(start=last.span.start, end=now), mode=last.mode
            )
            if last.mode == mode:
                return
        self._stays.append(Stay(span=Span(start=now, end=now), mode=mode))

    def time_in(
        self, modes: Collection[str], start: datetime, end: datetime
    ) -> timedelta:
        """Return how much of a time the miner was seen in any of some modes."""
        return sum(
            (
                max(min(stay.span.end, end) - max(stay.span.start, start), timedelta())
                for stay in self._stays
                if stay.mode in modes
            ),
            timedelta(),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the history as plain values that survive JSON unchanged."""
        return {
            "stays": [
                # It may be written in a thread while the miner is seen again.
                {**stay.span.as_dict(), "mode": stay.mode}
                for stay in tuple(self._stays)
            ],
            "is_off": self.is_off,
            "since": None if self.since is None else self.since.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the history that `as_dict` stored."""
        since, is_off = data["since"], data["is_off"]
        return cls(
            (
                Stay(span=Span.from_dict(stay), mode=str(stay["mode"]))
                for stay in data["stays"]
            ),
            is_off=None if is_off is None else bool(is_off),
            since=None if since is None else read_moment(since),
        )
