"""The ways in which the mempool can be told to fail."""

from enum import StrEnum

from aiohttp import web

from simulator.fault_replies import whole_reply
from simulator.faults import Fault


class MempoolFault(StrEnum):
    """What happens to requests until the fault is cleared."""

    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    # Every value has a wrong type or makes no sense.
    WRONG_TYPES = "wrong_types"
    HUGE = "huge"
    CUT = "cut"
    HANG = "hang"


def refusal(fault: MempoolFault, retry_after: int) -> web.Response | None:
    """Return the reply of a fault that does not look at the request."""
    match fault:
        case MempoolFault.NOT_FOUND:
            return not_found()
        case MempoolFault.RATE_LIMITED:
            return web.Response(
                status=429,
                headers={"Retry-After": str(retry_after)},
                text="Too Many Requests",
            )
        case MempoolFault.SERVER_ERROR | MempoolFault.REDIRECT | MempoolFault.GARBAGE:
            return whole_reply(Fault(fault.value))
        case _:
            return None


def not_found() -> web.Response:
    """Return the reply to a question that there is not."""
    return web.Response(status=404, text="Not Found")
