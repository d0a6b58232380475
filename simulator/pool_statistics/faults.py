"""The ways in which the services can be told to fail."""

from enum import StrEnum

from aiohttp import web

from simulator.fault_replies import whole_reply
from simulator.faults import Fault


class PoolStatisticsFault(StrEnum):
    """What happens to every request until the fault is cleared."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REDIRECT = "redirect"
    HTML = "html"
    GARBAGE = "garbage"
    WRONG_TYPES = "wrong_types"
    # Several objects, one a line, as files of ckpool sometimes are.
    SEVERAL_OBJECTS = "several_objects"
    HUGE = "huge"
    CUT = "cut"
    SILENT = "silent"
    # Something else listens there.
    NO_HTTP = "no_http"


_PAGE = "<html><body><h1>{0}</h1></body></html>"


def page(title: str, status: int) -> web.Response:
    """Return a page for people."""
    return web.Response(
        status=status, text=_PAGE.format(title), content_type="text/html"
    )


def refusal(fault: PoolStatisticsFault, retry_after: int) -> web.Response | None:
    """Return the reply of a fault that does not look at the request."""
    match fault:
        case PoolStatisticsFault.NOT_FOUND:
            return page("404 Not Found", 404)
        case PoolStatisticsFault.FORBIDDEN:
            return page("403 Forbidden", 403)
        case PoolStatisticsFault.RATE_LIMITED:
            reply = page("429 Too Many Requests", 429)
            reply.headers["Retry-After"] = str(retry_after)
            return reply
        case PoolStatisticsFault.HTML:
            return page("Welcome", 200)
        case (
            PoolStatisticsFault.UNAUTHORIZED
            | PoolStatisticsFault.SERVER_ERROR
            | PoolStatisticsFault.REDIRECT
            | PoolStatisticsFault.GARBAGE
        ):
            return whole_reply(Fault(fault.value))
        case _:
            return None


def speak_something_else(request: web.BaseRequest) -> web.Response:
    """Send what is no HTTP and hang up."""
    if request.transport is not None:
        request.transport.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        request.transport.close()
    return web.Response()
