"""The web page of the Avalon Nano 3, the only place where it tells its MAC address.

Source: the page's own scripts, get_minerinfo.cgi.
"""

import re

import aiohttp
import orjson

from . import parse
from .errors import MinerError
from .http import HttpDevice
from .web_login import WebLogin

_PATH = "/get_minerinfo.cgi"
_CALLBACK = re.compile(rb"minerinfoCallback\((?P<json>.*)\);?", re.DOTALL)


async def fetch_mac(
    session: aiohttp.ClientSession, host: str, port: int, login: WebLogin
) -> str | None:
    """Return the MAC address, None where the page or the login does not tell it."""
    device = HttpDevice(session, host, port, headers={"Cookie": f"auth={login.token}"})
    try:
        reply = await device.get(_PATH)
    except MinerError:
        return None
    if (match := _CALLBACK.fullmatch(reply.body.strip())) is None:
        return None
    try:
        document = orjson.loads(match["json"])
    except orjson.JSONDecodeError:
        return None
    return parse.mac(document, "mac") if isinstance(document, dict) else None
