"""Things on a network that are no miners, for whoever goes looking for miners."""

from abc import ABC, abstractmethod
import asyncio
import contextlib
from typing import override

from simulator.fault_replies import ELSEWHERE

_PAGE = b"<!DOCTYPE html><title>Printer</title><p>Out of paper."
_LONGEST_REQUEST = 65536


class OtherDevice(ABC):
    """Something that listens on a TCP port and counts who comes."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.host = ""
        self.port = 0
        self.connections = 0
        self.open_connections = 0
        self.most_open_connections = 0
        self._server: asyncio.Server | None = None

    @abstractmethod
    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Treat one client, after which its connection is closed."""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 is replaced by the one found."""
        self._server = await asyncio.start_server(self._count, host, port)
        self.host = host
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """End every connection and stop listening."""
        if self._server is not None:
            self._server.close()
            self._server.abort_clients()
            await self._server.wait_closed()
            self._server = None

    async def _count(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Count a client for as long as it is there."""
        self.connections += 1
        self.open_connections += 1
        self.most_open_connections = max(
            self.most_open_connections, self.open_connections
        )
        try:
            with contextlib.suppress(ConnectionError, asyncio.LimitOverrunError):
                await self._serve(reader, writer)
        finally:
            self.open_connections -= 1
            writer.close()


class TarPit(OtherDevice):
    """Something that accepts every connection and never says a word."""

    @override
    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while await reader.read(_LONGEST_REQUEST):
            pass


class _OneReply(OtherDevice):
    """Something that answers every HTTP request with the same reply."""

    @abstractmethod
    def _reply(self) -> bytes:
        """Return the reply."""

    @override
    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self._reply())
            await writer.drain()


class OtherWebServer(_OneReply):
    """A web server that has a page for every path, but is no miner."""

    @override
    def _reply(self) -> bytes:
        return _http("200 OK", "Content-Type: text/html", _PAGE)


class RedirectingServer(_OneReply):
    """A web server that sends everybody elsewhere."""

    def __init__(self, location: str = ELSEWHERE) -> None:
        """Send everybody to a location."""
        super().__init__()
        self.location = location

    @override
    def _reply(self) -> bytes:
        return _http("302 Found", f"Location: {self.location}", b"")


def _http(status: str, header: str, body: bytes) -> bytes:
    """Return an HTTP reply after which the connection ends."""
    lines = (
        f"HTTP/1.1 {status}",
        header,
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
