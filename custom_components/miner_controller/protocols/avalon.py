"""Canaan's home miners: Avalon Nano 3, Nano 3S, Mini 3 and Q, over the cgminer API."""

from asyncio import CancelledError, sleep
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
import re
from time import time
from typing import ClassVar, Final, override

import aiohttp

from . import parse
from .avalon_models import (
    FAN_SPEED,
    LED_OPTIONS,
    TARGET_TEMPERATURE,
    TARGET_TEMPERATURE_OPTIONS,
    AvalonModel,
    find_model,
)
from .avalon_setpool import setpool_parameter, setpool_refusal
from .avalon_status import (
    device_fields,
    is_serial,
    read_avalon_status,
    read_fan_speed,
    read_serial,
)
from .avalon_web import fetch_mac
from .cgminer_client import CgminerApiClient, Reports, holds_pool
from .errors import (
    MinerAccessDeniedError,
    MinerCalibratingError,
    MinerConnectionError,
    MinerError,
    MinerProtocolError,
    MinerRefusedError,
    MinerUnsupportedError,
)
from .mm_fields import Fields
from .model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
)
from .parse import Reply
from .pool_settings import PoolSettings, check_pool, in_slots

_WEB_PORT: Final = 80

_POOL_SLOTS: Final = 3

# The fan reaches a new speed a little above or below what was asked for, in %.
_FAN_TOLERANCE: Final = 3

# Soft off and on are given a time of the miner's clock, and it has to lie ahead (s).
_SOFT_OFF_LEAD: Final = 5
_SOFT_OFF_DELAYS: Final = (5.0, 1.0, 2.0, 3.0, 5.0, 5.0)

_LOCATE_SECONDS: Final = 10.0
_LED_FIELDS: Final = {"led": "Led", "ledset": "LEDUser"}
_LED_FLASH: Final = "2"
_LED_FULL: Final = "100"

