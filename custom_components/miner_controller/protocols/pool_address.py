"""The addresses of pools as miners store and show them."""

from functools import lru_cache
import re
from typing import Final

from .model import Pool

_LONGEST_HOST: Final = 240
_URL = re.compile(
    r"(?:[a-z0-9+.-]{1,20}://)?(?:[^/]*@)?"
    r"(?P<host>[^\s:/?#@]+)(?::(?P<port>\d{1,5}))?(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(maxsize=256)
def parse_pool_address(url: str) -> Pool | None:
    """Return the pool at an address such as "stratum+tcp://pool.example:3333".

    What was typed into a miner may have a user in it, which is left out. None for
    what is no address.
    """
    match = _URL.fullmatch(url.strip())
    if match is None:
        return None
    host = match["host"].lower()
    if not host.isprintable() or len(host) > _LONGEST_HOST:
        return None
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port < 65536:
        return None
    return Pool(host=host, port=port)
