"""The cgminer API over TCP: one connection for each command, one at a time.

The miners serve a single connection, and one that idles blocks them for ten seconds.
Source: API-README of cgminer; the firmware of the Avalon Nano 3S.
"""

import asyncio
from collections.abc import Mapping
import socket
from weakref import WeakValueDictionary

import orjson

from .cgminer_reply import CgminerReply, read_document, read_reply
from .errors import (
    MinerConnectionError,
    MinerError,
    MinerProtocolError,
    MinerRefusedError,
    MinerSilentError,
    MinerTimeoutError,
    MinerUnreachableError,
)

CGMINER_PORT = 4028

TIME_LIMIT = 5.0
"""Seconds that a command may take, from the look-up of a name to the last byte."""

SIZE_LIMIT = 1024 * 1024
"""Bytes that one reply may have."""

REQUEST_LIMIT = 4095
"""Bytes of a request that the miner reads."""

_PIECE = 64 * 1024

# Whoever speaks to an address waits for whoever speaks to it already.
_LOCKS: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()


class CgminerDevice:
    """A device that is spoken to with the cgminer API."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connect_limit: float | None = None,
        time_limit: float | None = None,
    ) -> None:
        """Initialize the device at an address.

        The limits are in seconds: that of a connection to come about, and of a command
        as a whole. Neither runs while another command has its turn.
        """
        self.host = host
        self.port = port
        self._connect_limit = connect_limit
        self._time_limit = time_limit
        self._lock = _LOCKS.setdefault((host, port), asyncio.Lock())

    async def command(self, name: str, parameter: str | None = None) -> CgminerReply:
        """Send a command and return the reply, which says that it was carried out.

        Raises what `exchange` and `read_reply` raise.
        """
        return read_reply(await self.exchange(name, parameter))

    async def joined(self, *names: str) -> Mapping[str, CgminerReply | MinerError]:
        """Send several reports as one command and return the reply to each.

        A report that the miner refused is the error, one that it left out is not
        there. Raises what `command` raises where it knows no joined commands.
        """
        document = await self.exchange("+".join(names))
        if "STATUS" in document:
            read_reply(document)
            raise MinerProtocolError("The miner answered only one of several reports")
        replies: dict[str, CgminerReply | MinerError] = {}
        for name in names:
            part = document.get(name)
            if isinstance(part, list):
                part = part[0] if part else None
            if not isinstance(part, dict):
                continue
            try:
                replies[name] = read_reply(part)
            except MinerError as err:
                replies[name] = err
        return replies

    async def exchange(
        self, name: str, parameter: str | None = None
    ) -> Mapping[str, object]:
        """Send a command and return the document that came back, whatever it says.

        Raises MinerUnreachableError, MinerSilentError where the miner closes without
        an answer, MinerConnectionError where it resets, MinerTimeoutError,
        MinerProtocolError for an answer that makes no sense or is larger than the
        limit, and MinerRefusedError for a request that would not reach the miner whole.
        """
        request = {"command": name}
        if parameter is not None:
            request["parameter"] = parameter
        encoded = orjson.dumps(request)
        if len(encoded) > REQUEST_LIMIT:
            raise MinerRefusedError("The request is too long for the miner")
        async with self._lock:
            body = await self._send(encoded)
        return read_document(body)

    async def _send(self, request: bytes) -> bytes:
        """Return what the miner answers to a request, over one connection.

        The socket is closed in any case, also where the caller is cancelled.
        """
        limit = TIME_LIMIT if self._time_limit is None else self._time_limit
        try:
            async with asyncio.timeout(limit):
                # The miners serve IPv4 only.
                with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
                    connection.setblocking(False)
                    return await self._talk(connection, request)
        except TimeoutError as err:
            raise MinerTimeoutError(f"No answer within {limit:.0f} s") from err

    async def _talk(self, connection: socket.socket, request: bytes) -> bytes:
        """Send a request and return all that comes until the miner closes."""
        loop = asyncio.get_running_loop()
        try:
            connecting = loop.sock_connect(connection, (self.host, self.port))
            if self._connect_limit is not None:
                connecting = asyncio.wait_for(connecting, self._connect_limit)
            await connecting
        except OSError as err:
            raise MinerUnreachableError(err.strerror or type(err).__name__) from None
        received = b""
        try:
            # In one write, since the miner reads once. Nothing may follow the command.
            await loop.sock_sendall(connection, request)
            while piece := await loop.sock_recv(connection, _PIECE):
                received += piece
                if len(received) > SIZE_LIMIT:
                    raise MinerProtocolError(
                        f"The reply is larger than {SIZE_LIMIT} bytes"
                    )
        except OSError as err:
            # A miner that resets the connection after its reply has said it all.
            if not received:
                raise MinerConnectionError(err.strerror or type(err).__name__) from None
        if not received:
            raise MinerSilentError("The miner closed without an answer")
        return received
