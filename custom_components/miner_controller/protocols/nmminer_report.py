"""What an NMMiner broadcasts of itself: one JSON object in a UDP datagram.

Firmware 0.3 to 1.8 does so every two seconds, or every five since 1.2.01. The formats
of the fields changed from release to release. Source: documents of NMMiner's vendor
and datagrams of real miners.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any, Final

import orjson

from . import parse
from .model import MinerStatus
from .nmminer_values import BOARD, read_temperature, sane_hashrate
from .parse import Reply
from .pool_address import parse_pool_address
from .tolerant_json import read_tolerant_json

LARGEST_REPORT: Final = 2048
"""Bytes of a datagram. Real ones have about 370."""

_HASHRATE: Final = re.compile(
    r"(?P<number>[\d.]+ ?[kmgt]?)(?:h(?:/s)?)?", re.IGNORECASE | re.ASCII
)
_SHARE: Final = re.compile(r"(?P<rejected>\d{1,15})/(?P<accepted>\d{1,15})(?:/.*)?")
_UPTIME: Final = re.compile(
    r"(?P<days>\d{1,5})d (?P<hours>\d{1,2}):(?P<minutes>\d{1,2}):(?P<seconds>\d{1,2})",
    re.ASCII,
)
_POWER: Final = re.compile(r"(?P<watts>\d{1,4}(?:\.\d{1,6})?) ?W?", re.ASCII)

# What every report has under these names, whatever the firmware.
_SIGNATURE: Final = frozenset({"HashRate", "Share", "BoardType", "Version"})


class ReportError(ValueError):
    """A datagram is no report of an NMMiner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NMMinerReport:
    """One broadcast. `address` is what the miner says of itself, if it says so."""

    address: str | None
    board: str
    firmware: str | None
    status: MinerStatus
    document: Mapping[str, Any] = field(repr=False)

    def json(self) -> Mapping[str, Any]:
        """Return the report as it came."""
        return self.document


def read_report(datagram: bytes) -> NMMinerReport:
    """Return the report in a datagram.

    Raises ReportError where the datagram is something else. A field that makes no
    sense is not known.
    """
    document = _document(datagram)
    if len(_SIGNATURE & document.keys()) < len(_SIGNATURE) - 1:
        raise ReportError("The datagram is from something else than a miner")
    return NMMinerReport(
        address=parse.text(document, "ip") or parse.text(document, "IP"),
        board=parse.text(document, "BoardType") or BOARD,
        firmware=parse.text(document, "Version"),
        status=_status(document),
        document=document,
    )


def _document(datagram: bytes) -> Mapping[str, Any]:
    """Return the object in a datagram.

    The firmware prints its JSON by hand: a text may hold a bare carriage return.
    """
    try:
        document = orjson.loads(datagram.replace(b"\r", b"\\r"))
    except orjson.JSONDecodeError:
        try:
            document = read_tolerant_json(datagram.decode(errors="replace"))
        except ValueError, RecursionError:
            raise ReportError("The datagram is no JSON") from None
    if not isinstance(document, dict):
        raise ReportError("The datagram is no JSON object")
    return document


def _status(report: Reply) -> MinerStatus:
    """Return what a report tells."""
    rejected, accepted = _shares(report)
    session, ever = _session_and_ever(report, "BestDiff")
    uptime, _ = _session_and_ever(report, "Uptime")
    pool = parse.text(report, "PoolInUse")
    return MinerStatus(
        hashrate=sane_hashrate(_hashrate(report), has_asic="Power" in report),
        power=_power(report),
        temperature=read_temperature(report, "Temp"),
        shares_accepted=accepted,
        shares_rejected=rejected,
        # A single value has no limit in time.
        best_difficulty=_difficulty(session if ever is None else ever),
        best_session_difficulty=None if ever is None else _difficulty(session),
        # Zero until a pool has told them.
        pool_difficulty=parse.difficulty(report, "PoolDiff", digits=6) or None,
        network_difficulty=parse.difficulty(report, "NetDiff") or None,
        blocks_found=parse.count(report, "Valid"),
        uptime=_seconds(uptime),
        signal_strength=parse.number(report, "RSSI", minimum=-120, maximum=-1),
        active_pool=None if pool is None else parse_pool_address(pool),
        free_heap=_free_heap(report),
    )


def _hashrate(report: Reply) -> float | None:
    """Return the hashrate in H/s of "1.0154MH/s", "993.22KH/s" or "113.13K"."""
    if (match := _HASHRATE.fullmatch(_text(report, "HashRate"))) is None:
        return None
    return parse.suffixed_number(match["number"])


def _shares(report: Reply) -> tuple[int | None, int | None]:
    """Return the rejected and the accepted shares of "2/138" or "2/138/98.6%"."""
    if (match := _SHARE.fullmatch(_text(report, "Share"))) is None:
        return None, None
    return int(match["rejected"]), int(match["accepted"])


def _session_and_ever(report: Reply, key: str) -> tuple[str, str | None]:
    """Return the parts of a value for this session and for all time.

    A carriage return lies between them, where the firmware tells both.
    """
    value = report.get(key)
    if not isinstance(value, str):
        number = parse.number(report, key, digits=6)
        return "" if number is None else repr(number), None
    first, separator, second = value.strip().partition("\r")
    return first.strip(), second.strip() if separator else None


def _difficulty(text: str) -> float | None:
    """Return a difficulty, which is tiny for such a miner at first."""
    return parse.suffixed_number(text, digits=6)


def _seconds(uptime: str) -> float | None:
    """Return the seconds of "000d 01:23:46"."""
    if (match := _UPTIME.fullmatch(uptime)) is None:
        return None
    days, hours, minutes, seconds = map(int, match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def _power(report: Reply) -> float | None:
    """Return the power in W of "12.3W", which only an NMAxe tells."""
    if (match := _POWER.fullmatch(_text(report, "Power"))) is None:
        return None
    return float(match["watts"]) or None


def _free_heap(report: Reply) -> int | None:
    """Return the free memory in bytes, which the miner tells in KB."""
    heap = parse.number(report, "FreeHeap", maximum=1e6)
    return None if heap is None else round(heap * 1024)


def _text(report: Reply, key: str) -> str:
    """Return a text, empty where there is none."""
    return parse.text(report, key) or ""