_OPTION_WORD = re.compile(r"[a-z][a-z0-9_-]+")
_CALIBRATING_WORDS = re.compile(r"caling|calibrat", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class AvalonReports(Reports):
    """The replies to one poll of an Avalon."""

    @cached_property
    def fields(self) -> Fields:
        """Return the fields of the miner itself."""
        return device_fields(self.detail_rows)


class AvalonClient(CgminerApiClient[AvalonReports]):
    """An Avalon. What it can do is told by its model and by its list of options."""

    # The shorter report leaves out what the pools sent and received.
    _details: ClassVar[tuple[str, ...]] = ("estats", "stats")
    _reports_type = AvalonReports

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        *,
        web_port: int = _WEB_PORT,
    ) -> None:
        """Initialize a client for the miner at an address."""
        super().__init__(host, port)
        self._session = session
        self._web_port = web_port
        self._options: frozenset[str] = frozenset()
        self._serial_in_fields: str | None = None
        self._when: int | None = None
        # The miner does not tell how its fan is run, so what it was told is kept.
        self._automatic_fan: bool | None = None
        self._manual_fan_speed: float | None = None

    @classmethod
    @override
    def recognizes(cls, version: Reply) -> bool:
        return find_model(version) is not None

    @classmethod
    def sight(cls, version: Reply, fields: Fields) -> MinerIdentity:
        """Return who the miner is, as far as a row of `version` and its fields tell.

        Raises MinerProtocolError where that is no Avalon.
        """
        dna = (parse.text(version, "DNA") or "").lower()
        return MinerIdentity(
            family=MinerFamily.AVALON,
            manufacturer="Canaan",
            model=_told_model(version).name,
            mac=parse.mac(version, "MAC"),
            firmware=(
                parse.text(version, "LVERSION") or parse.text(version, "VERSION")
            ),
            hardware=parse.text(version, "HWTYPE"),
            serial=dna if is_serial(dna) else read_serial(fields),
        )

    @override
    async def _identify(self, version: Reply, reports: AvalonReports) -> None:
        self._model = model = _told_model(version)
        self._serial_in_fields = read_serial(reports.fields)
        identity = self.sight(version, reports.fields)
        if identity.mac is None:
            mac = await self._find_mac(model, identity.serial)
            identity = replace(identity, mac=mac)
        self.identity = identity
        self._options = model.options | await self._read_options()
        self.capabilities = self._read_capabilities(model)
        self._automatic_fan = self._manual_fan_speed = None

    async def _find_mac(self, model: AvalonModel, serial: str | None) -> str | None:
        """Return the MAC address of a miner that tells it only on its web page.

        One that was found once stays true for the same miner.
        """
        if not model.has_web_page or serial is None:
            return None
        known: MinerIdentity | None = getattr(self, "identity", None)
        if known is not None and known.serial == serial and known.mac is not None:
            return known.mac
        if self.web_login is None:
            return None
        return await fetch_mac(
            self._session, self._device.host, self._web_port, self.web_login
        )

    async def _read_options(self) -> frozenset[str]:
        """Return the options of `ascset` that the miner itself lists, if it does."""
        reply = await self._try_command("ascset", "0,help")
        return frozenset(_OPTION_WORD.findall(reply.message) if reply else ())

    def _read_capabilities(self, model: AvalonModel) -> Capabilities:
        """Return what the miner can be told."""
        has_fan = "fan-spd" in self._options
        return Capabilities(
            named_modes=tuple(model.modes),
            fan_speed=FAN_SPEED if has_fan else None,
            automatic_fan=has_fan,
            automatic_fan_told=False,
            target_temperature=(
                TARGET_TEMPERATURE if self._first(TARGET_TEMPERATURE_OPTIONS) else None
            ),
            locate=self._first(LED_OPTIONS) is not None,
            pause="softoff" in model.options,
            pool_slots=_POOL_SLOTS,
            switch_pool=True,
            set_pool=True,
            restart_for_pool=True,
            web_login=True,
        )

    def _first(self, options: Sequence[str]) -> str | None:
        """Return the first of several options that the miner has."""
        return next((option for option in options if option in self._options), None)

    @override
    def _is_usable(self, reports: AvalonReports) -> bool:
        return super()._is_usable(reports) and bool(reports.fields)

    @override
    def _is_another(self, reports: AvalonReports) -> bool:
        return read_serial(reports.fields) != self._serial_in_fields

    @override
    def _read_status(self, reports: AvalonReports, now: datetime) -> MinerStatus:
        self._when = reports.when
        fan_speed = read_fan_speed(reports.fields)
        if (
            fan_speed is not None
            and self._manual_fan_speed is not None
            and abs(fan_speed - self._manual_fan_speed) > _FAN_TOLERANCE
        ):
            # Somebody else set the fan since.
            self._automatic_fan = self._manual_fan_speed = None
        return read_avalon_status(
            self._model,
            reports.fields,
            reports.summary,
            reports.pools,
            when=reports.when,
            now=now,
            fan_speed=fan_speed,
            automatic_fan=self._automatic_fan,
            manual_fan_speed=self._manual_fan_speed,
        )

    async def _set_option(self, option: str, *values: str) -> None:
        """Set an option of the miner.

        Raises MinerUnsupportedError for one that it does not have.
        """
        try:
            await self._device.command("ascset", ",".join(("0", option, *values)))
        except MinerRefusedError as err:
            if "unknown option" in str(err).lower():
                raise MinerUnsupportedError(str(err)) from err
            raise

    @override
    async def set_named_mode(self, name: str) -> MinerStatus:
        status = await self.fetch()
        if status.work_mode == name:
            # Writing it again would start another calibration on some firmware.
            return status
        if (level := self._model.modes.get(name)) is None:
            self._unsupported()
        try:
            await self._set_option(self._model.mode_option, "set", str(level))
        except MinerRefusedError as err:
            words = str(err)
            if not status.calibrating and not _CALIBRATING_WORDS.search(words):
                raise
            raise MinerCalibratingError(words) from err
        return await self._read_back(
            lambda status: status.work_mode == name, "The mode"
        )

    @override
    async def set_fan_speed(self, fan_speed: float) -> MinerStatus:
        if self.capabilities.fan_speed is None:
            self._unsupported()
        if fan_speed not in FAN_SPEED:
            raise MinerRefusedError(f"A fan speed of {fan_speed:.0f} % is not safe")
        await self._set_option("fan-spd", str(round(fan_speed)))
        status = await self._read_back(
            lambda status: (
                status.fan_speed is not None
                and abs(status.fan_speed - fan_speed) <= _FAN_TOLERANCE
            ),
            "The fan speed",
        )
        self._automatic_fan, self._manual_fan_speed = False, fan_speed
        return replace(status, automatic_fan=False, manual_fan_speed=fan_speed)

    @override
    async def set_automatic_fan(self, *, enabled: bool) -> MinerStatus:
        if not self.capabilities.automatic_fan:
            self._unsupported()
        if not enabled:
            present = (await self.fetch()).fan_speed or FAN_SPEED.maximum
            return await self.set_fan_speed(max(present, FAN_SPEED.minimum))
        await self._set_option("fan-spd", "-1")
        self._automatic_fan, self._manual_fan_speed = True, None
        return await self.fetch()

    @override
    async def set_target_temperature(self, temperature: float) -> MinerStatus:
        option = self._first(TARGET_TEMPERATURE_OPTIONS)
        if option is None:
            self._unsupported()
        if temperature not in TARGET_TEMPERATURE:
            raise MinerRefusedError(f"A target of {temperature:.0f} °C is not safe")
        await self._set_option(option, str(round(temperature)))
        return await self._read_back(
            lambda status: status.target_temperature == round(temperature),
            "The target temperature",
        )

    @override
    async def set_mining(self, *, enabled: bool) -> MinerStatus:
        if not self.capabilities.pause:
            self._unsupported()
        await self.fetch()
        at = (self._when or int(time())) + _SOFT_OFF_LEAD
        option = "softon" if enabled else "softoff"
        # The Q may start its work without an answer.
        await self._send_last("ascset", f"0,{option},1:{at}")
        return await self._read_back(
            lambda status: status.mining is enabled, "Mining", _SOFT_OFF_DELAYS
        )

    @override
    async def restart(self) -> None:
        await self._send_last("ascset", f"0,reboot,{self._model.reboot_parameter}")

    @override
    async def locate(self) -> None:
        option = self._first(LED_OPTIONS)
        if option is None:
            self._unsupported()
        if not (before := await self._light(option)):
            raise MinerProtocolError("The miner does not tell how its light is set")
        if before.startswith(_LED_FLASH):
            # It flashes already, and what it did before is known to who began.
            return
        flashing = "-".join([_LED_FLASH, _LED_FULL, *before.split("-")[2:]])
        try:
            await self._set_light(option, flashing)
            # A light that is off for the night takes the command and does nothing.
            if not (await self._light(option)).startswith(_LED_FLASH):
                raise MinerRefusedError("The light did not change")
            await sleep(_LOCATE_SECONDS)
        except CancelledError, MinerError:
            with suppress(MinerError):
                await self._set_light(option, before)
            raise
        await self._set_light(option, before)

    async def _set_light(self, option: str, setting: str) -> None:
        """Set the light. The Nano 3 takes the number of the effect alone."""
        if option == "led":
            await self._set_option(option, "setmode", setting.partition("-")[0])
        else:
            await self._set_option(option, setting)

    async def _light(self, option: str) -> str:
        """Return how the light is set, as the miner takes it."""
        await self.fetch()
        if not isinstance(self.last_reply, AvalonReports):
            return ""
        return self.last_reply.fields.get(_LED_FIELDS[option], "").strip()

    @override
    async def set_pool(
        self, slot: int, pool: PoolSettings, *, whole_configuration: bool = False
    ) -> MinerStatus:
        if whole_configuration:
            self._unsupported()
        check_pool(pool)
        return await self._fill_slots({slot: pool})

    @override
    async def set_pools(self, pools: Sequence[PoolSettings]) -> MinerStatus:
        return await self._fill_slots(in_slots(pools, _POOL_SLOTS))

    @override
    async def _use_new_pool(self, pool: PoolSettings) -> MinerStatus:
        # After a restart the first slot is the preferred one.
        return await self._fill_slots({0: pool})

    async def _fill_slots(self, pools: Mapping[int, PoolSettings]) -> MinerStatus:
        """Write slots, let the miner restart, and return the status that shows them."""
        for slot, pool in pools.items():
            await self._send_pool(slot, pool)
        # Whether the miner restarts is seen in the end, also where its answer is lost.
        with suppress(MinerConnectionError):
            await self.restart()
        status = await self._wait_for_restart()
        shown = {found.number: found for found in status.pool_slots}
        if all(
            slot in shown and holds_pool(shown[slot], pool)
            for slot, pool in pools.items()
        ):
            return status
        raise MinerRefusedError("The pool did not change")

    async def _send_pool(self, slot: int, pool: PoolSettings) -> None:
        """Write a slot, which counts from the next start.

        Raises MinerLoginError where the login is missing or wrong.
        """
        parameter = setpool_parameter(self._model, self.web_login, slot, pool)
        try:
            await self._device.command("setpool", parameter)
        except (
            MinerAccessDeniedError,
            MinerRefusedError,
            MinerUnsupportedError,
        ) as err:
            refusal = setpool_refusal(err)
        else:
            return
        # Raised here, so that no traceback shows what the miner said.
        raise refusal


def _told_model(version: Reply) -> AvalonModel:
    """Return the model in a row of `version`, or raise MinerProtocolError."""
    if (model := find_model(version)) is None:
        raise MinerProtocolError("The miner does not tell its model")
    return model
