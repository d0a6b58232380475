"""An NMMiner before firmware 2, which speaks in UDP datagrams only."""

import asyncio
import contextlib
from typing import ClassVar, override

from simulator.clock import Clock, ManualClock
from simulator.device import SimulatedDevice
from simulator.fault_replies import NOISE, retyped
from simulator.faults import Fault
from simulator.firmware import Version, parse_version
from simulator.nmminer import configuration
from simulator.nmminer.boards import BOARDS
from simulator.nmminer.settings import POOL_KEYS, WIFI_KEYS, factory_settings
from simulator.nmminer.sockets import (
    ANNOUNCE_PORT,
    CONFIG_PORT,
    STATUS_PORT,
    UdpPorts,
    broadcast_address,
)
from simulator.nmminer.state import NMMinerState, default_hostname
from simulator.nmminer.status import UNITS_SINCE, datagram, status
from simulator.physics import RigModel
from simulator.wire import JsonObject, encode

UDP_FIRMWARES = ("0.3.01", "1.2.01", "1.5.01", "1.8.10")
CONFIGURABLE_SINCE: Version = (1, 5, 1)

RECONNECT_SECONDS = 3.0
ANNOUNCE_SECONDS = 10.0
_PADDING = "0" * 3000


class NMMinerUdpDevice(SimulatedDevice):
    """One simulated NMMiner that tells everybody of itself and takes what it is told.

    Its web server, which firmware 1.7.06 brought, is left out. On a clock that is
    moved by hand it sends when `advance` passes the time for it, and then once.
    """

    family = "nmminer"
    # Nobody asks it anything, so that most faults would have nothing to spoil.
    faults: ClassVar[frozenset[Fault]] = frozenset(
        {
            Fault.REFUSE,
            Fault.HANG,
            Fault.CUT,
            Fault.GARBAGE,
            Fault.WRONG_TYPES,
            Fault.HUGE,
        }
    )
    own_address: ClassVar[bool] = True
    # Its sockets stay, because whoever had its address in the meantime would be
    # taken for it.
    closing_faults: ClassVar[frozenset[Fault]] = frozenset()

    def __init__(
        self,
        *,
        board: str = "cyd28",
        firmware: str = "1.8.10",
        seed: int = 1,
        clock: Clock | None = None,
        hostname: str | None = None,
        status_target: tuple[str, int] | None = None,
        config_target: tuple[str, int] | None = None,
        config_port: int = CONFIG_PORT,
        periodic: bool = True,
    ) -> None:
        """Plug in a board; targets that are not given are broadcasts."""
        if board not in BOARDS:
            msg = f"no NMMiner board {board!r}; there are {', '.join(BOARDS)}"
            raise ValueError(msg)
        if firmware not in UDP_FIRMWARES:
            known = ", ".join(UDP_FIRMWARES)
            msg = f"no NMMiner firmware {firmware!r} with UDP; there are {known}"
            raise ValueError(msg)
        super().__init__(board=board, firmware=firmware, seed=seed, clock=clock)
        self.version = parse_version(firmware)
        self.board = BOARDS[board]
        self.hostname = hostname or default_hostname(self.board, board, seed)
        self.state = NMMinerState(
            board=self.board,
            version=self.version,
            settings=factory_settings(self.hostname),
            rng=self.rng,
        )
        self.status_target = status_target
        self.config_target = config_target
        self.config_port = config_port
        self.periodic = periodic
        self.absurd_hashrate = False
        self.locked_out = False
        self.configurations: list[JsonObject] = []
        self._ports = UdpPorts()
        self._announcer: asyncio.Task[None] | None = None
        self._next_status = 0.0
        self._next_configuration = 0.0

    @property
    @override
    def model(self) -> RigModel:
        return self.state.model

    @property
    @override
    def url(self) -> str:
        return f"udp://{self.host}:{STATUS_PORT}"

    @property
    def settings(self) -> JsonObject:
        """Return the settings in flash, by their names in the protocol."""
        return self.state.settings

    @property
    def pool_in_use(self) -> str:
        """Return the host and port of the pool that is mined at."""
        self.catch_up()
        return self.state.pool_in_use

    @property
    def primary_dead(self) -> bool:
        """Tell whether the first pool cannot be reached."""
        return self.state.primary_dead

    @primary_dead.setter
    def primary_dead(self, dead: bool) -> None:
        self.state.primary_dead = dead

    @property
    def status_seconds(self) -> float:
        """Return how long it is from one status datagram to the next."""
        return 5.0 if self.version >= UNITS_SINCE else 2.0

    @property
    def configurable(self) -> bool:
        """Tell whether the firmware takes configuration datagrams."""
        return self.version >= CONFIGURABLE_SINCE

    @property
    def silent(self) -> bool:
        """Tell whether nothing is heard of it now."""
        return (
            not self._started
            or self.locked_out
            or not self.online
            or self.fault in (Fault.REFUSE, Fault.HANG)
        )

    @override
    def info(self) -> JsonObject:
        self.catch_up()
        return status(
            self.state,
            address=self.host,
            firmware=self.firmware_name,
            absurd=self.absurd_hashrate,
        )

    def status_datagram(self) -> bytes:
        """Return the status datagram of this moment, spoilt if that is asked for."""
        told = self.info()
        match self.fault:
            case Fault.GARBAGE:
                return NOISE
            case Fault.WRONG_TYPES:
                return encode(retyped(told))
            case Fault.HUGE:
                return datagram(told | {"Padding": _PADDING}, self.version)
            case Fault.CUT:
                whole = datagram(told, self.version)
                return whole[: len(whole) // 2]
            case _:
                return datagram(told, self.version)

    def announce(self) -> None:
        """Send one status datagram at once, unless nothing is to be heard of it."""
        if not self.silent:
            target = self._target(self.status_target, STATUS_PORT)
            self._ports.send(self.status_datagram(), target)

    def announce_configuration(self) -> None:
        """Send the whole configuration at once, the Wi-Fi's secret in clear text."""
        if not self.silent:
            told = configuration.broadcast_content(self.settings, self.host)
            target = self._target(self.config_target, ANNOUNCE_PORT)
            self._ports.send(encode(told), target)

    @override
    async def start(self, host: str = "", port: int = 0) -> None:
        """Begin to send; without a host, from the first free loopback address.

        It has no port of its own: it sends from any, and takes its configuration on
        `config_port`.
        """
        await super().start(host, 0)

    @override
    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        if self.periodic:
            self._send_due()

    def received(self, data: bytes) -> None:
        """Take a configuration, without ever an answer."""
        self.requests.append(("UDP", str(self.config_port)))
        self.catch_up()
        content = configuration.parse(data)
        if (
            content is None
            or self.locked_out
            or not self.online
            or self.fault is Fault.REFUSE
            or not configuration.is_meant_for(content, self.host)
        ):
            return
        self.configurations.append(content)
        before = {key: self.settings[key] for key in WIFI_KEYS}
        configuration.apply(content, self.settings)
        # Nobody knows the key of the network that it now looks for, if there is one.
        self.locked_out = any(self.settings[key] != before[key] for key in WIFI_KEYS)
        if any(key in content for key in POOL_KEYS):
            self.state.pools_changed(RECONNECT_SECONDS)

    @override
    async def _open(self) -> None:
        receive = self.received if self.configurable else None
        self.host, self.config_port = self._ports.open(
            self.host, self.config_port, receive
        )
        self._next_status = self._next_configuration = self.clock()
        if isinstance(self.clock, ManualClock):
            self._next_status += self.status_seconds
            self._next_configuration += ANNOUNCE_SECONDS
        elif self.periodic:
            self._announcer = asyncio.create_task(self._announce_regularly())

    @override
    async def _close(self) -> None:
        if self._announcer is not None:
            self._announcer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._announcer
            self._announcer = None
        self._ports.close()

    @override
    def _release(self) -> None:
        pass

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        self.state.tick(seconds, running=running)

    @override
    def _boot(self, reason: str) -> None:
        self.absurd_hashrate = False
        self.state.boot(keep_uptime=self.settings["SaveUptime"])

    async def _announce_regularly(self) -> None:
        """Send for as long as the device is on the network."""
        while True:
            self._send_due()
            due = min(self._next_status, self._next_configuration)
            await asyncio.sleep(max(0.0, due - self.clock()))

    def _send_due(self) -> None:
        """Send what it is time for."""
        now = self.clock()
        if now >= self._next_status:
            self._next_status = now + self.status_seconds
            self.announce()
        if now >= self._next_configuration:
            self._next_configuration = now + ANNOUNCE_SECONDS
            self.announce_configuration()

    def _target(self, chosen: tuple[str, int] | None, port: int) -> tuple[str, int]:
        """Return where a datagram goes to: everybody, unless it is said otherwise."""
        return chosen or (broadcast_address(self.host), port)
