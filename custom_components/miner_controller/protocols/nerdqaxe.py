"""NerdQAxe++ and its relatives: a fork of AxeOS (shufps/ESP-Miner-NerdQAxePlus)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, override

import aiohttp

from . import parse
from .boards import Ladder, nerdqaxe_ladder
from .errors import (
    MinerLockedError,
    MinerProtocolError,
)
from .esp_miner_pools import EspMinerPoolsClient
from .esp_miner_status import first_known, read_status, read_temperature
from .esp_pool import EspPool, esp_pool, flat_change, flat_slots
from .http import HttpReply
from .model import Capabilities, MinerFamily, MinerIdentity, MinerStatus, Range
from .pool_settings import PoolSettings

# The fork's fan modes: 0 is manual, 1 the first automatic, 2 a PID controller,
# 3 follows another fan.
_FAN_MANUAL = 0
_FAN_LEGACY = 1
_FAN_PID = 2

# 1.0.38 moved the path to open a session; a firmware redirects what it lacks.
_OTP_PATHS = ("/api/otp/session", "/api/v2/otp/session")


class NerdQAxeClient(EspMinerPoolsClient):
    """A NerdQAxe++. It closes every connection, so none is kept for another poll."""

    _headers: ClassVar[Mapping[str, str]] = {"Connection": "close"}
    _is_fork: ClassVar[bool] = True
    _target_temperature_key: ClassVar[str] = "pidTargetTemp"

    def __init__(self, session: aiohttp.ClientSession, host: str, port: int) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__(session, host, port)
        self._automatic_fan_mode: int | None = None
        self._locked = False

    @classmethod
    @override
    def _read_identity(
        cls, info: Mapping[str, Any], asic: Mapping[str, Any]
    ) -> MinerIdentity:
        return MinerIdentity(
            family=MinerFamily.NERDQAXE,
            manufacturer="NerdQAxe",
            model=first_known(
                parse.text(info, "deviceModel"), parse.text(asic, "deviceModel")
            )
            or "NerdQAxe",
            mac=parse.mac(info, "macAddr"),
            firmware=parse.text(info, "version"),
            hostname=parse.text(info, "hostname"),
        )

    @override
    def _read_capabilities(
        self, info: Mapping[str, Any], ladder: Capabilities
    ) -> Capabilities:
        self._fan_speed_key = (
            "manualFanSpeed" if "manualFanSpeed" in info else "fanspeed"
        )
        return replace(
            ladder,
            fan_speed=Range(minimum=0, maximum=100),
            target_temperature=(
                Range(minimum=30, maximum=70) if _has_pid(info) else None
            ),
            automatic_fan="autofanspeed" in info,
            # The flag came with 1.0.35, the command one release later with the
            # current in A.
            shutdown="shutdown" in info and "currentA" in info,
            pool_slots=flat_slots(info),
            set_pool=True,
        )

    @override
    def _known_ladder(self, info: Mapping[str, Any]) -> Ladder | None:
        return nerdqaxe_ladder(parse.text(info, "deviceModel"))

    @override
    def _automatic_fan_setting(self, *, enabled: bool) -> int:
        if not enabled:
            return _FAN_MANUAL
        if self._automatic_fan_mode is not None:
            return self._automatic_fan_mode
        return _FAN_PID if self.capabilities.target_temperature else _FAN_LEGACY

    @override
    def _read_status(self, info: Mapping[str, Any]) -> MinerStatus:
        self._locked = bool(parse.flag(info, "otp"))
        if fan_mode := parse.count(info, "autofanspeed", maximum=9):
            self._automatic_fan_mode = fan_mode
        temperature = read_temperature(info, "temp")
        overheat_temperature = parse.positive(info, "overheat_temp", maximum=200)
        shut_down = parse.flag(info, "shutdown")
        return read_status(
            info,
            automatic_fan=None if fan_mode is None else fan_mode != _FAN_MANUAL,
            chip_temperatures=_chip_temperatures(info),
            overheat_temperature=overheat_temperature,
            fan_rpms=_fan_rpms(info),
            target_temperature=parse.positive(info, "pidTargetTemp", maximum=200),
            blocks_found=first_known(
                parse.count(info, "totalFoundBlocks"), parse.count(info, "foundBlocks")
            ),
            pool_latency=parse.positive(info, "lastpingrtt", maximum=1e6, digits=1),
            reset_reason=parse.text(info, "lastResetReason"),
            mining=None if shut_down is None else not shut_down,
            overheated=(
                None
                if temperature is None or overheat_temperature is None
                else temperature >= overheat_temperature
            ),
            locked=parse.flag(info, "otp"),
        )

    @override
    async def set_mining(self, *, enabled: bool) -> MinerStatus | None:
        if enabled:
            await self.restart()
            return None
        self._check(await self._device.request("POST", "/api/system/shutdown"))
        return await self._read_back({"shutdown": 1})

    @override
    async def use_pool(self, pool: PoolSettings) -> MinerStatus:
        return await self._write_pools({0: esp_pool(pool)}, preferred=True)

    @override
    async def _write_pools(
        self, pools: Mapping[int, EspPool], *, preferred: bool
    ) -> MinerStatus:
        # They count at once, and the first one is always the preferred one.
        change = flat_change(await self._learn(), pools, bool)
        await self._send_pools(change)
        return await self._read_until(change.missing)

    @property
    @override
    def needs_code(self) -> bool:
        return self._locked and self.otp.token() is None

    @override
    def _request_headers(self) -> Mapping[str, str]:
        if not self._locked:
            return {}
        # A change that is bound to be refused could count towards the lock-out.
        if (token := self.otp.token()) is None:
            raise MinerLockedError("The miner wants a one-time password")
        return {"X-OTP-Session": token}

    @override
    def _check(self, reply: HttpReply) -> None:
        # The lock may have been switched on since the last poll.
        if reply.status == 401 and (self._locked or b"OTP" in reply.body):
            self._locked = True
            self.otp.refuse()
            raise MinerLockedError("The miner wants a one-time password")
        super()._check(reply)

    @override
    async def unlock(self, code: str) -> None:
        async with self.otp.lock:
            self.otp.check_attempt()
            statuses = []
            for path in _OTP_PATHS:
                reply = await self._device.request(
                    "POST", path, headers={"X-TOTP": code}
                )
                statuses.append(reply.status)
                if reply.status not in (302, 404, 405):
                    break
            if reply.status == 401:
                self.otp.fail()
            if reply.ok:
                session = reply.json()
                self.otp.open(
                    parse.text(session, "token"),
                    parse.positive(session, "ttlMs", scale=1e-3),
                )
                return
        if 405 not in statuses:
            if reply.status in (302, 404):
                self._unsupported()
            raise MinerProtocolError(f"The miner answered with status {reply.status}")
        # A path that is known answers so when there is no lock, but a path that is
        # not known may do so too: the miner itself tells.
        await self.fetch()
        if self._locked:
            raise MinerProtocolError("The miner opened no session")


def _has_pid(info: Mapping[str, Any]) -> bool:
    """Return whether the fan can aim at a temperature; −1 says that it cannot."""
    return parse.positive(info, "pidTargetTemp") is not None


def _chip_temperatures(info: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return the temperature of each chip, nothing where the chips tell none."""
    listed = info.get("asicTemps")
    if not isinstance(listed, list) or len(listed) > 100:
        return ()
    found = tuple(read_temperature({"": item}, "") for item in listed)
    return found if any(item is not None for item in found) else ()


def _fan_rpms(info: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return the speed of each fan that the board has."""
    fans = min(parse.count(info, "fanCount") or 1, 2)
    keys = ("fanrpm", "fanrpm2")[:fans]
    return tuple(parse.number(info, key, maximum=100_000, digits=0) for key in keys)
