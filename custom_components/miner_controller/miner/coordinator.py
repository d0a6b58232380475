"""Polls one miner and carries commands to it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from math import inf
import socket
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.hass_dict import HassKey

from ..const import (
    CONF_CAPABILITIES,
    CONF_FAMILY,
    CONF_IDENTITY,
    CONF_OTP_EARLY,
    CONF_OVERHEAT,
    CONF_POLL_INTERVAL,
    CONF_POWER_DRAW,
    CONF_POWER_SWITCH,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    LOGGER,
    MODE_STANDARD,
)
from ..protocols.client import MinerClient
from ..protocols.detect import create_client
from ..protocols.errors import (
    MinerError,
    MinerLockedError,
    MinerLoginError,
    MinerMismatchError,
)
from ..protocols.model import (
    Capabilities,
    MinerFamily,
    MinerStatus,
    WorkMode,
)
from ..protocols.otp import OtpSession
from ..protocols.web_login import WebLogin
from .entries import async_entry_with_id, entry_identity, miner_connections
from .errors import translated
from .issues import MinerIssue, MinerIssues, async_delete_issues
from .listening import async_shared_listener
from .overheat import OverheatMemory, too_hot

# While a miner is away it is asked no more often than this.
AWAY_INTERVAL = timedelta(seconds=60)

# A miner that restarts or gets its power back is expected within this many seconds,
# so it is asked as often as if it were there.
RETURN_TIME = 120.0
# One whose pools are changed is waited for until it is back, which takes longer.
LONG_RETURN_TIME = 300.0

# The base class lets a poll happen up to a second early, and half a second late.
_TIMER_INACCURACY = timedelta(seconds=0.5)

_OTP_SESSIONS: HassKey[dict[str, OtpSession]] = HassKey(f"{DOMAIN}_otp_sessions")


# Until when miners are expected back, by the id of their entry.
_EXPECTED: HassKey[dict[str, float]] = HassKey(f"{DOMAIN}_expected")

# Until when what a miner does may come from a command, by the id of its entry.
_TOLD: HassKey[dict[str, float]] = HassKey(f"{DOMAIN}_told")


@callback
def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Forget what outlives a reload of a miner that was removed."""
    hass.data.get(_OTP_SESSIONS, {}).pop(entry_id, None)
    hass.data.get(_EXPECTED, {}).pop(entry_id, None)
    hass.data.get(_TOLD, {}).pop(entry_id, None)
    async_delete_issues(hass, entry_id)


type Command = Callable[[MinerClient], Awaitable[MinerStatus | None]]
"""A command to a miner. None as its result says that the miner restarts."""

type MinerConfigEntry = ConfigEntry[MinerCoordinator]


