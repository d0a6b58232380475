"""Values of an NMMiner that its broadcasts and its replies over HTTP share."""

from dataclasses import replace
import re
from typing import Final

from . import parse
from .model import MinerIdentity
from .parse import Reply

MANUFACTURER: Final = "NMMiner"

BOARD: Final = "NMMiner"
"""What firmware calls every board that it does not tell apart."""

# An ESP32 does a little more than 1 MH/s. Firmware 1.8.22 is known to tell 500 MH/s
# until it restarts (NMMiner issue 99). The boards with a chip for mining tell up to
# a few TH/s.
_MOST_OF_AN_ESP32: Final = 20e6
_MOST_OF_A_CHIP: Final = 10e12


_VERSION: Final = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?", re.ASCII)
_HTTP_SINCE: Final = (2,)
_WEB_PAGE_SINCE: Final = (1, 7, 6)


def firmware_version(firmware: str | None) -> tuple[int, ...]:
    """Return the numbers of a version such as "v1.8.10"."""
    match = _VERSION.match(firmware or "")
    return tuple(int(part or 0) for part in match.groups()) if match else (0,)


def with_known(identity: MinerIdentity, known: MinerIdentity) -> MinerIdentity:
    """Return who a miner is, with what was known of it before.

    It never tells its MAC address, and over HTTP not its board.
    """
    return replace(
        identity,
        mac=identity.mac or known.mac,
        model=known.model if identity.model == BOARD else identity.model,
        hardware=identity.hardware or known.hardware,
        hostname=identity.hostname or known.hostname,
    )


def broadcasts_status(firmware: str | None) -> bool:
    """Return whether the miner tells its status by itself, and not over HTTP."""
    return firmware_version(firmware) < _HTTP_SINCE


def has_chip(model: str) -> bool:
    """Return whether a board has a chip for mining besides its ESP32."""
    return "axe" in model.lower()


def has_web_page(firmware: str | None) -> bool:
    """Return whether a browser finds something at the miner."""
    return firmware_version(firmware) >= _WEB_PAGE_SINCE


def model_of(board: str) -> str:
    """Return the name of a board such as "cyd 2.8" as people know it."""
    return board if board.startswith("NM") else f"{BOARD} {board}"


def sane_hashrate(hashrate: float | None, *, has_asic: bool) -> float | None:
    """Return a hashrate in H/s, None for one that the board cannot reach."""
    most = _MOST_OF_A_CHIP if has_asic else _MOST_OF_AN_ESP32
    return None if hashrate is None or hashrate > most else hashrate


def read_temperature(reply: Reply, key: str) -> float | None:
    """Return a temperature in °C, where 0 stands for no sensor."""
    return parse.positive(reply, key, maximum=200, digits=1)
