"""What AxeOS and its fork NerdQAxe++ have in common on the wire."""

from abc import abstractmethod
from asyncio import sleep
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar, override

import aiohttp

from . import parse
from .boards import Ladder, ladder_capabilities, reported_ladder
from .client import MinerClient
from .errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
)
from .http import HttpDevice, HttpReply
from .model import Capabilities, MinerIdentity, MinerStatus, WorkMode
from .restart_watch import RestartWatch, wait_for_restart

INFO_PATH = "/api/system/info"

# Keys of /api/system/info in every firmware of every family.
_SIGNATURE = frozenset(
    {"ASICModel", "coreVoltage", "frequency", "hashRate", "stratumURL", "version"}
)

# A new setting may take this many seconds to show in what the miner reports.
_READ_BACK_DELAYS = (0.0, 0.5, 1.0, 2.0)

type Settings = dict[str, int]


class EspMinerClient(MinerClient):
    """A miner whose firmware descends from ESP-Miner.

    One GET is a poll. /api/system/asic cannot change while the miner runs, so it is
    read again only after a restart or with another firmware.
    """

    _headers: ClassVar[Mapping[str, str]] = {}
    _is_fork: ClassVar[bool]
    """Whether the firmware tells `deviceModel` in its system information."""
    _fan_speed_key: str = "manualFanSpeed"
    _target_temperature_key: ClassVar[str]

    def __init__(self, session: aiohttp.ClientSession, host: str, port: int) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__()
        self._device = HttpDevice(session, host, port, headers=self._headers)
        self._board_known = False
        self._board_stale = True
        self._restarts = RestartWatch()
        self._signs: tuple[Any, Any] = (None, None)

    @classmethod
    def recognizes(cls, info: Mapping[str, Any]) -> bool:
        """Return whether a reply of /api/system/info is from this family."""
        return is_esp_miner(info) and ("deviceModel" in info) is cls._is_fork

    @classmethod
    def sight(cls, info: Mapping[str, Any]) -> MinerIdentity:
        """Return who the miner is, as far as /api/system/info alone tells."""
        return cls._read_identity(info, {})

    @classmethod
    @abstractmethod
    def _read_identity(
        cls, info: Mapping[str, Any], asic: Mapping[str, Any]
    ) -> MinerIdentity:
        """Return who the miner is."""

    @abstractmethod
    def _read_capabilities(
        self, info: Mapping[str, Any], ladder: Capabilities
    ) -> Capabilities:
        """Return what the miner can do, on top of what its ladder allows."""

    @abstractmethod
    def _known_ladder(self, info: Mapping[str, Any]) -> Ladder | None:
        """Return the ladder of a board whose firmware does not tell it."""

    @abstractmethod
    def _read_status(self, info: Mapping[str, Any]) -> MinerStatus:
        """Return the status in a reply of /api/system/info."""

    @abstractmethod
    def _automatic_fan_setting(self, *, enabled: bool) -> int:
        """Return the value of `autofanspeed` for the automatic fan on or off."""

    @override
    async def identify(self) -> MinerIdentity:
        await self._adopt(await self._get_info())
        return self.identity

    @override
    async def fetch(self) -> MinerStatus:
        return await self._adopt(await self._get_info())

    async def _get_info(self) -> Mapping[str, Any]:
        """Return the system information of a miner of this family."""
        reply = await self._device.get(INFO_PATH)
        info = reply.json()
        if not is_esp_miner(info):
            raise MinerProtocolError("Something else than a miner answers")
        if not self.recognizes(info):
            raise MinerMismatchError("Another kind of miner answers")
        self.last_reply = reply
        return info

    async def _adopt(self, info: Mapping[str, Any]) -> MinerStatus:
        """Learn from a reply, which takes another request after a restart."""
        status = self._read_status(info)
        restarted = self._restarts.restarted(status.uptime)
        if self._board_stale or restarted or self._may_have_changed(info):
            await self._refresh_board(info)
        return status

    def _may_have_changed(self, info: Mapping[str, Any]) -> bool:
        """Return whether the miner was updated or is another one."""
        signs = (info.get("version"), info.get("macAddr"))
        if signs == self._signs:
            return False
        firmware, mac = parse.text(info, "version"), parse.mac(info, "macAddr")
        changed = (firmware is not None and firmware != self.identity.firmware) or (
            mac is not None and mac != self.identity.mac
        )
        if not changed:
            # Until the board was read again its signs stay unknown.
            self._signs = signs
        return changed

    async def _refresh_board(self, info: Mapping[str, Any]) -> None:
        """Read the board again, at the next poll if this one fails to.

        Without it a poll still tells the status, but not of a miner that is not known.
        """
        self._board_stale = True
        try:
            await self._read_board(info)
        except MinerError:
            mac = parse.mac(info, "macAddr")
            if not self._board_known or (mac and mac != self.identity.mac):
                raise
        else:
            self._board_stale = False

    async def _read_board(self, info: Mapping[str, Any]) -> None:
        """Read what only changes with a restart."""
        if (chip := parse.text(info, "ASICModel")) is None:
            raise MinerProtocolError("The miner does not tell its chip")
        asic = await self._get_asic()
        ladder = reported_ladder(asic) or self._known_ladder(info)
        self.identity = self._read_identity(info, asic)
        self.capabilities = self._read_capabilities(
            info, ladder_capabilities(ladder, chip)
        )
        self._board_known = True

    async def _get_asic(self) -> Mapping[str, Any]:
        """Return the board's data, empty from firmware that has no such path."""
        reply = await self._device.request("GET", "/api/system/asic")
        if reply.status in (302, 404):
            return {}
        if not reply.ok:
            raise MinerProtocolError(f"The miner answered with status {reply.status}")
        return reply.json()

    @override
    async def set_frequency(self, frequency: float) -> MinerStatus:
        return await self._change({"frequency": round(frequency)})

    @override
    async def set_core_voltage(self, core_voltage: float) -> MinerStatus:
        return await self._change({"coreVoltage": round(core_voltage * 1000)})

    @override
    async def set_work_mode(self, mode: WorkMode) -> MinerStatus:
        return await self._change(pair_settings(mode))

    @override
    async def set_fan_speed(self, fan_speed: float) -> MinerStatus:
        return await self._change(
            {
                "autofanspeed": self._automatic_fan_setting(enabled=False),
                self._fan_speed_key: round(fan_speed),
            }
        )

    @override
    async def set_automatic_fan(self, *, enabled: bool) -> MinerStatus:
        return await self._change(
            {"autofanspeed": self._automatic_fan_setting(enabled=enabled)}
        )

    @override
    async def set_target_temperature(self, temperature: float) -> MinerStatus:
        return await self._change({self._target_temperature_key: round(temperature)})

    @override
    async def restart(self) -> None:
        if (reply := await self._device.post_last("/api/system/restart")) is not None:
            self._check(reply)

    def _request_headers(self) -> Mapping[str, str]:
        """Return the headers that a change needs besides the usual ones."""
        return {}

    def _check(self, reply: HttpReply) -> None:
        """Raise for a command that the miner did not take."""
        if reply.status == 401:
            raise MinerAuthenticationError("The miner serves only its own network")
        # What a firmware does not know it redirects, or it says so.
        if reply.status in (302, 404, 405):
            self._unsupported()
        if not reply.ok:
            raise MinerRefusedError(_words(reply))

    async def _change(self, settings: Settings) -> MinerStatus:
        """Write settings and return the status in which they stand.

        The firmware ignores what it does not know or cannot use, and says OK.
        Values outside the hard limits are never sent.
        """
        self._check_limits(settings)
        await self._patch(settings)
        return await self._read_back(settings)

    async def _patch(self, settings: Mapping[str, Any]) -> None:
        """Write settings. The answer does not tell whether the firmware took them."""
        async with self.otp.lock:
            self._check(
                await self._device.request(
                    "PATCH",
                    "/api/system",
                    json=settings,
                    headers=self._request_headers(),
                )
            )

    async def _read_back(self, wanted: Mapping[str, int]) -> MinerStatus:
        """Return the status once all wanted values show in it."""
        return await self._read_until(
            lambda info: ", ".join(
                key for key in wanted if info.get(key) != wanted[key]
            )
        )

    async def _read_until(
        self, missing: Callable[[Mapping[str, Any]], str]
    ) -> MinerStatus:
        """Return the status once nothing is missing of what was written."""
        differing = ""
        for delay in _READ_BACK_DELAYS:
            await sleep(delay)
            info = await self._get_info()
            if not (differing := missing(info)):
                return await self._adopt(info)
        raise MinerRefusedError(f"{differing} did not change")

    async def _restart_and_read(
        self, missing: Callable[[Mapping[str, Any]], str]
    ) -> MinerStatus:
        """Restart the miner and return the status in which nothing is missing.

        Raises MinerUnconfirmedError where it does not come back.
        """
        info: Mapping[str, Any] = {}

        async def look() -> MinerStatus:
            nonlocal info
            info = await self._get_info()
            return await self._adopt(info)

        # Whether the miner restarts is seen in the end, also where its answer is lost.
        with suppress(MinerConnectionError):
            await self.restart()
        status = await wait_for_restart(self._restarts, look, sleep)
        if differing := missing(info):
            raise MinerRefusedError(f"{differing} did not change")
        return status

    def _check_limits(self, settings: Settings) -> None:
        """Raise MinerRefusedError for a pair that could harm the chip."""
        limits = (
            ("frequency", self.capabilities.frequency_limit, 1),
            ("coreVoltage", self.capabilities.core_voltage_limit, 1000),
        )
        for key, limit, scale in limits:
            if key in settings and (
                limit is None or settings[key] / scale not in limit
            ):
                raise MinerRefusedError(f"{key} {settings[key]} is not safe")


def is_esp_miner(info: Mapping[str, Any]) -> bool:
    """Return whether a reply of /api/system/info is from any firmware of these.

    Some of the keys that all of them have may be missing, not most.
    """
    return len(_SIGNATURE & info.keys()) >= len(_SIGNATURE) // 2


def pair_settings(mode: WorkMode) -> Settings:
    """Return the settings of a work mode."""
    return {
        "frequency": round(mode.frequency),
        "coreVoltage": round(mode.core_voltage * 1000),
    }


def _words(reply: HttpReply) -> str:
    """Return what a miner said, short enough to show."""
    said = reply.body.decode(errors="replace").strip()
    printable = "".join(char for char in said if char.isprintable())
    return printable[:100] or f"status {reply.status}"