class MinerCoordinator(DataUpdateCoordinator[MinerStatus]):
    """The state of one miner. `data` stays None until it has answered once."""

    config_entry: MinerConfigEntry

    def __init__(self, hass: HomeAssistant, entry: MinerConfigEntry) -> None:
        """Initialize from what the entry knows of the miner."""
        self.interval = timedelta(
            seconds=entry.options.get(CONF_POLL_INTERVAL, DEFAULT_POLL_INTERVAL)
        )
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=self.interval,
        )
        self.client = create_client(
            MinerFamily(entry.data[CONF_FAMILY]),
            # The devices serve IPv4 only.
            async_get_clientsession(hass, family=socket.AF_INET),
            entry.data[CONF_HOST],
            entry.data[CONF_PORT],
            async_shared_listener(hass).listener,
        )
        self.client.identity = entry_identity(entry)
        self.client.capabilities = Capabilities.from_dict(entry.data[CONF_CAPABILITIES])
        # A session for changes outlives a reload, which new options cause.
        self.client.otp = hass.data.setdefault(_OTP_SESSIONS, {}).setdefault(
            entry.entry_id, self.client.otp
        )
        if CONF_PASSWORD in entry.options:
            self.client.web_login = WebLogin(
                user=entry.options[CONF_USERNAME],
                password=entry.options[CONF_PASSWORD],
            )
        self.identity = self.client.identity
        self.capabilities = self.client.capabilities
        self.hashing: bool | None = None
        self.power_draw: float | None = entry.options.get(CONF_POWER_DRAW)
        """What the miner draws in W, as its owner told for want of a meter."""
        self.overheat = (
            OverheatMemory.from_dict(stored)
            if (stored := entry.data.get(CONF_OVERHEAT))
            else OverheatMemory()
        )
        self.issues = MinerIssues(hass, entry)
        entry.async_on_unload(self.client.listen(self._async_heard))
        self._power_switch: str | None = entry.options.get(CONF_POWER_SWITCH)
        if self._power_switch is not None:
            entry.async_on_unload(
                async_track_state_change_event(
                    hass, self._power_switch, self._async_power_switched
                )
            )

    @property
    def answered(self) -> bool:
        """Return whether the miner has answered since the start."""
        # The base class declares the data as never None, and starts with None.
        data: MinerStatus | None = self.data
        return data is not None

    @property
    def unique_id(self) -> str:
        """Return what the unique ids of the miner's entities start with."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    @property
    def powered_off(self) -> bool:
        """Return whether the linked power switch says that the miner is off."""
        return (
            self._power_switch is not None
            and (state := self.hass.states.get(self._power_switch)) is not None
            and state.state == STATE_OFF
        )

    @override
    async def _async_update_data(self) -> MinerStatus:
        """Poll the miner, twice if it has to be."""
        try:
            status = await self._async_fetch()
            self._check_identity()
        except MinerError as err:
            if isinstance(err, MinerMismatchError):
                self.issues.async_take_back(MinerIssue.DUPLICATE_DEVICE)
                self.issues.async_raise(MinerIssue.WRONG_DEVICE)
            self._note_absence()
            raise translated(err, self.config_entry.title, UpdateFailed) from err
        except UpdateFailed:
            self._note_absence()
            raise
        self._learn(status)
        return status

    @property
    def _usual_interval(self) -> timedelta:
        """Return when to poll next. One that tells its status is asked when silent."""
        silence = self.client.silence_limit
        if silence is None:
            return self.interval
        return timedelta(seconds=silence) + _TIMER_INACCURACY

    @callback
    def _async_heard(self, status: MinerStatus) -> None:
        """Take in what the miner told unasked."""
        self._learn(status)
        self.async_set_updated_data(status)

    @callback
    def _async_expect(self, seconds: float) -> None:
        """Expect the miner to be away and back soon, also after a reload."""
        self.hass.data.setdefault(_EXPECTED, {})[self.config_entry.entry_id] = (
            self.hass.loop.time() + seconds
        )

    @callback
    def restart_was_wanted(self, seconds_ago: float) -> bool:
        """Return whether a start of the miner then comes from Home Assistant."""
        return self.hass.loop.time() - seconds_ago < self._until(_EXPECTED)

    @callback
    def was_told(self) -> bool:
        """Return whether what the miner does now may come from Home Assistant.

        A command shows some time after it was given, and so does power that is back.
        """
        return self.hass.loop.time() < max(self._until(_EXPECTED), self._until(_TOLD))

    def _until(self, key: HassKey[dict[str, float]]) -> float:
        """Return the moment until which something holds for the miner.

        What was never told ended before all time: the clock of the loop may have
        started with the machine, after a miner that lost its power with it.
        """
        return self.hass.data.get(key, {}).get(self.config_entry.entry_id, -inf)

    @callback
    def _note_absence(self) -> None:
        """Take in that a poll failed."""
        expected_back = self.hass.loop.time() < self._until(_EXPECTED)
        self.update_interval = (
            self.interval if expected_back else max(self.interval, AWAY_INTERVAL)
        )
        if self.last_update_success and (expected_back or self.powered_off):
            # Somebody wanted this absence, so it is not logged as an error, which
            # the base class does only for a miner that was there before.
            self.logger.info("%s is away, as expected", self.config_entry.title)
            self.last_update_success = False

    async def _async_fetch(self) -> MinerStatus:
        """Return the status, giving a miner that was there a second chance."""
        try:
            return await self.client.fetch()
        except MinerError:
            if not self.answered or self.client.silence_limit is not None:
                # At the start nothing is lost by a failure, and nobody should wait. One
                # that fell silent had its chances.
                raise
            return await self.client.fetch()

    def _check_identity(self) -> None:
        """Raise if another device answers at the miner's address."""
        expected, found = self.config_entry.unique_id, self.client.identity.ids
        known = {expected, *self.identity.ids}
        if expected is None or not found or not known.isdisjoint(found):
            return
        other = async_entry_with_id(self.hass, found)
        if other is not None:
            self.issues.async_take_back(MinerIssue.WRONG_DEVICE)
            self.issues.async_raise(MinerIssue.DUPLICATE_DEVICE, other=other.title)
        else:
            self.issues.async_take_back(MinerIssue.DUPLICATE_DEVICE)
            self.issues.async_raise(MinerIssue.WRONG_DEVICE)
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="wrong_device",
            translation_placeholders={"miner": self.config_entry.title},
        )

    @callback
    def _learn(self, status: MinerStatus) -> None:
        """Take in what a status says besides the values of entities."""
        self.update_interval = self._usual_interval
        self.hashing = status.is_hashing(self.data)
        self.issues.async_take_back(MinerIssue.DUPLICATE_DEVICE)
        self.issues.async_take_back(MinerIssue.WRONG_DEVICE)
        if not self.client.needs_code:
            self.issues.async_take_back(MinerIssue.OTP_REQUIRED)
        elif self.config_entry.options.get(CONF_OTP_EARLY):
            self.issues.async_raise(MinerIssue.OTP_REQUIRED)
        overheat = self.overheat.after(status, hashing=self.hashing)
        if (
            overheat is not self.overheat
            or self.client.identity is not self.identity
            or self.client.capabilities is not self.capabilities
        ):
            self.overheat = overheat
            self._async_remember()

    @callback
    def _async_remember(self) -> None:
        """Store who the miner is and what it can do, for a start without it."""
        changed = self.client.capabilities != self.capabilities
        self.identity = self.client.identity
        self.capabilities = self.client.capabilities
        self.hass.config_entries.async_update_entry(
            self.config_entry,
            data={
                **self.config_entry.data,
                CONF_IDENTITY: self.identity.as_dict(),
                CONF_CAPABILITIES: self.capabilities.as_dict(),
                CONF_OVERHEAT: self.overheat.as_dict(),
            },
        )
        registry = dr.async_get(self.hass)
        for device in dr.async_entries_for_config_entry(
            registry, self.config_entry.entry_id
        ):
            registry.async_update_device(
                device.id,
                new_connections={
                    *device.connections,
                    *miner_connections(self.identity),
                },
                model=self.identity.model,
                sw_version=self.identity.firmware,
                hw_version=self.identity.hardware,
            )
        if changed and self.config_entry.state is ConfigEntryState.LOADED:
            # Other firmware: there may be other controls.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    async def async_command(
        self,
        command: Command,
        *,
        check: Callable[[MinerStatus], None] = lambda _: None,
        restarts: bool = False,
    ) -> None:
        """Carry out a command and show what was read back.

        `check` may raise to keep the command from a miner in the state that it is in.
        `restarts` tells that the miner goes away and comes back while it is carried
        out. A command that the miner takes only with a one-time password raises a
        repair that asks for one, and one that needs its web page's login starts the
        flow that asks for that.
        """
        check(await self._async_meet())
        if restarts:
            self._async_expect(LONG_RETURN_TIME)
        told = self.hass.data.setdefault(_TOLD, {})
        told[self.config_entry.entry_id] = inf
        try:
            status = await command(self.client)
        except MinerLockedError:
            self.issues.async_raise(MinerIssue.OTP_REQUIRED)
            raise
        except MinerLoginError:
            self.config_entry.async_start_reauth(self.hass)
            raise
        finally:
            told[self.config_entry.entry_id] = self.hass.loop.time() + RETURN_TIME
        if (
            self.config_entry.state is not ConfigEntryState.LOADED
            or self.config_entry.runtime_data is not self
        ):
            # The miner was reloaded or removed while the command was carried out.
            return
        if status is None:
            self._async_expect(RETURN_TIME)
            await self.async_request_refresh()
            return
        self._learn(status)
        self.async_set_updated_data(status)

    async def _async_meet(self) -> MinerStatus:
        """Make sure that the miner is there before it is told to do something.

        The address may have gone to another miner, and the connection of the last
        poll may be dead, which only a request that may be repeated finds out safely.
        """
        status = await self.client.fetch()
        try:
            self._check_identity()
        except UpdateFailed as err:
            self._note_absence()
            self.async_set_update_error(err)
            self.async_update_listeners()
            raise
        return status

    async def async_locate(self) -> None:
        """Let the miner show which one it is."""
        await self._async_meet()
        await self.client.locate()

    async def async_clear_overheat(self) -> None:
        """End what an overheating left, unless the miner is still hot."""
        modes = self.capabilities.work_modes
        mode = next((mode for mode in modes if mode.name == MODE_STANDARD), modes[0])
        if (good := self.overheat.good) is not None:
            pair = WorkMode(name="", frequency=good[0], core_voltage=good[1])
            # A pair from the miner's own page may be one that is not sent from here.
            if self.capabilities.allows(pair):
                mode = pair
        await self.async_command(
            lambda client: client.clear_overheat(mode), check=self._check_cool
        )

    def _check_cool(self, status: MinerStatus) -> None:
        """Raise if the miner is too hot for the pair at which it overheated."""
        if (temperature := too_hot(status)) is not None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="still_hot",
                translation_placeholders={
                    "miner": self.config_entry.title,
                    "temperature": f"{temperature:.0f}",
                },
            )

    async def async_unlock(self, code: str) -> None:
        """Open a session for changes with a one-time password."""
        await self._async_meet()
        await self.client.unlock(code)
        self.issues.async_take_back(MinerIssue.OTP_REQUIRED)

    @callback
    def _async_power_switched(self, event: Event[EventStateChangedData]) -> None:
        """Follow the linked power switch."""
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and new is not None and old.state == new.state:
            return
        if new is not None and new.state == STATE_ON:
            self._async_expect(RETURN_TIME)
        self.async_update_listeners()
        self.config_entry.async_create_task(
            self.hass, self.async_request_refresh(), "miner's power switched"
        )
