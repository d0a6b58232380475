"""Statistics of public-pool: of the public service, or of one at home.

The shapes are those of its controller for clients. Nobody has to prove who he is.
"""

from ..protocols import parse
from ..protocols.parse import Reply
from .pool_service import PoolServiceClient, PoolStatistics, checked


async def fetch_statistics(client: PoolServiceClient, address: str) -> PoolStatistics:
    """Return what the pool knows of a payout address. Raises PoolStatisticsError.

    An address that never mined there is known like any other, without workers.
    """
    return read_statistics(await client.document("api", "client", address))


def read_statistics(document: Reply) -> PoolStatistics:
    """Return the statistics in a document, or raise PoolServiceReplyError.

    Only workers that mine are listed. The pool derives the hashrate of each from its
    last shares, of some ten minutes, and does not add them up.
    """
    return checked(
        PoolStatistics(
            hashrate=_hashrate(document.get("workers")),
            workers=parse.count(document, "workersCount"),
            # Newer versions tell 0 as long as there is no share.
            best_difficulty=parse.difficulty(document, "bestDifficulty") or None,
            balance=None,
        )
    )


def _hashrate(workers: object) -> float | None:
    """Return the sum of the workers' hashrates in H/s, None if one is not known.

    A sum without one of them would not be a smaller figure but a wrong one. Numbers
    may be texts: those that its database keeps as decimals become some.
    """
    if not isinstance(workers, list):
        return None
    total = 0.0
    for worker in workers:
        if not isinstance(worker, dict):
            return None
        if (rate := parse.difficulty(worker, "hashRate")) is None:
            return None
        total += rate
    return total
