"""Miners over TCP of which a test decides every byte."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
import json
from typing import Any

from . import HOST

type Script = Callable[
    [bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]
]
type Answers = Mapping[str, Any]
type StartMiner = Callable[[Script], Awaitable[RawMiner]]

PATIENCE = 20


class RawMiner:
    """A server that counts its callers and answers them with a script."""

    def __init__(self, script: Script) -> None:
        """Initialize a server without callers."""
        self.script = script
        self.port = 0
        self.requests: list[bytes] = []
        self.open = 0
        self.most_open = 0

    @property
    def commands(self) -> list[str]:
        """Return the commands of the requests."""
        return [json.loads(request)["command"] for request in self.requests]

    async def handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve one caller, who may leave at any time."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        with suppress(ConnectionError):
            request = await reader.read(2**16)
            self.requests.append(request)
            await self.script(request, reader, writer)
        self.open -= 1
        writer.close()

    async def until_left(self) -> None:
        """Wait until nobody is connected any more."""
        await until(lambda: self.requests and not self.open)


async def until(condition: Callable[[], object]) -> None:
    """Let everything else run until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            # What a server of the simulator has seen is no event.
            await asyncio.sleep(0)


@asynccontextmanager
async def running_miners() -> AsyncIterator[StartMiner]:
    """Start miners on free ports and stop them in the end."""
    servers: list[asyncio.Server] = []

    async def start(script: Script) -> RawMiner:
        miner = RawMiner(script)
        server = await asyncio.start_server(miner.handle, HOST, 0)
        servers.append(server)
        miner.port = server.sockets[0].getsockname()[1]
        return miner

    yield start
    for server in servers:
        server.close()
        server.abort_clients()
        await server.wait_closed()


def sending(*pieces: bytes) -> Script:
    """Return a script that sends some pieces and closes."""

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return script


def hanging(*pieces: bytes) -> Script:
    """Return a script that sends some pieces and waits for the caller to leave."""
    send = sending(*pieces)

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await send(request, reader, writer)
        assert await reader.read() == b""

    return script


def answering(answers: Answers) -> Script:
    """Return a script with an answer to each command.

    An answer is bytes, an object, None for closing without a word, or a function
    of the parameter that returns one of these.
    """

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked = json.loads(request)
        answer = answers.get(asked["command"], INVALID_COMMAND)
        if callable(answer):
            answer = answer(asked.get("parameter"))
        if answer is None:
            return
        if not isinstance(answer, bytes):
            answer = json.dumps(answer).encode() + b"\0"
        await sending(answer)(request, reader, writer)

    return script


def reply(
    letter: str = "S",
    code: int = 11,
    message: str = "Done",
    when: int | None = 1_790_000_000,
    **sections: Any,
) -> dict[str, Any]:
    """Return a reply of the cgminer API."""
    status = {"STATUS": letter, "When": when, "Code": code, "Msg": message}
    return {"STATUS": [status], **sections, "id": 1}


INVALID_COMMAND = reply("E", 14, "Invalid command")
ACCESS_DENIED = reply("E", 45, "Access denied to 'restart' command")
