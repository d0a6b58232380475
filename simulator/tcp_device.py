"""A simulated device that answers one request on each TCP connection."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable
import contextlib
from typing import ClassVar, cast, override

from simulator.device import SimulatedDevice
from simulator.faults import Fault
from simulator.tcp_faults import HUGE_PIECES, PIECE_BYTES, spoil

RECEIVE_BYTES = 4095


class Connection(asyncio.Protocol):
    """One client, from being accepted until either side is gone."""

    transport: asyncio.Transport

    def __init__(self, device: TcpDevice) -> None:
        """Belong to a device."""
        self._device = device
        self.received: bytes | None = None
        self.arrived = asyncio.Event()
        self.writable = asyncio.Event()
        self.writable.set()
        self.lost = False
        self._left = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._device.opened(self)

    @override
    def data_received(self, data: bytes) -> None:
        # Whatever comes in a second packet is never read by the firmware.
        if self.received is None:
            self.received = data[:RECEIVE_BYTES]
            self.arrived.set()

    @override
    def eof_received(self) -> bool:
        self._leave()
        if self.received is None:
            self.transport.abort()
        # A client that closed only its own side still gets its reply.
        return True

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._leave()
        self.arrived.set()
        self.writable.set()

    @override
    def pause_writing(self) -> None:
        self.writable.clear()

    @override
    def resume_writing(self) -> None:
        self.writable.set()

    def _leave(self) -> None:
        """Tell the device once that the client is gone."""
        if not self._left:
            self._left = True
            self._device.left(self)


class TcpDevice(SimulatedDevice):
    """The TCP side: one client after the other, faults, restarts and counters."""

    faults: ClassVar[frozenset[Fault]] = frozenset(Fault)

    _server: asyncio.Server
    _released: asyncio.Event
    _worker: asyncio.Task[None]
    _waiting: asyncio.Queue[Connection]

    _afterwards: Callable[[], None] | None = None

    receive_seconds = 10.0
    connections = 0
    open_connections = 0
    most_open_connections = 0

    @property
    @override
    def url(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    def reset_peak(self) -> None:
        """Begin to count anew how many connections are open at the same time."""
        self.most_open_connections = self.open_connections

    async def until_released(self) -> None:
        """Wait until the fault that is in force ends."""
        await self._released.wait()

    @abstractmethod
    def _names(self, data: bytes) -> tuple[str, str]:
        """Return the command and the parameter of a request, for the list of them."""

    @abstractmethod
    def _answer(self, data: bytes, fault: Fault | None) -> bytes | None:
        """Answer a request, or None to close the connection without a reply."""

    @override
    async def _open(self) -> None:
        self._released = asyncio.Event()
        self._waiting = asyncio.Queue()
        self._clients: set[Connection] = set()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self), self.host, self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._worker = asyncio.create_task(self._serve_all())

    @override
    async def _close(self) -> None:
        self._release()
        self._server.close()
        self._hang_up()
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker
        # A reply that nobody reads must not keep the server from closing.
        self._server.abort_clients()
        await self._server.wait_closed()

    @override
    def _release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()
        for connection in self._clients:
            connection.writable.set()

    def opened(self, connection: Connection) -> None:
        """Put a new client at the end of the queue."""
        self.connections += 1
        self.open_connections += 1
        self.most_open_connections = max(
            self.most_open_connections, self.open_connections
        )
        self._clients.add(connection)
        if self.online:
            self._waiting.put_nowait(connection)
        else:
            connection.transport.abort()

    def left(self, connection: Connection) -> None:
        """Count a client that is gone."""
        self.open_connections -= 1

    def _hang_up(self) -> None:
        """Drop every client, those that wait included."""
        if self._started:
            for connection in tuple(self._clients):
                connection.transport.abort()
            self._clients.clear()

    async def _serve_all(self) -> None:
        """Serve one client after the other; a slow one keeps all others waiting."""
        while True:
            connection = await self._waiting.get()
            try:
                await self._serve(connection)
            finally:
                connection.transport.close()
                self._clients.discard(connection)

    async def _serve(self, connection: Connection) -> None:
        """Answer one client, if it asks anything in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.receive_seconds):
                await connection.arrived.wait()
        data = connection.received
        if connection.lost or data is None:
            return
        self.requests.append(self._names(data))
        self.catch_up()
        if not self.online:
            connection.transport.abort()
            return
        fault = self.fault
        if fault is Fault.HANG:
            await self._released.wait()
            return
        if fault is Fault.SLOW and await self._waited():
            return
        if fault is Fault.HUGE:
            await self._send_huge(connection)
            return
        reply = self._answer(data, fault)
        if reply is not None and (reply := spoil(reply, fault)):
            await self._send(connection, reply, fault)
        if self._afterwards is not None:
            connection.transport.close()
            self._afterwards()
            self._afterwards = None

    async def _waited(self) -> bool:
        """Wait for a while; tell whether the fault was ended before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.slow_seconds):
                await self._released.wait()
            return True
        return False

    async def _send(
        self, connection: Connection, reply: bytes, fault: Fault | None
    ) -> None:
        """Send a reply, which a fault may tear apart or leave without an end."""
        size = PIECE_BYTES if fault is Fault.PIECES else len(reply)
        for start in range(0, len(reply), size):
            connection.transport.write(reply[start : start + size])
            # The client gets to see the pieces on their own.
            await asyncio.sleep(0)
        if fault is Fault.LINGER:
            await self._released.wait()

    async def _send_huge(self, connection: Connection) -> None:
        """Send a valid but enormous reply for as long as somebody reads it."""
        released = self._released
        for piece in HUGE_PIECES:
            await connection.writable.wait()
            if connection.lost or released.is_set():
                return
            connection.transport.write(piece)
