"""What all services have in common that tell what a pool knows of somebody's miners.

The address of a question holds a payout address, and its headers may hold a token: no
text and no context of an error holds either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from ..protocols.parse import Reply
from .http_json import HttpConnectionError, HttpReplyError, get, read_object
from .octopus_reply import read_retry_after

_TIME_LIMIT = 10.0
_SIZE_LIMIT = 256 * 1024


class PoolStatisticsError(Exception):
    """Base of every error that asking for statistics can end in.

    `retry_after` is the time in seconds that the service wants to be left alone from
    the reply on, None where it names none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Initialize the error."""
        super().__init__(message)
        self.retry_after = retry_after


class PoolServiceUnreachableError(PoolStatisticsError):
    """The service cannot be reached, does not answer or serves nobody at present."""


class PoolServiceReplyError(PoolStatisticsError):
    """The reply makes no sense: most likely the address is that of something else."""


class PoolAccessDeniedError(PoolStatisticsError):
    """The service does not accept the token."""


class PoolServiceBusyError(PoolStatisticsError):
    """The service was asked too often."""


class SecretUnusableError(PoolStatisticsError, ValueError):
    """What was typed can be neither a payout address nor a token."""


class UrlUnusableError(PoolStatisticsError, ValueError):
    """What was typed can be no address of a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStatistics:
    """What a pool knows of all miners of a payout address or of an account.

    `hashrate` is in H/s, an average that the pool derives from shares. `workers` are
    those that mine at present. `best_difficulty` is the best of all time, and None as
    long as there is no share. `balance` is what was earned and not paid out, in BTC.
    Everything that a pool does not tell is None.
    """

    hashrate: float | None
    workers: int | None
    best_difficulty: float | None
    balance: float | None


_NOTHING = PoolStatistics(
    hashrate=None, workers=None, best_difficulty=None, balance=None
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PoolServiceClient:
    """Asks one service. The session is shared and not closed here."""

    session: aiohttp.ClientSession
    base: URL
    version: str

    async def document(
        self, *parts: str, credentials: Mapping[str, str] | None = None
    ) -> Reply:
        """Return the JSON object at a path. Raises PoolStatisticsError."""
        body = await self.body(*parts, credentials=credentials)
        if body is None:
            raise PoolServiceReplyError("The service does not know what was asked for")
        try:
            return read_object(body)
        except HttpReplyError as err:
            raise PoolServiceReplyError(str(err)) from None

    async def body(
        self, *parts: str, credentials: Mapping[str, str] | None = None
    ) -> bytes | None:
        """Return what is at a path, None where the service knows no such path.

        `credentials` are headers that prove who asks: only where there are some, a
        refusal is about them. Raises PoolStatisticsError.
        """
        try:
            reply = await get(
                self.session,
                self._url(*parts),
                headers={
                    "Accept": "application/json",
                    "User-Agent": f"HomeAssistant-MinerController/{self.version}",
                    **(credentials or {}),
                },
                time_limit=_TIME_LIMIT,
                size_limit=_SIZE_LIMIT,
            )
        except HttpConnectionError as err:
            raise PoolServiceUnreachableError(str(err)) from None
        except HttpReplyError as err:
            raise PoolServiceReplyError(str(err)) from None
        if reply.status == 200:
            return reply.body
        if reply.status == 404:
            return None
        wait = read_retry_after(reply.headers)
        if reply.status == 429:
            raise PoolServiceBusyError("The service was asked too often", wait)
        if reply.status in (401, 403) and credentials:
            raise PoolAccessDeniedError("The service does not accept the token")
        if reply.status >= 500:
            raise PoolServiceUnreachableError(
                f"The service is unavailable ({reply.status})", wait
            )
        raise PoolServiceReplyError(f"The service answered with status {reply.status}")

    def _url(self, first: str, *parts: str) -> URL:
        """Return the address of a path.

        An address that was copied from elsewhere may end in the path's first part.
        """
        base = self.base.parent if self.base.name == first else self.base
        return base.joinpath(first, *parts)


def checked(statistics: PoolStatistics) -> PoolStatistics:
    """Return what a pool told, or raise PoolServiceReplyError if that is nothing.

    The best difficulty alone is no statistics: other services tell of one, too.
    """
    if replace(statistics, best_difficulty=None) == _NOTHING:
        raise PoolServiceReplyError("The reply holds no statistics")
    return statistics
