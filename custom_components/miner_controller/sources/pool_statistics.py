"""What a pool says about somebody's miners, whatever the miners say themselves.

Another service is another module beside `ckpool` and an entry in the tables here.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
import re
from typing import Final

import aiohttp
from yarl import URL

from . import braiins_pool, ckpool, public_pool
from .pool_service import (
    PoolAccessDeniedError,
    PoolServiceBusyError,
    PoolServiceClient,
    PoolServiceReplyError,
    PoolServiceUnreachableError,
    PoolStatistics,
    PoolStatisticsError,
    SecretUnusableError,
    UrlUnusableError,
)

__all__ = [
    "DEFAULT_URLS",
    "PoolAccessDeniedError",
    "PoolService",
    "PoolServiceBusyError",
    "PoolServiceReplyError",
    "PoolServiceUnreachableError",
    "PoolStatistics",
    "PoolStatisticsError",
    "SecretUnusableError",
    "UrlUnusableError",
    "fetch_pool_statistics",
]


class PoolService(StrEnum):
    """The software that tells of a pool's miners."""

    PUBLIC_POOL = "public_pool"
    CKPOOL = "ckpool"
    BRAIINS = "braiins"


DEFAULT_URLS: Final[Mapping[PoolService, str]] = {
    PoolService.PUBLIC_POOL: "https://public-pool.io:40557",
    PoolService.CKPOOL: "https://solo.ckpool.org",
    PoolService.BRAIINS: "https://pool.braiins.com",
}
"""Where the public service of each is. The first two can also be run at home."""

type _Fetch = Callable[[PoolServiceClient, str], Awaitable[PoolStatistics]]

_FETCH: Mapping[PoolService, _Fetch] = {
    PoolService.PUBLIC_POOL: public_pool.fetch_statistics,
    PoolService.CKPOOL: ckpool.fetch_statistics,
    PoolService.BRAIINS: braiins_pool.fetch_statistics,
}

# As payout addresses and tokens are made, and one is a part of a path: neither ".." nor
# anything else that would lead to another one.
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)


async def fetch_pool_statistics(
    session: aiohttp.ClientSession,
    service: PoolService,
    *,
    secret: str,
    url: str | None = None,
    version: str,
) -> PoolStatistics:
    """Return what a service knows, with one request.

    `secret` is the payout address, and for Braiins the token. `url` is where the
    service is, None for the public one. `version` is that of the integration, for the
    service to know who asks. The session is shared. Services want to be asked no more
    often than once a minute.

    Raises SecretUnusableError and UrlUnusableError where nothing can be asked,
    PoolAccessDeniedError where a token is not accepted, and other
    PoolStatisticsErrors, which may pass. None of them tells the secret.
    """
    if _SECRET.fullmatch(secret) is None:
        raise SecretUnusableError("This is neither a payout address nor a token")
    client = PoolServiceClient(
        session=session, base=_base(url or DEFAULT_URLS[service]), version=version
    )
    return await _FETCH[service](client, secret)


def _base(text: str) -> URL:
    """Return the address of a service, or raise UrlUnusableError."""
    try:
        base = URL(text.strip().rstrip("/"))
    except ValueError:
        base = URL()
    if base.scheme not in {"http", "https"} or not base.host:
        raise UrlUnusableError("The address of the service is no address")
    return base
