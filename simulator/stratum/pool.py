"""A pool of the first version of stratum: JSON in lines, over TCP or TLS."""

import asyncio
from enum import StrEnum
import json
import ssl
from typing import Any, Self

from simulator.wire import JsonObject

_SUBSCRIPTION = [[["mining.notify", "6a7d0001"]], "4f8c0001", 4]
_WORK: JsonObject = {
    "id": None,
    "method": "mining.notify",
    "params": [
        "1f",
        "00" * 32,
        "01000000",
        "ffffffff",
        [],
        "20000000",
        "17034219",
        "66f1",
        False,
    ],
}
_DIFFICULTY: JsonObject = {"id": None, "method": "mining.set_difficulty", "params": [1]}


class Manners(StrEnum):
    """How a pool treats a miner."""

    SERVES = "serves"
    # Some give work to whoever has subscribed, most to a worker only.
    WORK_AT_ONCE = "work_at_once"
    WORK_FIRST = "work_first"
    NO_WORK = "no_work"
    REFUSES = "refuses"
    REFUSES_WORKER = "refuses_worker"
    DROPS = "drops"
    SILENT = "silent"
    NOT_JSON = "not_json"
    NO_OBJECT = "no_object"
    LONG_LINE = "long_line"
    CHATTERS = "chatters"
    HALF_A_LINE = "half_a_line"


class StratumPool:
    """Serve miners, or treat them badly in the way that was asked for."""

    def __init__(
        self, manners: Manners = Manners.SERVES, *, tls: ssl.SSLContext | None = None
    ) -> None:
        """Prepare a pool that does not listen yet; a context makes it speak TLS."""
        self.manners = manners
        self.host = ""
        self.port = 0
        self.connections = 0
        # What clients called themselves, and who logged in with which password.
        self.subscribed: list[str] = []
        self.authorized: list[tuple[str, str]] = []
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 is replaced by the one found."""
        self._server = await asyncio.start_server(
            self._serve, host, port, ssl=self._tls
        )
        self.host, self.port = self._server.sockets[0].getsockname()[:2]

    async def stop(self) -> None:
        """End every connection and stop listening."""
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self.stop()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Talk to one miner until it leaves."""
        self.connections += 1
        self._writers.add(writer)
        try:
            if self.manners is not Manners.DROPS:
                while line := await reader.readline():
                    self._answer(line, writer)
                    await writer.drain()
        except OSError, ValueError:
            # The miner left in the midst of it, or sent what no miner sends.
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer one message."""
        message = json.loads(line)
        number, params = message["id"], message["params"]
        match message["method"], self.manners:
            case _, Manners.SILENT:
                pass
            case _, Manners.NOT_JSON:
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            case _, Manners.NO_OBJECT:
                writer.write(b"[1, 2]\n")
            case _, Manners.LONG_LINE:
                writer.write(b" " * 1_000_000)
            case _, Manners.HALF_A_LINE:
                writer.write(b'{"id": 1, "resu')
                writer.close()
            case _, Manners.CHATTERS:
                for _ in range(200):
                    _send(writer, _DIFFICULTY)
            case "mining.subscribe", Manners.REFUSES:
                _send(writer, _refusal(number))
            case "mining.subscribe", _:
                self.subscribed.append(params[0])
                self._subscribed(number, writer)
            case "mining.authorize", Manners.REFUSES_WORKER:
                _send(writer, {"id": number, "error": None, "result": False})
            case "mining.authorize", _:
                self.authorized.append((params[0], params[1]))
                _send(writer, {"id": number, "error": None, "result": True})
                if self.manners is Manners.SERVES:
                    _send(writer, _DIFFICULTY)
                    _send(writer, _WORK)

    def _subscribed(self, number: Any, writer: asyncio.StreamWriter) -> None:
        """Tell a miner that it has subscribed, and give it work or not."""
        if self.manners is Manners.WORK_FIRST:
            _send(writer, _WORK)
        _send(writer, {"id": number, "error": None, "result": _SUBSCRIPTION})
        if self.manners is Manners.WORK_AT_ONCE:
            _send(writer, _DIFFICULTY)
            _send(writer, _WORK)


def _refusal(number: Any) -> JsonObject:
    """Return the answer to somebody who is not served."""
    return {"id": number, "error": [20, "Not supported.", None], "result": None}


def _send(writer: asyncio.StreamWriter, message: JsonObject) -> None:
    """Send a message in a line."""
    writer.write(json.dumps(message).encode() + b"\n")
