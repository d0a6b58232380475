"""What is known of the Bitcoin network, from the public mempool or from one at home.

The shapes are those of the API documentation of mempool, and of its source where the
two differ: moments are in milliseconds, sums of sats are texts, and a price of -1 is
one that it does not know.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
import orjson
from yarl import URL

from ..protocols import parse
from ..protocols.parse import Reply
from .http_json import HttpConnectionError, HttpError, HttpReplyError, get, read_object
from .octopus_reply import read_retry_after

DEFAULT_URL: Final = "https://mempool.space"
"""Where the public service is. It can also be run at home."""

CURRENCIES: Final = frozenset({"AUD", "CAD", "CHF", "EUR", "GBP", "JPY", "USD"})
"""The currencies that the service has a price in."""

_TIME_LIMIT = 10.0
_SIZE_LIMIT = 256 * 1024
# Whoever is not reached so often in one round is not reached at all.
_MOST_UNREACHED = 2

# The average is that of a day.
_REWARD_BLOCKS = 144
# The first blocks gave 50 BTC, and no fees have come near to that since.
_MOST_REWARD = 100e8
_MOST_HEIGHT = 100_000_000
_MOST_PRICE = 1e15
_MOST_DIFFICULTY = 1e24
# It falls to a quarter and rises fourfold at most.
_LEAST_CHANGE, _MOST_CHANGE = -75.0, 300.0
# A number this large is no count of seconds: it would be the year 5138.
_MILLISECONDS_FROM = 1e11
_YEARS = range(2009, 2200)


class MempoolError(Exception):
    """Nothing could be learned of the network.

    `retry_after` is the time in seconds that the service wants to be left alone from
    the reply on, None where it names none. No text holds the address of the service.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Initialize the error."""
        super().__init__(message)
        self.retry_after = retry_after


class MempoolUrlError(MempoolError, ValueError):
    """What was typed can be no address of a service."""


class _PartError(Exception):
    """One question was not answered; others may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFacts:
    """What is known of the network; None is what is not.

    `adjustment_change` is by how much the next adjustment is expected to change the
    difficulty, in %. `reward` is what a block of the last day brought on average, in
    sats, fees and all. `bitcoin_price` is in the currency that was asked for.
    """

    difficulty: float | None = None
    next_adjustment: datetime | None = None
    adjustment_change: float | None = None
    block_height: int | None = None
    reward: float | None = None
    bitcoin_price: float | None = None


_NOTHING = NetworkFacts()


