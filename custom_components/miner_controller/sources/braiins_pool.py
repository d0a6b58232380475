"""Statistics of Braiins Pool, which tells an account's to whoever has its token.

The token is one of an access profile that may read the web APIs. The service bans
whoever asks more than once in some five seconds: one question is all that is asked.
"""

import re

from ..protocols import parse
from ..protocols.parse import Reply
from .pool_service import PoolServiceClient, PoolStatistics, checked

_UNITS = {
    "h/s": 1.0,
    "kh/s": 1e3,
    "mh/s": 1e6,
    "gh/s": 1e9,
    "th/s": 1e12,
    "ph/s": 1e15,
    "eh/s": 1e18,
}
_MOST_HASHRATE = 1e24

# Amounts are texts, of decimals that may be written with an exponent ("0E-8").
_AMOUNT = re.compile(r"\d{1,8}(?:\.\d{1,20})?(?:[Ee][+-]?\d{1,2})?", re.ASCII)
_ALL_BITCOIN = 21e6


async def fetch_statistics(client: PoolServiceClient, token: str) -> PoolStatistics:
    """Return what the pool knows of a token's account. Raises PoolStatisticsError."""
    return read_statistics(
        await client.document(
            # A path without the slash at its end may be answered with a redirect.
            *("accounts", "profile", "json", "btc", ""),
            credentials={"Pool-Auth-Token": token},
        )
    )


def read_statistics(document: Reply) -> PoolStatistics:
    """Return the statistics in a document, or raise PoolServiceReplyError.

    The hashrate is the average of an hour, as it is with other pools. A worker whose
    monitoring is disabled is counted apart, whether it mines or not, and therefore not
    counted here. The pool tells no difficulty.
    """
    account = parse.section(document, "btc")
    unit = _UNITS.get((parse.text(account, "hash_rate_unit") or "").casefold())
    ok = parse.count(account, "ok_workers")
    low = parse.count(account, "low_workers")
    return checked(
        PoolStatistics(
            # Without a unit it could be anything.
            hashrate=None
            if unit is None
            else parse.number(
                account, "hash_rate_60m", scale=unit, maximum=_MOST_HASHRATE
            ),
            # A worker with less than its usual hashrate mines all the same.
            workers=None if ok is None or low is None else ok + low,
            best_difficulty=None,
            balance=_amount(account, "current_balance"),
        )
    )


def _amount(account: Reply, key: str) -> float | None:
    """Return an amount in BTC."""
    text = parse.text(account, key)
    if text is None or _AMOUNT.fullmatch(text) is None:
        return None
    amount = float(text)
    return amount if amount <= _ALL_BITCOIN else None
