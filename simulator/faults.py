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