class MempoolClient:
    """Asks one service. The session is shared and not closed here."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str = DEFAULT_URL, *, version: str
    ) -> None:
        """Initialize for an address, with or without a path.

        `version` is that of the integration, for the service to know who asks. Raises
        MempoolUrlError where the address is none.
        """
        self._session = session
        self._base = read_url(url)
        self._version = version

    async def fetch(self, currency: str | None) -> NetworkFacts:
        """Return what the service knows, with one request for each part of it.

        Without a currency, or with one that the service does not have, the price is
        not asked for. A part that cannot be had or makes no sense is None.

        Raises MempoolError where nothing can be had at all, and as soon as the service
        was asked too often, after which nothing more is asked.
        """
        facts, unreached = _NOTHING, 0
        failure = "The replies make no sense"
        for part in self._parts(currency):
            try:
                facts = replace(facts, **await part())
            except _PartError as err:
                failure = str(err)
                # Nobody waits five times for somebody who is away.
                unreached += isinstance(err.__cause__, HttpConnectionError)
                if unreached == _MOST_UNREACHED:
                    break
        if facts == _NOTHING:
            raise MempoolError(failure)
        return facts

    def _parts(
        self, currency: str | None
    ) -> list[Callable[[], Awaitable[dict[str, Any]]]]:
        """Return what asks for each part, as keyword arguments of the facts."""

        async def prices() -> dict[str, Any]:
            reply = await self._document("v1", "prices")
            # What is not known is -1.
            price = parse.positive(reply, str(currency), maximum=_MOST_PRICE)
            return {"bitcoin_price": price}

        others = [self._difficulty, self._adjustment, self._reward, self._height]
        return [*others, prices] if currency in CURRENCIES else [*others]

    async def _difficulty(self) -> dict[str, Any]:
        """Ask for the difficulty of the present."""
        reply = await self._document("v1", "mining", "hashrate", "3d")
        maximum = _MOST_DIFFICULTY
        return {
            "difficulty": parse.positive(reply, "currentDifficulty", maximum=maximum)
        }

    async def _adjustment(self) -> dict[str, Any]:
        """Ask for the next adjustment of the difficulty."""
        reply = await self._document("v1", "difficulty-adjustment")
        change = parse.number(
            reply, "difficultyChange", minimum=_LEAST_CHANGE, maximum=_MOST_CHANGE
        )
        return {
            "next_adjustment": _moment(reply, "estimatedRetargetDate"),
            "adjustment_change": change,
        }

    async def _reward(self) -> dict[str, Any]:
        """Ask for the average reward of a day's blocks."""
        blocks = str(_REWARD_BLOCKS)
        reply = await self._document("v1", "mining", "reward-stats", blocks)
        return {"reward": _average_reward(reply)}

    async def _height(self) -> dict[str, Any]:
        """Ask for the height of the newest block, which is a plain text."""
        height = _whole(await self._text("blocks", "tip", "height"))
        is_sensible = height is not None and 0 < height < _MOST_HEIGHT
        return {"block_height": height if is_sensible else None}

    async def _document(self, *path: str) -> Reply:
        """Return the JSON object at a path of the API."""
        try:
            return read_object(await self._body(*path))
        except HttpReplyError as err:
            raise _PartError(str(err)) from None

    async def _text(self, *path: str) -> str:
        """Return the text at a path of the API."""
        return (await self._body(*path)).decode("ascii", "replace").strip()

    async def _body(self, *path: str) -> bytes:
        """Return what is at a path of the API."""
        try:
            reply = await get(
                self._session,
                self._base.joinpath("api", *path),
                headers={
                    "Accept": "application/json, text/plain",
                    "User-Agent": f"HomeAssistant-MinerController/{self._version}",
                },
                time_limit=_TIME_LIMIT,
                size_limit=_SIZE_LIMIT,
            )
        except HttpError as err:
            raise _PartError(str(err)) from err
        if reply.status == 429:
            raise MempoolError(
                "The service was asked too often", read_retry_after(reply.headers)
            )
        if reply.status != 200:
            raise _PartError(f"The service answered with status {reply.status}")
        return reply.body


def read_url(text: str) -> URL:
    """Return the address of a service without its API, or raise MempoolUrlError.

    A service may be below a path. An address that was copied from elsewhere may end
    in the path of the API.
    """
    try:
        url = URL(text.strip())
    except ValueError:
        url = URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise MempoolUrlError("The address of the service is no address")
    parts = [part for part in url.path.split("/") if part]
    if parts[-1:] == ["v1"]:
        del parts[-1]
    if parts[-1:] == ["api"]:
        del parts[-1]
    return url.with_path("/" + "/".join(parts))


def _average_reward(reply: Reply) -> float | None:
    """Return what a block brought on average, in sats.

    A service that does not know that many blocks adds up fewer, and says which.
    """
    total = _whole(reply.get("totalReward"))
    first, last = (_whole(reply.get(key)) for key in ("startBlock", "endBlock"))
    if total is None:
        return None
    blocks = _REWARD_BLOCKS
    if first is not None and last is not None and 0 <= last - first < blocks:
        blocks = last - first + 1
    average = total / blocks
    return round(average, 1) if 1 <= average <= _MOST_REWARD else None


def _whole(value: object) -> int | None:
    """Return a whole number from 0 on, which may be a text."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    # A truth value is an int to isinstance.
    return value if type(value) is int and 0 <= value < 2**63 else None


def _moment(reply: Reply, key: str) -> datetime | None:
    """Return a moment in UTC, which may be in milliseconds or in seconds."""
    value = parse.positive(reply, key)
    if value is None:
        return None
    seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
    except ValueError, OverflowError, OSError:
        return None
    return moment if moment.year in _YEARS else None
