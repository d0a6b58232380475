"""The status datagram of an NMMiner, by firmware version."""

from simulator.firmware import ABSENT, Absent, Field, Version, report
from simulator.nmminer.state import NMMinerState
from simulator.wire import JsonObject, encode, number

type F = Field[NMMinerState]

UNITS_SINCE: Version = (1, 2, 1)
PAIRS_SINCE: Version = (1, 5, 1)
_NO_CYD_TEMPERATURE_SINCE: Version = (1, 6, 3)
_NO_PROGRESS_SINCE: Version = (1, 8)
_RAW_RETURN_SINCE: Version = (1, 8, 10)

_SUFFIXES = ("", "K", "M", "G", "T", "P", "E")


def scaled(value: float, digits: int) -> str:
    """Return a number with a fixed count of significant digits and a suffix."""
    power = 0
    text = _fixed(value, digits)
    while float(text) >= 1000 and power < len(_SUFFIXES) - 1:
        value /= 1000
        power += 1
        text = _fixed(value, digits)
    return text + _SUFFIXES[power]


def _fixed(value: float, digits: int) -> str:
    """Return a number with as many digits behind the point as there is room for."""
    text = ""
    for places in range(digits - 1, -1, -1):
        text = f"{value:.{places}f}"
        if len(text.replace(".", "")) <= digits:
            break
    return text


def duration(seconds: float, day_digits: int = 3) -> str:
    """Return a time as days and a clock."""
    days, rest = divmod(int(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    return f"{days:0{day_digits}}d {hours:02}:{rest // 60:02}:{rest % 60:02}"


def _hashrate(state: NMMinerState) -> str:
    """Return the hashrate; the first firmwares left the unit out."""
    unit = "H/s" if state.version >= UNITS_SINCE else ""
    return scaled(state.model.hashrate * 1e9, 5) + unit


def _share(state: NMMinerState) -> str:
    """Return the rejected and accepted shares, later with the share of the latter."""
    shares = state.model.shares
    pair = f"{shares.rejected}/{shares.accepted}"
    if state.version < UNITS_SINCE:
        return pair
    percent = 100 * shares.accepted / max(1, shares.accepted + shares.rejected)
    return f"{pair}/{percent:.1f}%"


def _best(state: NMMinerState) -> str:
    """Return the best share of the session, later with the best ever.

    That the single value of the older firmwares is of the session is not verified.
    """
    session = scaled(state.model.shares.best_session, 4)
    if state.version < PAIRS_SINCE:
        return session
    return f"{session}\r{scaled(state.model.best_difficulty, 4)}"


def _uptime(state: NMMinerState) -> str:
    """Return the time since the last boot, later with the time of all sessions."""
    if state.version < UNITS_SINCE:
        return duration(state.uptime, 2)
    if state.version < PAIRS_SINCE:
        return duration(state.uptime)
    return f"{duration(state.uptime)}\r{duration(state.uptime_ever)}"


def _progress(state: NMMinerState) -> int | float:
    """Return how far the search through the present job's nonces got."""
    return number(round(state.model.shares.session_hashes / 2**32 % 1.0, 3))


def _temperature(state: NMMinerState) -> int | float | Absent:
    """Return the temperature, which newer firmware leaves out on a CYD."""
    bare = state.board.board_type.startswith("cyd") and not state.board.thermometer
    if bare and state.version >= _NO_CYD_TEMPERATURE_SINCE:
        return ABSENT
    return number(round(state.temperature, 1))


def _power(state: NMMinerState) -> str | Absent:
    """Return the power of a board with an ASIC."""
    return f"{state.model.power:.1f}W" if state.board.asic else ABSENT


def _last_seen(state: NMMinerState) -> int | Absent:
    """Return a board with an ASIC's own clock in milliseconds."""
    return int(state.uptime * 1000) if state.board.asic else ABSENT


_FIELDS: tuple[F, ...] = (
    Field(name="BoardType", make=lambda s: s.board.board_type),
    Field(name="HashRate", make=_hashrate),
    Field(name="Share", make=_share),
    Field(name="NetDiff", make=lambda s: scaled(s.model.network_difficulty, 4)),
    Field(name="PoolDiff", make=lambda s: scaled(s.model.pool_difficulty, 4)),
    Field(name="LastDiff", make=lambda s: scaled(s.last_difficulty, 4)),
    Field(name="BestDiff", make=_best),
    Field(name="Valid", make=lambda s: s.model.blocks_found),
    Field(name="Progress", make=_progress, until=_NO_PROGRESS_SINCE),
    Field(name="Temp", make=_temperature),
    Field(name="RSSI", make=lambda s: round(s.model.wifi_rssi)),
    Field(name="FreeHeap", make=lambda s: number(round(s.free_heap, 3))),
    Field(name="Uptime", make=_uptime),
    Field(name="Power", make=_power),
    Field(name="Lastseen", make=_last_seen),
)


def status(
    state: NMMinerState, *, address: str, firmware: str, absurd: bool
) -> JsonObject:
    """Return what a status datagram says.

    `absurd` is the known bug that reports a hashrate no such device ever had.
    """
    told: JsonObject = {"ip" if state.version >= UNITS_SINCE else "IP": address}
    told |= report(_FIELDS, state.version, state)
    if absurd:
        told["HashRate"] = f"500.0M{'H/s' if state.version >= UNITS_SINCE else ''}"
    return told | {"Version": f"v{firmware}", "PoolInUse": state.pool_in_use}


def datagram(told: JsonObject, version: Version) -> bytes:
    """Return the bytes of a datagram.

    Newer firmware prints its JSON by hand, and a carriage return goes out as it is,
    which no strict reader takes.
    """
    data = encode(told)
    return data.replace(b"\\r", b"\r") if version >= _RAW_RETURN_SINCE else data
