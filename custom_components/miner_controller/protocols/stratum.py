"""Asks a pool the way a miner does, to find out whether it would serve one.

The stratum protocol in its first version is JSON in lines over TCP: a miner subscribes,
logs in and is given work (`mining.notify`). A probe subscribes and does not log in, so
it leaves no worker behind, but for one that shall wait for work: some pools give it
only to a worker. The second version is binary and encrypted; of such a pool only the
connection is tried. This is what AxeOS does with its own pools (ESP-Miner,
main/tasks/protocol_coordinator.c), which looks for work by a part of the text only.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
import ssl
from time import monotonic
from typing import Any, Final

import orjson

from .pool_settings import PoolSettings
from .stratum_address import StratumAddress

STEP_LIMIT: Final = 5.0
"""Seconds that each step may take: as long as AxeOS waits for a pool."""

# No line of a pool is longer than some kilobytes; a pool that talks without a pause
# is listened to for so many lines.
_LONGEST_LINE: Final = 16 * 1024
_MOST_LINES: Final = 32

_SUBSCRIBE: Final = 1
_AUTHORIZE: Final = 2
_USER_AGENT: Final = "miner-controller-probe"


class ProbeProblem(StrEnum):
    """Why a probe went no further."""

    NOT_RESOLVED = "not_resolved"
    """The name of the host leads nowhere."""
    NOT_CONNECTED = "not_connected"
    """Nothing listens there, or it does not answer."""
    NOT_SECURED = "not_secured"
    """What listens there does not speak TLS, or not in a way that is accepted."""
    NO_ANSWER = "no_answer"
    """It took the connection, and did not answer a miner in time."""
    NOT_STRATUM = "not_stratum"
    """It answers, and is no pool."""
    REFUSED = "refused"
    """It is a pool, and does not serve this miner."""
    NO_WORK = "no_work"
    """It answers like a pool, and gave no work in time."""


@dataclass(slots=True, kw_only=True)
class Probe:
    """How far a probe came: the seconds that each step took, None if it did not."""

    resolved: float | None = None
    connected: float | None = None
    secured: float | None = None
    answered: float | None = None
    working: float | None = None
    problem: ProbeProblem | None = None

    @property
    def serves(self) -> bool:
        """Return whether a miner would be served, as far as was asked."""
        return self.problem is None

    @property
    def seconds(self) -> float:
        """Return how long all steps took together."""
        steps = (
            *(self.resolved, self.connected, self.secured),
            *(self.answered, self.working),
        )
        return sum(seconds for seconds in steps if seconds is not None)


class _ProbeError(Exception):
    """Ends a probe."""

    def __init__(self, problem: ProbeProblem) -> None:
        """Initialize with why."""
        super().__init__(problem)
        self.problem = problem


@dataclass(slots=True)
class _Talk:
    """A connection to a pool, and what it said without being asked."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    has_work: bool = False
    lines: int = 0

    def send(self, number: int, method: str, *params: str) -> None:
        """Ask something."""
        message = {"id": number, "method": method, "params": params}
        self.writer.write(orjson.dumps(message) + b"\n")

    async def reply(self, number: int) -> dict[str, Any]:
        """Return the answer to a question."""
        return await self._until(lambda message: message.get("id") == number)

    async def work(self) -> None:
        """Wait for work, which may have come already."""
        if not self.has_work:
            await self._until(lambda _: self.has_work)

    async def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message that is wanted."""
        while True:
            message = await self._message()
            if message.get("method") == "mining.notify":
                self.has_work = True
            if wanted(message):
                return message

    async def _message(self) -> dict[str, Any]:
        """Return the next message, which has to be one.

        Raises OSError, as other failures of a step do, where there is none.
        """
        self.lines += 1
        if self.lines > _MOST_LINES:
            raise TimeoutError
        try:
            message = orjson.loads(await self.reader.readuntil())
        except asyncio.IncompleteReadError:
            raise ConnectionResetError from None
        except asyncio.LimitOverrunError, orjson.JSONDecodeError:
            raise _ProbeError(ProbeProblem.NOT_STRATUM) from None
        if not isinstance(message, dict):
            raise _ProbeError(ProbeProblem.NOT_STRATUM)
        return message


async def probe(
    address: StratumAddress,
    *,
    tls: ssl.SSLContext | None = None,
    wait_for_work: bool = False,
    worker: PoolSettings | None = None,
) -> Probe:
    """Return how far a miner would come with a pool. It takes 25 seconds at most.

    With `wait_for_work` the pool has to give work too; `worker` logs in for that, at
    pools that want it. Neither the worker nor anything that the pool says is in the
    result. Raises ValueError where the pool speaks TLS and there is no context for it.
    """
    if address.tls and tls is None:
        raise ValueError("A pool that speaks TLS needs a context")
    result = Probe()
    try:
        await _probe(result, address, tls, worker, wait_for_work=wait_for_work)
    except _ProbeError as err:
        result.problem = err.problem
    return result


async def _probe(
    result: Probe,
    address: StratumAddress,
    tls: ssl.SSLContext | None,
    worker: PoolSettings | None,
    *,
    wait_for_work: bool,
) -> None:
    """Go from step to step, and note how long each takes."""
    loop = asyncio.get_running_loop()
    async with _step(ProbeProblem.NOT_RESOLVED) as took:
        found = await loop.getaddrinfo(address.host, address.port)
        if not found:
            raise OSError("No address")
    result.resolved = took()
    async with _step(ProbeProblem.NOT_CONNECTED) as took:
        reader, writer = await asyncio.open_connection(
            address.host, address.port, limit=_LONGEST_LINE
        )
    result.connected = took()
    try:
        if address.version == 2:
            return
        if tls is not None and address.tls:
            async with _step(ProbeProblem.NOT_SECURED) as took:
                await writer.start_tls(tls, server_hostname=address.host)
            result.secured = took()
        talk = _Talk(reader, writer)
        async with _step(ProbeProblem.NO_ANSWER) as took:
            talk.send(_SUBSCRIBE, "mining.subscribe", _USER_AGENT)
            _accepted(await talk.reply(_SUBSCRIBE))
        result.answered = took()
        if wait_for_work:
            async with _step(ProbeProblem.NO_WORK) as took:
                if worker is not None:
                    talk.send(
                        _AUTHORIZE, "mining.authorize", worker.worker, worker.password
                    )
                    _accepted(await talk.reply(_AUTHORIZE))
                await talk.work()
            result.working = took()
    finally:
        # A pool has nothing more to say, and need not be waited for.
        writer.transport.abort()


def _accepted(reply: dict[str, Any]) -> None:
    """Go on only where a pool said yes."""
    if reply.get("error") or not reply.get("result"):
        raise _ProbeError(ProbeProblem.REFUSED)


@asynccontextmanager
async def _step(problem: ProbeProblem) -> AsyncIterator[Callable[[], float]]:
    """Bound a step in time, and say what its failure means."""
    begun = monotonic()
    try:
        async with asyncio.timeout(STEP_LIMIT):
            yield lambda: monotonic() - begun
    except TimeoutError, OSError, UnicodeError:
        raise _ProbeError(problem) from None
