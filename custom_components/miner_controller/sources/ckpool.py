"""Statistics of ckpool: solo.ckpool.org, its European twin, or one at home.

It writes a file for each payout address that ever found a share, and a web server hands
them out. Nobody has to prove who he is.
"""

import json

from ..protocols import parse
from ..protocols.parse import Reply
from .pool_service import (
    PoolServiceClient,
    PoolServiceReplyError,
    PoolStatistics,
    checked,
)

_DECODER = json.JSONDecoder()


async def fetch_statistics(client: PoolServiceClient, address: str) -> PoolStatistics:
    """Return what the pool knows of a payout address. Raises PoolStatisticsError.

    Where there is no file there was no share yet: nobody mines, which is no error.
    """
    body = await client.body("users", address)
    if body is None:
        return PoolStatistics(
            hashrate=0.0, workers=0, best_difficulty=None, balance=None
        )
    return read_statistics(_first_object(body))


def read_statistics(document: Reply) -> PoolStatistics:
    """Return the statistics in a document, or raise PoolServiceReplyError.

    Hashrates are texts such as "4.57G". Of the averages, that of an hour is the
    shortest that is worth a look: a miner of 1 TH/s finds some seven shares of the
    pool's least difficulty in five minutes, and an average of these is out by a third.
    `workers` is how many mine, while the list `worker` also holds those that left.
    """
    # The best of all time is not told by older versions, whose `bestshare` it is.
    best = parse.difficulty(document, "bestever")
    if best is None:
        best = parse.difficulty(document, "bestshare")
    return checked(
        PoolStatistics(
            hashrate=parse.difficulty(document, "hashrate1hr"),
            workers=parse.count(document, "workers"),
            best_difficulty=best or None,
            balance=None,
        )
    )


def _first_object(body: bytes) -> Reply:
    """Return the first JSON object of a body, or raise PoolServiceReplyError.

    The file may hold several objects one after another, and each of them may go over
    several lines.
    """
    try:
        document, _ = _DECODER.raw_decode(body.decode().lstrip())
    except ValueError, RecursionError:
        raise PoolServiceReplyError("The reply is no JSON") from None
    if not isinstance(document, dict):
        raise PoolServiceReplyError("The reply is no JSON object")
    return document
