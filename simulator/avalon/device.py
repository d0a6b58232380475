"""An Avalon on the network: cgminer's API with Canaan's additions."""

from collections.abc import Mapping
import hashlib
from typing import override

from simulator.avalon.ascset import AscSet
from simulator.avalon.fields import board_line, lite_line, statistics_line
from simulator.avalon.models import MODELS
from simulator.avalon.page import WebPage
from simulator.avalon.setpool import SetPool
from simulator.avalon.state import AvalonState
from simulator.cgminer import reports
from simulator.cgminer.device import CgminerDevice, Command
from simulator.cgminer.pool_commands import PoolCommands
from simulator.cgminer.wire import Reply, Severity
from simulator.clock import Clock
from simulator.device import RESTART_SECONDS
from simulator.wire import JsonObject

WEB_PORT_DISTANCE = 10

# The replies of a Nano 3S that end with a line.
_WITH_NEWLINE = frozenset({"config", "devdetails", "devs", "pools", "stats", "version"})


class AvalonDevice(CgminerDevice):
    """One simulated Avalon."""

    family = "avalon"
    newline_after = _WITH_NEWLINE

    state: AvalonState

    def __init__(
        self,
        *,
        board: str = "nano3s",
        firmware: str | None = None,
        seed: int = 1,
        clock: Clock | None = None,
    ) -> None:
        """Plug in a miner; a firmware may be named by its date alone."""
        if board not in MODELS:
            msg = f"no Avalon {board!r}; there are {', '.join(MODELS)}"
            raise ValueError(msg)
        kind = MODELS[board]
        known = [
            each
            for each in kind.firmwares
            if firmware is None or firmware in (each, each.partition("_")[0])
        ]
        if not known:
            msg = f"no {kind.product} firmware {firmware!r}; there are {kind.firmwares}"
            raise ValueError(msg)
        super().__init__(board=board, firmware=known[0], seed=seed, clock=clock)
        self.kind = kind
        self.driver = kind.driver
        self.state = AvalonState(
            kind=kind, firmware=known[0], seed=seed, rng=self.rng, clock=self.clock
        )
        self.pools = self.state.pools
        self.web_user = "root" if board == "nano3" else "admin"
        self.web_password = "root" if board == "nano3" else "admin"
        self.offers_target_temperature = False
        self.web_port = 0
        self._page = WebPage(self) if kind.has_page else None
        self._commands = self._known_commands()

    @property
    def mac(self) -> str:
        """Return the MAC address, which a Nano 3 tells on its page only."""
        return self.state.mac

    @property
    def dna(self) -> str:
        """Return the number that every unit has."""
        return self.state.dna

    @property
    def calibration_seconds(self) -> float:
        """Return how long the chips are tuned after a change of the mode."""
        return self.state.calibration_seconds

    @calibration_seconds.setter
    def calibration_seconds(self, seconds: float) -> None:
        self.state.calibration_seconds = seconds

    @property
    def web_url(self) -> str | None:
        """Return where the web page is, if the model has one."""
        return f"http://{self.host}:{self.web_port}" if self._page else None

    @property
    def web_requests(self) -> list[tuple[str, str]]:
        """Return what the web page was asked."""
        return self._page.requests if self._page else []

    @property
    def web_token(self) -> str:
        """Return what a browser that is logged in shows as its cookie."""
        digest = hashlib.sha256(self.web_password.encode()).hexdigest()
        return f"ff0000ff{digest[:24]}"

    @property
    @override
    def commands(self) -> Mapping[str, Command]:
        return self._commands

    @override
    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        if port and not self.web_port:
            self.web_port = port + WEB_PORT_DISTANCE
        await super().start(host, port)

    @override
    async def _open(self) -> None:
        await super()._open()
        if self._page is None:
            return
        try:
            self.web_port = await self._page.open(self.host, self.web_port)
        except OSError:
            await super()._close()
            raise

    @override
    async def _close(self) -> None:
        # First the requests that hang, for the page waits for them to end.
        await super()._close()
        if self._page is not None:
            await self._page.close()

    @override
    def version_row(self) -> JsonObject:
        kind = self.kind
        row: JsonObject = {
            "CGMiner": "4.11.1",
            "API": "3.7",
            "PROD": kind.product,
            "MODEL": kind.name,
            "HWTYPE": kind.hardware_type,
            "SWTYPE": kind.software_type,
        }
        for key in kind.firmware_keys:
            row[key] = self.firmware_name
        if kind.has_mac:
            row["DNA"] = self.dna
            row["MAC"] = self.mac.replace(":", "").lower()
        return row | {"UPAPI": "2"}

    @override
    def stats_row(self) -> JsonObject:
        line = statistics_line(self.state)
        if self.kind.key != "q":
            modules = 25 if self.kind.driver == "AVALON" else 1
            return {self.kind.stats_key: line, "MM Count": 1, "Nonce Mask": modules}
        return {
            self.kind.stats_key: f"'STATS':{{{line}}}",
            "HBinfo": board_line(self.state),
            "MM Count": 1,
            "Nonce Mask": 25,
        }

    @override
    def pool_rows(self) -> list[JsonObject]:
        rows = super().pool_rows()
        if self.kind.key == "q":
            for row, pool in zip(rows, self.pools, strict=True):
                row["Password"] = pool.password
                if pool.last_share_time:
                    started = self.state.now - self.state.elapsed
                    row["Last Share Time"] = max(0, pool.last_share_time - started)
        return rows

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        state = self.state
        state.tick(seconds, running=running, moment=self._modelled)
        if state.reboot_in is not None and running:
            state.reboot_in -= seconds
            if state.reboot_in <= 0:
                self.booted_at = self._modelled + RESTART_SECONDS
                self._boot("restart")

    @override
    def _boot(self, reason: str) -> None:
        self.state.boot()
        self._hang_up()

    def restart(self) -> None:
        """Go away for a moment, without a word to anybody."""
        self.reboot(outage=RESTART_SECONDS, reason="restart")

    def _known_commands(self) -> dict[str, Command]:
        """Return the commands of this model."""
        pools = PoolCommands(self)
        every = {
            **self.report_commands(),
            **pools.choosing(),
            **pools.editing(),
            "litestats": self.report(70, "CGMiner stats", "STATS", self._lite_rows),
            "lockstats": Command(handler=self._lock_statistics, joinable=True),
            "privileged": Command(handler=self._privileged, changes=True),
            "time": Command(handler=self._time, changes=True),
            "ascset": Command(handler=AscSet(self).run, changes=True),
            "setpool": Command(handler=SetPool(self).run, changes=True),
        }
        return {name: every[name] for name in every if name in self.kind.commands}

    def _lite_rows(self) -> list[JsonObject]:
        """Return the short statistics, which are not short on a Q."""
        row = self.stats_row()
        if self.kind.key != "q":
            row = {self.kind.stats_key: lite_line(self.state)}
        return [reports.device_stats(self.state, self.stats_id, row)]

    def _privileged(self, _parameter: str | None) -> Reply:
        """Tell that changes are allowed, without changing anything."""
        return self.reply(46, "Privileged access OK")

    def _lock_statistics(self, _parameter: str | None) -> Reply:
        """Tell that nothing was compiled in to answer this."""
        return self.reply(124, "Lock stats not enabled", Severity.WARNING)

    def _time(self, parameter: str | None) -> Reply:
        """Show the time zone; the clock is set by tests, not by clients."""
        if not parameter:
            return self.reply(130, "Time parameter is not available", Severity.INFO)
        said = "time t:UTC0" if parameter == "get" else "time unknown argument"
        return self.reply(131, f"Time set info: {said}", Severity.INFO)
