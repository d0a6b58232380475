"""The mempool on a real port: what it tells of the network, and its quirks.

Shapes and quirks are those of the API documentation of mempool and of its source: sums
are texts, moments are in milliseconds, and a price that is not known is -1.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, override

from aiohttp import web

from simulator.fault_replies import send_cut, send_huge, with_wrong_types
from simulator.mempool.faults import MempoolFault, not_found, refusal
from simulator.web_service import Handler, WebService
from simulator.wire import JsonObject, encode, number

PARTS = {
    "difficulty": "/api/v1/mining/hashrate/3d",
    "adjustment": "/api/v1/difficulty-adjustment",
    "reward": "/api/v1/mining/reward-stats/{blocks}",
    "height": "/api/blocks/tip/height",
    "prices": "/api/v1/prices",
}
"""The path of each part that is asked for on its own."""

_CURRENCIES = ("USD", "EUR", "GBP", "CAD", "CHF", "AUD", "JPY")
_BLOCK_TIME = timedelta(minutes=10)
_HASHES_PER_DIFFICULTY = 2**32
_PERIOD = 2016


class MempoolServer(WebService[MempoolFault]):
    """Serve what is known of the network, or fail to in the way that was asked for.

    It runs nothing in the background: a reply depends on the switches and on `now`
    when it is asked for.
    """

    def __init__(self, *, now: Callable[[], datetime] | None = None) -> None:
        """Prepare a server that does not listen yet."""
        super().__init__()
        self.difficulty = 1.5e14
        self.height = 951_000
        # The average of a block, in sats.
        self.reward = 315_500_000
        # By how much the next adjustment changes the difficulty, in %.
        self.adjustment_change = 2.5
        # By currency. One that is missing is not known.
        self.prices: dict[str, float] = {"GBP": 80_000, "USD": 100_000, "EUR": 90_000}
        # Moments are in seconds, as the documentation shows them.
        self.in_seconds = False
        # The parts that the fault is about; none for all of them.
        self.faulty: set[str] = set()
        # The path of each request.
        self.requests: list[str] = []
        self._now = now

    @property
    def blocks_left(self) -> int:
        """Return the number of blocks until the next adjustment."""
        return _PERIOD - self.height % _PERIOD

    @override
    def _routes(self) -> Iterable[web.AbstractRouteDef]:
        tellers: dict[str, Callable[[web.Request], Any]] = {
            "difficulty": self._tell_difficulty,
            "adjustment": self._tell_adjustment,
            "reward": self._tell_reward,
            "height": self._tell_height,
            "prices": self._tell_prices,
        }
        return [
            web.get(PARTS[part], self._answering(part, tell))
            for part, tell in tellers.items()
        ]

    @override
    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        self.requests.append(request.path)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return not_found()

    def _answering(self, part: str, tell: Callable[[web.Request], Any]) -> Handler:
        """Return what answers for a part, in the way that the fault says."""

        async def answer(request: web.Request) -> web.StreamResponse:
            content = tell(request)
            reply = (
                web.Response(text=content)
                if isinstance(content, str)
                else web.Response(body=encode(content), content_type="application/json")
            )
            fault = self._fault
            if fault is None or (self.faulty and part not in self.faulty):
                return reply
            if (refused := refusal(fault, self.retry_after)) is not None:
                return refused
            match fault:
                case MempoolFault.HANG:
                    return await self._hang(request)
                case MempoolFault.HUGE:
                    return await send_huge(request)
                case MempoolFault.CUT:
                    return await send_cut(request, reply)
            if isinstance(content, str):
                return web.Response(text="<html>nonsense</html>")
            return with_wrong_types(reply)

        return answer

    def _moment(self, moment: datetime) -> int:
        """Return a moment as the service tells it."""
        return int(moment.timestamp() * (1 if self.in_seconds else 1000))

    def _time(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) if self._now is None else self._now()

    def _tell_difficulty(self, _: web.Request) -> JsonObject:
        """Tell the difficulty, and the hashrate that follows from it."""
        rate = int(self.difficulty * _HASHES_PER_DIFFICULTY / 600)
        at = int(self._time().timestamp())
        return {
            "hashrates": [{"timestamp": at - 86400, "avgHashrate": rate}],
            "difficulty": [
                {
                    "timestamp": at - 86400,
                    "difficulty": number(self.difficulty),
                    "height": self.height - 144,
                }
            ],
            "currentHashrate": rate,
            "currentDifficulty": number(self.difficulty),
        }

    def _tell_adjustment(self, _: web.Request) -> JsonObject:
        """Tell when and how the difficulty changes next."""
        left = self.blocks_left
        remaining = left * _BLOCK_TIME
        milliseconds = int(_BLOCK_TIME.total_seconds() * 1000)
        return {
            "progressPercent": (_PERIOD - left) / _PERIOD * 100,
            "difficultyChange": self.adjustment_change,
            "estimatedRetargetDate": self._moment(self._time() + remaining),
            "remainingBlocks": left,
            "remainingTime": int(remaining.total_seconds() * 1000),
            "previousRetarget": -4.807,
            "nextRetargetHeight": self.height + left,
            "timeAvg": milliseconds,
            "adjustedTimeAvg": milliseconds,
            "timeOffset": 0,
        }

    def _tell_reward(self, request: web.Request) -> JsonObject:
        """Tell what the last blocks brought, as texts."""
        asked = request.match_info["blocks"]
        if not asked.isdigit():
            raise web.HTTPNotFound
        blocks = int(asked)
        return {
            "startBlock": self.height - blocks + 1,
            "endBlock": self.height,
            "totalReward": str(self.reward * blocks),
            "totalFee": str(3_000_000 * blocks),
            "totalTx": str(3_500 * blocks),
        }

    def _tell_height(self, _: web.Request) -> str:
        """Tell the height of the newest block, as a plain text."""
        return str(self.height)

    def _tell_prices(self, _: web.Request) -> JsonObject:
        """Tell the price in each currency that there is."""
        prices = {each: number(self.prices.get(each, -1)) for each in _CURRENCIES}
        return {"time": int(self._time().timestamp()), **prices}
