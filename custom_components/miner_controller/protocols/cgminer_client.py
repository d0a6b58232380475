"""Miners that speak the cgminer API: what their clients have in common."""

from abc import abstractmethod
from asyncio import sleep
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, override

from .cgminer import CgminerDevice
from .cgminer_reply import CgminerReply
from .client import MinerClient
from .errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerSilentError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from .model import MinerIdentity, MinerStatus, PoolSlot, PoolState
from .parse import Reply
from .pool_address import parse_pool_address
from .pool_settings import PoolSettings, check_pool
from .restart_watch import RestartWatch, wait_for_restart

# A new setting may take this many seconds to show in what the miner reports.
_READ_BACK_DELAYS = (0.0, 0.5, 1.0, 2.0, 3.0)


@dataclass(frozen=True, kw_only=True)
class Reports:
    """The replies to one poll. They hold the worker's name, and on some miners more."""

    replies: Mapping[str, CgminerReply] = field(repr=False)
    details: str
    """The name of the report besides `summary` and `pools`."""

    @property
    def when(self) -> int | None:
        """Return the miner's clock."""
        return self.replies["summary"].when

    @property
    def summary(self) -> Reply:
        """Return the totals."""
        return self.replies["summary"].row("SUMMARY")

    @property
    def pools(self) -> list[Reply]:
        """Return the pools."""
        return self.replies["pools"].rows("POOLS")

    @cached_property
    def detail_rows(self) -> list[Reply]:
        """Return the rows of the miner's own report."""
        return self.replies[self.details].rows(
            "DEVS" if self.details == "devs" else "STATS"
        )

    def json(self) -> Mapping[str, Any]:
        """Return the replies as one object."""
        return {name: reply.document for name, reply in self.replies.items()}


