"""What a miner is told to use a pool."""

from collections.abc import Sequence
from dataclasses import dataclass, field
import re
from typing import Final

from .errors import MinerRefusedError, MinerUnsupportedError
from .pool_address import parse_pool_address
from .stratum_address import has_second_version

# The cgminer API splits parameters at commas, and firmware reads a backslash before
# them in different ways, so neither can be sent.
_SENDABLE: Final = re.compile(r"[!-+\--\[\]-~]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """The address of a pool as a URL, the worker's name and its password."""

    url: str = field(repr=False)
    worker: str = field(repr=False)
    password: str = field(default="x", repr=False)

    @property
    def unusable(self) -> str | None:
        """Return the name of the first setting that a miner could not take."""
        if parse_pool_address(self.url) is None or not is_sendable(self.url):
            return "url"
        if not is_sendable(self.worker):
            return "worker"
        return None if is_sendable(self.password) else "password"


def is_sendable(text: str) -> bool:
    """Return whether a text can be a parameter of the cgminer API.

    That takes printable characters of ASCII, neither space, comma nor backslash.
    """
    return _SENDABLE.fullmatch(text) is not None


def check_pool(pool: PoolSettings) -> None:
    """Raise MinerRefusedError for a pool that cannot be sent, without its values.

    Raises MinerUnsupportedError for one that speaks Stratum V2: few firmware does, and
    it takes a key that a pool's settings do not have.
    """
    if (unusable := pool.unusable) is not None:
        raise MinerRefusedError(f"The pool's {unusable} cannot be sent")
    if has_second_version(pool.url):
        raise MinerUnsupportedError("A pool with Stratum V2 cannot be set")


def in_slots(pools: Sequence[PoolSettings], slots: int) -> dict[int, PoolSettings]:
    """Return the pools by the slots that they fill, without those that are too many.

    Raises MinerRefusedError where there are none, or one that cannot be sent.
    """
    if not pools:
        raise MinerRefusedError("There is no pool to send")
    filled = dict(enumerate(pools[:slots]))
    for pool in filled.values():
        check_pool(pool)
    return filled
