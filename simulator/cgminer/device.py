"""cgminer's API: which commands there are, and how a reply is put together."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, override

from simulator.cgminer import reports
from simulator.cgminer.request import (
    INVALID_COMMAND,
    INVALID_JSON,
    MISSING_COMMAND,
    Request,
    parse,
)
from simulator.cgminer.state import MinerState
from simulator.cgminer.wire import Reply, Severity, to_json
from simulator.fault_replies import retyped
from simulator.faults import Fault
from simulator.physics import RigModel
from simulator.tcp_device import TcpDevice
from simulator.wire import JsonObject

type Handler = Callable[[str | None], Reply | Farewell | None]

ACCESS_DENIED = 45

_FLAWS = {
    INVALID_JSON: "Invalid JSON",
    MISSING_COMMAND: "Missing JSON 'command'",
    INVALID_COMMAND: "Invalid command",
}


class Farewell(str):
    """The bare word that cgminer says before it ends or starts again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: what answers it, and what it may be used for."""

    handler: Handler
    joinable: bool = False
    changes: bool = False


class CgminerDevice(TcpDevice):
    """A miner with cgminer's API."""

    description: ClassVar[str] = "cgminer 4.11.1"
    driver: str = "AVALON"
    # Canaan's replies to joined commands hold lists; cgminer's own document shows
    # objects. Some commands end their JSON with a newline.
    joined_as_list = True
    newline_after: frozenset[str] = frozenset()
    privileged = True

    state: MinerState

    @property
    @override
    def model(self) -> RigModel:
        return self.state.model

    @abstractmethod
    def version_row(self) -> JsonObject:
        """Return what the miner is."""

    @abstractmethod
    def stats_row(self) -> JsonObject:
        """Return what the driver adds to the statistics."""

    @property
    @abstractmethod
    def commands(self) -> Mapping[str, Command]:
        """Return the commands of this firmware."""

    @property
    def stats_id(self) -> str:
        """Return the name of the device in the statistics."""
        return f"{self.driver}0"

    @property
    def clock_offset(self) -> float:
        """Return by how many seconds the miner's own clock is wrong."""
        return self.state.clock_offset

    @clock_offset.setter
    def clock_offset(self, seconds: float) -> None:
        self.state.clock_offset = seconds

    @override
    def info(self) -> JsonObject:
        self.catch_up()
        request = Request(command="summary+estats+pools", as_json=True)
        return self._joined_content(self._join(request))

    def reply(
        self,
        code: int,
        message: str,
        severity: Severity = Severity.SUCCESS,
        section: str | None = None,
        rows: list[JsonObject] | None = None,
    ) -> Reply:
        """Return a reply with this miner's clock and description."""
        return Reply(
            severity=severity,
            code=code,
            message=message,
            when=self.state.now,
            description=self.description,
            section=section,
            rows=rows or [],
        )

    def error(self, code: int, message: str) -> Reply:
        """Return a refusal."""
        return self.reply(code, message, Severity.ERROR)

    def report_commands(self) -> dict[str, Command]:
        """Return the reports that every cgminer has."""
        state = self.state
        made: dict[str, tuple[int, str, str, Callable[[], list[JsonObject]]]] = {
            "version": (
                22,
                "CGMiner versions",
                "VERSION",
                lambda: [self.version_row()],
            ),
            "config": (
                33,
                "CGMiner config",
                "CONFIG",
                lambda: [reports.config(state, self.driver)],
            ),
            "devs": (9, "1 ASC(s)", "DEVS", lambda: [reports.devs(state, self.driver)]),
            "edevs": (
                9,
                "1 ASC(s)",
                "DEVS",
                lambda: [reports.devs(state, self.driver)],
            ),
            "pools": (7, "", "POOLS", self.pool_rows),
            "summary": (11, "Summary", "SUMMARY", lambda: [reports.summary(state)]),
            "devdetails": (
                69,
                "Device Details",
                "DEVDETAILS",
                lambda: [reports.devdetails(self.driver)],
            ),
            "stats": (
                70,
                "CGMiner stats",
                "STATS",
                lambda: [
                    self._device_stats(),
                    *(reports.pool_stats(state, n) for n in range(len(state.pools))),
                ],
            ),
            "estats": (70, "CGMiner stats", "STATS", lambda: [self._device_stats()]),
            "coin": (78, "CGMiner coin", "COIN", lambda: [reports.coin(state)]),
            "lcd": (125, "LCD", "LCD", lambda: [reports.lcd(state)]),
        }
        table = {
            name: self.report(code, message, section, rows)
            for name, (code, message, section, rows) in made.items()
        }
        table["check"] = Command(handler=self._check)
        return table

    def report(
        self,
        code: int,
        message: str,
        section: str,
        rows: Callable[[], list[JsonObject]],
    ) -> Command:
        """Return a command that shows rows and takes no parameter."""

        def show(_parameter: str | None) -> Reply:
            made = rows()
            # The number of pools is the only thing that this message may say.
            said = message or f"{len(made)} Pool(s)"
            return self.reply(code, said, section=section, rows=made)

        return Command(handler=show, joinable=True)

    def pool_rows(self) -> list[JsonObject]:
        """Return what `pools` shows."""
        return [reports.pool_row(self.state, n) for n in range(len(self.state.pools))]

    def _device_stats(self) -> JsonObject:
        """Return the row of the miner itself in the statistics."""
        return reports.device_stats(self.state, self.stats_id, self.stats_row())

    def _check(self, parameter: str | None) -> Reply:
        """Tell whether a command exists and may be used."""
        if not parameter:
            return self.error(71, "Missing check cmd")
        command = self.commands.get(parameter)
        allowed = command is not None and (self.privileged or not command.changes)
        row = {
            "Exists": "Y" if command is not None else "N",
            "Access": "Y" if allowed else "N",
        }
        return self.reply(72, "Check command", section="CHECK", rows=[row])

    @override
    def _names(self, data: bytes) -> tuple[str, str]:
        request = parse(data)
        return request.command, request.parameter or ""

    @override
    def _answer(self, data: bytes, fault: Fault | None) -> bytes | None:
        request = parse(data)
        if fault is Fault.SERVER_ERROR:
            failure = self.reply(14, "Out of memory", Severity.FATAL)
            return self._encode(request, [("", failure)])
        if fault is Fault.UNAUTHORIZED:
            return self._encode(request, [("", self._denied(request.command))])
        if request.flaw is not None:
            error = self.error(request.flaw, _FLAWS[request.flaw])
            return self._encode(request, [("", error)])
        if request.joined:
            replies = self._join(request)
        else:
            reply = self._run(request.command, request.parameter)
            if reply is None:
                return None
            if isinstance(reply, Farewell):
                # The JSON of this one was never valid.
                said = f'{{"{reply}","id":1}}' if request.as_json else reply
                return said.encode() + b"\0"
            replies = [("", reply)]
        if fault is Fault.WRONG_TYPES:
            replies = [(name, _mistyped(reply)) for name, reply in replies]
        return self._encode(request, replies)

    def _run(self, name: str, parameter: str | None) -> Reply | Farewell | None:
        """Run one command."""
        command = self.commands.get(name)
        if command is None:
            return self.error(INVALID_COMMAND, _FLAWS[INVALID_COMMAND])
        if command.changes and not self.privileged:
            return self._denied(name)
        return command.handler(parameter)

    def _join(self, request: Request) -> list[tuple[str, Reply]]:
        """Run several reports, each of which has its own reply."""
        replies = []
        for name in request.parts() or [request.command]:
            command = self.commands.get(name)
            if command is not None and not command.joinable:
                reply: Reply | Farewell | None = self._denied(name)
            else:
                reply = self._run(name, None)
            if isinstance(reply, Reply):
                replies.append((name, reply))
        return replies

    def _denied(self, name: str) -> Reply:
        """Refuse a command to somebody who may only read."""
        return self.error(ACCESS_DENIED, f"Access denied to '{name}' command")

    def _encode(self, request: Request, replies: list[tuple[str, Reply]]) -> bytes:
        """Return the bytes of an answer in the format of its request."""
        if not request.as_json:
            text = "".join(
                (f"CMD={name}|" if name else "") + reply.text()
                for name, reply in replies
            )
            return text.encode() + b"\0"
        if request.joined and replies[0][0]:
            return to_json(self._joined_content(replies)).encode() + b"\0"
        end = b"\n\0" if request.command in self.newline_after else b"\0"
        return to_json(replies[0][1].content()).encode() + end

    def _joined_content(self, replies: list[tuple[str, Reply]]) -> JsonObject:
        """Return several replies as one object."""
        content: dict[str, Any] = {}
        for name, reply in replies:
            one = reply.content()
            content[name] = [one] if self.joined_as_list else one
        return content | {"id": 1}


def _mistyped(reply: Reply) -> Reply:
    """Return a reply with every value of its rows retyped."""
    return replace(reply, rows=[retyped(row) for row in reply.rows])
