"""Bitaxe miners: AxeOS over HTTP (bitaxeorg/ESP-Miner 2.4 to 2.15)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
import re
from typing import Any, ClassVar, override

import aiohttp

from . import parse
from .axeos_slots import choose_slot, count_slots, has_slots, slot_change
from .boards import Ladder, axeos_ladder
from .esp_miner import pair_settings
from .esp_miner_pools import EspMinerPoolsClient
from .esp_miner_status import read_status, read_temperature
from .esp_pool import (
    EspPool,
    PoolChange,
    esp_pool,
    flat_change,
    flat_slots,
    is_fallback_forced,
    without_forced_fallback,
)
from .model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Range,
    WorkMode,
)
from .pool_settings import PoolSettings

# The board version's first digits tell the product where /api/system/asic does not.
_PRODUCTS = {
    "1": "Max",
    "2": "Ultra",
    "3": "Hex",
    "4": "Supra",
    "65": "Gamma Duo",
    "6": "Gamma",
    "7": "Supra Hex",
    "8": "GT",
}


# A pool may name the worker in its reason: a payout address, or anything with a dot
# or digits in it that is no plain word.
_WORKER = re.compile(r"[A-Za-z0-9_-]{25,}[\w.-]*|[\w-]+\.[\w.-]*\w")


class AxeOSClient(EspMinerPoolsClient):
    """A Bitaxe. What it can do is told by the keys that its firmware sends."""

    _is_fork: ClassVar[bool] = False
    _target_temperature_key: ClassVar[str] = "temptarget"

    def __init__(self, session: aiohttp.ClientSession, host: str, port: int) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__(session, host, port)
        # What a miner tells of its pools it may not have started with yet.
        self._restart_due = False

    @classmethod
    @override
    def _read_identity(
        cls, info: Mapping[str, Any], asic: Mapping[str, Any]
    ) -> MinerIdentity:
        board = parse.text(info, "boardVersion")
        product = parse.text(asic, "deviceModel") or _product(board)
        return MinerIdentity(
            family=MinerFamily.AXEOS,
            manufacturer="Bitaxe",
            model=f"Bitaxe {product}" if product else "Bitaxe",
            mac=parse.mac(info, "macAddr"),
            firmware=parse.text(info, "version"),
            hardware=board,
            hostname=parse.text(info, "hostname"),
        )

    @override
    def _read_capabilities(
        self, info: Mapping[str, Any], ladder: Capabilities
    ) -> Capabilities:
        # Firmware up to 2.10 takes and shows one fan speed. Later firmware ignores
        # that key in a change and shows the manual speed on its own.
        self._fan_speed_key = (
            "manualFanSpeed" if "manualFanSpeed" in info else "fanspeed"
        )
        return replace(
            ladder,
            fan_speed=Range(minimum=0, maximum=100),
            target_temperature=(
                Range(minimum=35, maximum=66) if "temptarget" in info else None
            ),
            automatic_fan="autofanspeed" in info,
            pause="miningPaused" in info,
            # The identify command came with the reset reason in 2.12.
            locate="resetReason" in info,
            clear_overheat="overheat_mode" in info and bool(ladder.work_modes),
            pool_slots=count_slots(info) or flat_slots(info),
            set_pool=True,
            restart_for_pool=True,
        )

    @override
    def _known_ladder(self, info: Mapping[str, Any]) -> Ladder | None:
        return axeos_ladder(parse.text(info, "ASICModel"))

    @override
    def _automatic_fan_setting(self, *, enabled: bool) -> int:
        return int(enabled)

    @override
    def _read_status(self, info: Mapping[str, Any]) -> MinerStatus:
        paused = parse.flag(info, "miningPaused")
        overheat_mode = parse.count(info, "overheat_mode")
        return read_status(
            info,
            automatic_fan=parse.flag(info, "autofanspeed"),
            temperature_2=read_temperature(info, "temp2"),
            fan_rpms=_fan_rpms(info),
            target_temperature=parse.positive(info, "temptarget", maximum=200),
            frequency_actual=parse.number(info, "actualFrequency", maximum=65535),
            reject_reasons=_reject_reasons(info),
            block_height=parse.count(info, "blockHeight") or None,
            blocks_found=parse.count(info, "blockFound"),
            error_rate=parse.number(info, "errorPercentage", maximum=100, digits=2),
            pool_latency=parse.positive(info, "responseTime", maximum=1e6, digits=1),
            reset_reason=parse.text(info, "resetReason"),
            mining=None if paused is None else not paused,
            overheated=None if overheat_mode is None else overheat_mode > 0,
            # Since 2.6 and 2.14 these keys are there only while something is wrong.
            # A key that came with the same firmware tells whether they could be.
            power_fault="power_fault" in info if "wifiRSSI" in info else None,
            hardware_fault="hardware_fault" in info if "miningPaused" in info else None,
        )

    @override
    async def set_mining(self, *, enabled: bool) -> MinerStatus:
        command = "resume" if enabled else "pause"
        self._check(await self._device.request("POST", f"/api/system/{command}"))
        return await self._read_back({"miningPaused": int(not enabled)})

    @override
    async def clear_overheat(self, mode: WorkMode) -> MinerStatus:
        # After an overheating the firmware leaves its fan at full speed with the
        # automatic off, and a lower pair: all of it has to be put back.
        return await self._change(
            {
                "overheat_mode": 0,
                **pair_settings(mode),
                "autofanspeed": self._automatic_fan_setting(enabled=True),
            }
        )

    @override
    async def use_pool(self, pool: PoolSettings) -> MinerStatus:
        wanted = esp_pool(pool)
        info = await self._learn()
        slot = choose_slot(info, wanted) if has_slots(info) else 0
        change = _pool_change(info, {slot: wanted}, (slot,))
        settled = change.stands(info) and not is_fallback_forced(info)
        if settled and not self._restart_due:
            # Only its password could differ, which is not worth a restart.
            return self._read_status(info)
        return await self._carry_out(change)

    @override
    async def _write_pools(
        self, pools: Mapping[int, EspPool], *, preferred: bool
    ) -> MinerStatus:
        info = await self._learn()
        order = tuple(pools)[:2] if preferred else ()
        return await self._carry_out(_pool_change(info, pools, order))

    async def _carry_out(self, change: PoolChange) -> MinerStatus:
        """Write pools and restart, for they count from the next start on."""
        self._restart_due = True
        await self._send_pools(change)
        status = await self._restart_and_read(change.missing)
        self._restart_due = False
        return status

    @override
    async def locate(self) -> None:
        self._check(await self._device.request("POST", "/api/system/identify"))


def _pool_change(
    info: Mapping[str, Any], pools: Mapping[int, EspPool], order: Sequence[int]
) -> PoolChange:
    """Return the change of some pools, and of which of them are used if given."""
    if has_slots(info):
        change = slot_change(info, pools, order)
    else:
        change = flat_change(info, pools, int)
    if order and is_fallback_forced(info):
        return without_forced_fallback(change)
    return change


def _product(board: str | None) -> str | None:
    """Return the product that a board version such as "601" belongs to."""
    return next(
        (
            name
            for digits, name in _PRODUCTS.items()
            if (board or "").startswith(digits)
        ),
        None,
    )


def _fan_rpms(info: Mapping[str, Any]) -> tuple[float | None, ...]:
    """Return the speed of each fan; a second one that never turns is none."""
    first = parse.number(info, "fanrpm", maximum=100_000, digits=0)
    second = parse.positive(info, "fan2rpm", maximum=100_000, digits=0)
    return (first,) if second is None else (first, second)


def _reject_reasons(info: Mapping[str, Any]) -> tuple[tuple[str, int], ...] | None:
    """Return how often the pool gave which reason for rejecting a share."""
    if "sharesRejectedReasons" not in info:
        return None
    return tuple(
        (_WORKER.sub("…", reason), times)
        for row in parse.rows(info, "sharesRejectedReasons")
        if (reason := parse.text(row, "message")) is not None
        and (times := parse.count(row, "count")) is not None
    )
