"""The ways in which a simulated device can be told to misbehave."""

from enum import StrEnum


class Fault(StrEnum):
    """What happens to every request until the fault is cleared."""

    REFUSE = "refuse"
    HANG = "hang"
    SLOW = "slow"
    CUT = "cut"
    GARBAGE = "garbage"
    WRONG_TYPES = "wrong_types"
    HUGE = "huge"
    REDIRECT = "redirect"
    UNAUTHORIZED = "unauthorized"
    SERVER_ERROR = "server_error"
    # What follows exists in the protocol of cgminer only, where nothing but the end
    # of the connection tells that a reply is complete.
    SILENT = "silent"
    TWICE = "twice"
    LINGER = "linger"
    PIECES = "pieces"
    NULS = "nuls"
    SPLIT_UTF8 = "split_utf8"
    CONTROL_CHARACTERS = "control_characters"
    STRAY_COMMAS = "stray_commas"
    MISSING_COMMA = "missing_comma"
    NOT_NUMBERS = "not_numbers"
    DUPLICATE_KEYS = "duplicate_keys"
    LEADING_ID = "leading_id"


COMMON_FAULTS = frozenset(Fault) - {
    Fault.SILENT,
    Fault.TWICE,
    Fault.LINGER,
    Fault.PIECES,
    Fault.NULS,
    Fault.SPLIT_UTF8,
    Fault.CONTROL_CHARACTERS,
    Fault.STRAY_COMMAS,
    Fault.MISSING_COMMA,
    Fault.NOT_NUMBERS,
    Fault.DUPLICATE_KEYS,
    Fault.LEADING_ID,
}