class CgminerApiClient[ReportsT: Reports](MinerClient):
    """A miner that speaks the cgminer API.

    A poll is one connection where the miner takes joined commands, else one for each
    report. `version` cannot change while the miner runs, so it is read again only
    after a restart.
    """

    _details: ClassVar[tuple[str, ...]]
    """Reports besides `summary` and `pools` that will do, the best first."""
    _reports_type: type[ReportsT]

    def __init__(self, host: str, port: int) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__()
        self._device = CgminerDevice(host, port)
        self._known = False
        self._restarts = RestartWatch()
        self._joins = True
        self._details_used = self._details[0]

    @classmethod
    @abstractmethod
    def recognizes(cls, version: Reply) -> bool:
        """Return whether a row of a reply to `version` is from this family."""

    @abstractmethod
    async def _identify(self, version: Reply, reports: ReportsT) -> None:
        """Learn who the miner is and what it can do."""

    @abstractmethod
    def _is_another(self, reports: ReportsT) -> bool:
        """Return whether a poll shows that another miner answers."""

    @abstractmethod
    def _read_status(self, reports: ReportsT, now: datetime) -> MinerStatus:
        """Return the status in the replies to a poll."""

    def _is_usable(self, reports: ReportsT) -> bool:
        """Return whether the replies to a poll tell what they should."""
        return bool(reports.summary)

    @override
    async def identify(self) -> MinerIdentity:
        await self._refresh()
        return self.identity

    @override
    async def fetch(self) -> MinerStatus:
        known = self._known
        reports = await (self._poll() if known else self._refresh())
        status = self._read_status(reports, datetime.now(UTC))
        restarted = self._restarts.restarted(status.uptime)
        if known and (restarted or self._is_another(reports)):
            reports = await self._refresh()
            status = self._read_status(reports, datetime.now(UTC))
        self.last_reply = reports
        return status

    async def _poll(self) -> ReportsT:
        """Return the replies to a poll in the way that is known to work.

        A miner that does not take it any more may have other firmware, or be another.
        """
        try:
            return await self._ask(self._details_used, joins=self._joins)
        except MinerConnectionError:
            raise
        except MinerError:
            self._known = False
            raise

    async def _refresh(self) -> ReportsT:
        """Read again what only changes with a restart."""
        self._known = False
        version = (await self._device.command("version")).row("VERSION")
        if not version:
            raise MinerProtocolError("The miner does not tell its version")
        if not self.recognizes(version):
            raise MinerMismatchError("Another kind of miner answers")
        reports = await self._find_way()
        await self._identify(version, reports)
        self._known = True
        return reports

    async def _find_way(self) -> ReportsT:
        """Return the replies to a poll in the first way that the miner takes.

        Firmware that does not know joined commands refuses them, closes without an
        answer, or answers something else.
        """
        error = MinerError()
        for joins, details in product((True, False), self._details):
            try:
                reports = await self._ask_twice(details, joins=joins)
            except MinerTimeoutError, MinerUnreachableError:
                raise
            except MinerError as err:
                error = err
            else:
                self._details_used, self._joins = details, joins
                return reports
        raise error

    async def _ask_twice(self, details: str, *, joins: bool) -> ReportsT:
        """Return the replies to a poll, and give one that was cut off a second try."""
        try:
            return await self._ask(details, joins=joins)
        except MinerForeignError:
            return await self._ask(details, joins=joins)

    async def _ask(self, details: str, *, joins: bool) -> ReportsT:
        """Return the replies to a poll."""
        names = ("summary", details, "pools")
        reports = self._reports_type(
            replies=(
                await self._ask_joined(names)
                if joins
                else {name: await self._device.command(name) for name in names}
            ),
            details=details,
        )
        if not self._is_usable(reports):
            raise MinerProtocolError("The miner does not tell what it should")
        return reports

    async def _ask_joined(self, names: Sequence[str]) -> Mapping[str, CgminerReply]:
        """Return the replies to several reports from one connection."""
        replies: dict[str, CgminerReply] = {}
        for name, reply in (await self._device.joined(*names)).items():
            if isinstance(reply, MinerError):
                raise reply
            replies[name] = reply
        if missing := [name for name in names if name not in replies]:
            raise MinerProtocolError(f"The miner left out {', '.join(missing)}")
        return replies

    async def _read_back(
        self,
        stands: Callable[[MinerStatus], bool],
        what: str,
        delays: Sequence[float] = _READ_BACK_DELAYS,
    ) -> MinerStatus:
        """Return the status once a change stands in it.

        Raises MinerRefusedError if it does not come to that.
        """
        refusal = MinerRefusedError(f"{what} did not change")
        error: MinerError = refusal
        for delay in delays:
            await sleep(delay)
            try:
                status = await self.fetch()
            except MinerConnectionError as err:
                # The change was taken: what is left is to see it.
                error = err
                continue
            if stands(status):
                return status
            error = refusal
        raise error

    async def _send_last(self, name: str, parameter: str | None = None) -> None:
        """Send a command after which the miner may close without an answer."""
        try:
            await self._device.command(name, parameter)
        except MinerTimeoutError, MinerUnreachableError:
            raise
        except MinerConnectionError:
            # It is gone already, or it never says more.
            return

    async def _wait_for_restart(self) -> MinerStatus:
        """Return the status of a miner that was told to restart, once it is back.

        Raises MinerUnconfirmedError if it stays away, or does not restart at all.
        """
        return await wait_for_restart(self._restarts, self.fetch, sleep)

    @override
    async def use_pool(self, pool: PoolSettings) -> MinerStatus:
        check_pool(pool)
        status = await self.fetch()
        if (slot := _best_slot(status, pool)) is None:
            return await self._use_new_pool(pool)
        if slot.priority == 0 and slot.state is not PoolState.DISABLED:
            return status
        return await self.switch_pool(slot.number)

    async def _use_new_pool(self, pool: PoolSettings) -> MinerStatus:
        """Mine for a pool that no slot holds."""
        raise MinerUnsupportedError("The miner has no slot with this pool")

    @override
    async def switch_pool(self, slot: int) -> MinerStatus:
        await self._device.command("switchpool", str(slot))
        # A miner takes its time to leave a pool. That the pool is preferred shows at
        # once, and says that the command was taken.
        return await self._read_back(
            lambda status: any(
                found.number == slot and (found.active or found.priority == 0)
                for found in status.pool_slots
            ),
            "The pool",
        )

    @override
    async def set_pool_enabled(self, slot: int, *, enabled: bool) -> MinerStatus:
        await self._device.command(
            "enablepool" if enabled else "disablepool", str(slot)
        )
        return await self._read_back(
            lambda status: any(
                found.number == slot
                and (found.state is not PoolState.DISABLED) is enabled
                for found in status.pool_slots
            ),
            "The pool",
        )

    @override
    async def set_pool_priorities(self, slots: Sequence[int]) -> MinerStatus:
        await self._device.command("poolpriority", ",".join(map(str, slots)))

        def stands(status: MinerStatus) -> bool:
            priority = {found.number: found.priority for found in status.pool_slots}
            order = [priority.get(slot) for slot in slots]
            return order == list(range(len(slots)))

        return await self._read_back(stands, "The order of the pools")

    async def _try_command(
        self, name: str, parameter: str | None = None
    ) -> CgminerReply | None:
        """Return the reply to a command, None where the miner does not take it."""
        try:
            return await self._device.command(name, parameter)
        except (
            MinerAuthenticationError,
            MinerRefusedError,
            MinerSilentError,
            MinerUnsupportedError,
        ):
            return None

    async def _accepts(self, command: str) -> bool:
        """Return whether the miner has a command and takes it from this caller."""
        reply = await self._try_command("check", command)
        row = {} if reply is None else reply.row("CHECK")
        return row.get("Exists") == "Y" and row.get("Access") == "Y"


def holds_pool(slot: PoolSlot, pool: PoolSettings) -> bool:
    """Return whether a slot holds a pool, as far as a miner tells: no password."""
    wanted = parse_pool_address(pool.url)
    return (
        wanted is not None
        and slot.pool.address == wanted.address
        and slot.pool.user == pool.worker
    )


def _best_slot(status: MinerStatus, pool: PoolSettings) -> PoolSlot | None:
    """Return the slot with a pool, the most preferred one of several."""
    return min(
        (slot for slot in status.pool_slots if holds_pool(slot, pool)),
        key=lambda slot: (slot.priority is None, slot.priority),
        default=None,
    )
