"""NMMiner: an ESP32 that mines in the hope of a block.

Firmware up to 1.8 broadcasts its status over UDP, and from 1.5.01 on takes settings
over UDP. Firmware from 2.0 on is spoken to over HTTP. There is one client for both,
since a miner that is updated stays the same miner.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Final, override

import aiohttp

from . import parse
from .client import Heard, MinerClient
from .errors import (
    MinerError,
    MinerMismatchError,
    MinerTimeoutError,
    MinerUnconfirmedError,
)
from .http import HttpDevice, HttpReply
from .model import Capabilities, MinerFamily, MinerIdentity, MinerStatus, Pool
from .nmminer_broadcasts import NMMinerBroadcasts
from .nmminer_http import NMMinerHttp
from .nmminer_info import is_nmminer, read_info
from .nmminer_listener import NMMinerListener
from .nmminer_pool import tell_pool, wait_for_pool
from .nmminer_report import NMMinerReport
from .nmminer_values import (
    BOARD,
    MANUFACTURER,
    firmware_version,
    model_of,
    with_known,
)
from .pool_settings import PoolSettings, check_pool, in_slots

HEARING_TIME: Final = 11.0
"""Seconds in which a miner that is there is heard.

The interval is 5 s, and a broadcast that is lost is not repeated.
"""

# A start does not wait for a second broadcast, which tells as much when it comes (s).
_MEETING_TIME: Final = 6.0

_POOL_SLOTS: Final = 2

_TAKES_SETTINGS_SINCE: Final = (1, 5, 1)


class NMMinerClient(MinerClient):
    """An NMMiner, whatever its firmware. Without a listener only HTTP is spoken."""

    family: ClassVar[MinerFamily] = MinerFamily.NMMINER

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        listener: NMMinerListener | None = None,
    ) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__()
        self._http = NMMinerHttp(HttpDevice(session, host, port))
        self._broadcasts = NMMinerBroadcasts(host, listener)
        self._broadcasting = False
        self._met_over_http = False
        self._answers = False
        self._screen: str | None = None

    @classmethod
    def recognizes(cls, info: Mapping[str, Any]) -> bool:
        """Return whether a reply of /api/system/info is from this family."""
        return is_nmminer(info)

    @classmethod
    def sight(cls, info: Mapping[str, Any]) -> MinerIdentity:
        """Return who a miner is by its reply of /api/system/info."""
        identity = parse.section(info, "identity")
        return MinerIdentity(
            family=cls.family,
            manufacturer=MANUFACTURER,
            model=parse.text(identity, "hwModel") or BOARD,
            firmware=parse.text(identity, "fwVersion"),
            hostname=parse.text(identity, "hostName"),
        )

    @property
    @override
    def present_address(self) -> str | None:
        return self._broadcasts.known_address

    @classmethod
    def reported_identity(cls, report: NMMinerReport) -> MinerIdentity:
        """Return who a miner is by what it broadcasts."""
        return MinerIdentity(
            family=cls.family,
            manufacturer=MANUFACTURER,
            model=model_of(report.board),
            firmware=report.firmware,
        )

    @property
    @override
    def silence_limit(self) -> float | None:
        return self._broadcasts.silence_limit if self._broadcasting else None

    @override
    def listen(self, heard: Heard) -> Callable[[], None]:
        def take(report: NMMinerReport) -> None:
            # No firmware does both: while it answers, this is somebody else.
            if not self._answers:
                heard(self._adopt_report(report))

        return self._broadcasts.follow(take)

    @override
    async def identify(self) -> MinerIdentity:
        await self.fetch()
        return self.identity

    @override
    async def fetch(self) -> MinerStatus:
        if not self._met_over_http:
            if (report := await self._broadcasts.fresh()) is not None:
                return self._adopt_report(report)
            if not self._broadcasting:
                return await self._meet()
        try:
            return await self._ask()
        except MinerMismatchError:
            raise
        except MinerError:
            self._answers = False
            if not self._broadcasting:
                raise
            raise MinerTimeoutError("The miner has fallen silent") from None

    async def hear(self, seconds: float | None = None) -> MinerStatus:
        """Return what the miner broadcast just now, or broadcasts next.

        Raises MinerTimeoutError where it does not broadcast.
        """
        report = await self._broadcasts.fresh()
        return self._adopt_report(
            report or await self._broadcasts.next(seconds or HEARING_TIME)
        )

    async def _meet(self) -> MinerStatus:
        """Return the first that is known of the miner, by whichever way it comes."""
        heard = asyncio.ensure_future(self.hear(min(_MEETING_TIME, HEARING_TIME)))
        answered = asyncio.ensure_future(self._ask())
        both = (heard, answered)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if answered.done() and _settles(answered):
                return answered.result()
            try:
                return await heard
            except MinerTimeoutError:
                # What HTTP ran into tells more than silence does.
                return await answered
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _ask(self) -> MinerStatus:
        """Return the status as the miner tells it over HTTP."""
        # The look-up of a name is what tells others that it is this miner.
        await self._broadcasts.address()
        reply = await self._http.fetch()
        if not self._met_over_http:
            # What cannot change is read when the miner is met, or met again.
            with suppress(MinerError):
                self._screen = await self._http.fetch_screen()
        return self._adopt_reply(reply)

    def _adopt_reply(self, reply: HttpReply) -> MinerStatus:
        """Learn from what the miner answered over HTTP."""
        info = reply.json()
        self._met_over_http = self._answers = True
        self._broadcasting = False
        self.last_reply = reply
        self._adopt_identity(
            replace(self.sight(info), hardware=self._screen),
            Capabilities(
                locate=True,
                set_pool=True,
                restart_for_pool=True,
                pool_slots=_POOL_SLOTS,
            ),
        )
        return read_info(info)

    def _adopt_report(self, report: NMMinerReport) -> MinerStatus:
        """Learn from what the miner broadcast."""
        self._met_over_http = self._answers = False
        self._broadcasting = True
        self.last_reply = report
        takes_settings = firmware_version(report.firmware) >= _TAKES_SETTINGS_SINCE
        self._adopt_identity(
            self.reported_identity(report),
            Capabilities(
                restart=False,
                set_pool=takes_settings,
                whole_configuration=takes_settings,
                pool_slots=_POOL_SLOTS if takes_settings else 0,
            ),
        )
        return report.status

    def _adopt_identity(
        self, identity: MinerIdentity, capabilities: Capabilities
    ) -> None:
        """Take over what the miner tells of itself."""
        known: MinerIdentity | None = getattr(self, "identity", None)
        if known is not None:
            identity = with_known(identity, known)
        if identity != known:
            self.identity = identity
        if capabilities != self.capabilities:
            self.capabilities = capabilities

    @override
    async def restart(self) -> None:
        if self._broadcasting:
            self._unsupported()
        await self._http.restart()

    @override
    async def locate(self) -> None:
        if self._broadcasting:
            self._unsupported()
        await self._http.locate()

    @override
    async def set_pool(
        self, slot: int, pool: PoolSettings, *, whole_configuration: bool = False
    ) -> MinerStatus:
        capabilities = self.capabilities
        if not capabilities.set_pool or slot >= capabilities.pool_slots:
            self._unsupported()
        if whole_configuration and not capabilities.whole_configuration:
            self._unsupported()
        check_pool(pool)
        if not self._broadcasting:
            return self._adopt_reply(await self._http.write_pool(slot, pool))
        await tell_pool(self._broadcasts, slot, pool, whole=whole_configuration)
        return await self.fetch()

    @override
    async def use_pool(self, pool: PoolSettings) -> MinerStatus:
        return await self.set_pool(0, pool)

    @override
    async def set_pools(self, pools: Sequence[PoolSettings]) -> MinerStatus:
        if not self.capabilities.set_pool:
            self._unsupported()
        filled = in_slots(pools, self.capabilities.pool_slots)
        unconfirmed: MinerUnconfirmedError | None = None
        # The first pool comes last: it is the one that the miner restarts for.
        for slot in sorted(filled, reverse=True):
            try:
                status = await self.set_pool(slot, filled[slot])
            except MinerUnconfirmedError as err:
                # Not all firmware shows its second pool, and the first one counts.
                unconfirmed = err
        if unconfirmed is not None:
            raise unconfirmed
        return status

    async def wait_for_pool(self, pool: Pool | None) -> None:
        """Wait until the miner broadcasts that it uses a pool.

        Raises MinerUnconfirmedError if it does not come to that.
        """
        await wait_for_pool(self._broadcasts, pool)


def _settles(answer: asyncio.Future[MinerStatus]) -> bool:
    """Return whether an answer over HTTP settles what is at the address."""
    error = answer.exception()
    return error is None or isinstance(error, MinerMismatchError)
