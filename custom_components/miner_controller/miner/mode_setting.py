"""Gives a miner a mode, takes it from its work, or brings it back to it.

This is what an automation says to many miners at once, each of which has other modes
and another way to be off.
"""

from asyncio import sleep
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Context, HomeAssistant, split_entity_id
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import CONF_POWER_SWITCH, DOMAIN
from ..protocols.errors import (
    MinerCalibratingError,
    MinerConnectionError,
    MinerError,
)
from .coordinator import Command, MinerCoordinator
from .errors import translated
from .mode_choice import OFF, RESUME, chosen_mode, modes_by_power
from .mode_wish import ModeWish
from .work_mode import shown_mode, work_modes

RETRY_SECONDS: Final = 30.0
"""How long a miner is left alone that does not take another mode yet."""


class ModeResult(StrEnum):
    """What became of a miner that was told a mode."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SWITCHED_OFF = "switched_off"
    UNSUPPORTED = "unsupported"
    ERROR = "error"


class ModeUnsupportedError(ServiceValidationError):
    """The miner has no such mode, or no way to be off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChange:
    """What was done. A mode is `off` for a miner at rest, and None if not known."""

    result: ModeResult
    before: str | None
    after: str | None


async def async_set_mode(
    hass: HomeAssistant,
    entry: ConfigEntry,
    wanted: str,
    *,
    retries: int,
    context: Context,
) -> ModeChange:
    """Do what is wanted: `off`, `resume`, or what `chosen_mode` finds a mode for.

    A mode also brings a miner back to work. One that is in the state already is left
    alone. `retries` says how often it is tried again, every RETRY_SECONDS, while the
    miner calibrates or has only just got its power back; whatever the miner is told
    later ends that. Raises HomeAssistantError, translated, and ModeUnsupportedError.
    """
    wish = ModeWish(hass, entry)
    setting = _ModeSetting(hass, entry, context, retries, wish)
    try:
        await wish.async_wait()
        if wanted.casefold() == OFF:
            return await setting.async_stop()
        if wanted.casefold() == RESUME:
            return await setting.async_resume()
        return await setting.async_work_in(wanted)
    except MinerError as err:
        raise translated(err, entry.title, HomeAssistantError) from err
    finally:
        wish.close()


class _ModeSetting:
    """One thing that a miner is told."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        context: Context,
        retries: int,
        wish: ModeWish,
    ) -> None:
        """Initialize for one miner."""
        self._hass = hass
        self._entry = entry
        self._context = context
        self._retries = retries
        self._wish = wish

    @property
    def _coordinator(self) -> MinerCoordinator:
        """Return the coordinator, which is another one after a reload."""
        if self._entry.state is not ConfigEntryState.LOADED:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="miner_not_loaded",
                translation_placeholders={"miner": self._entry.title},
            )
        coordinator: MinerCoordinator = self._entry.runtime_data
        return coordinator

    async def async_stop(self) -> ModeChange:
        """Let the miner rest: by itself where it can, or without power."""
        if not self._rests_by_itself:
            return await self._async_cut_power()
        if self._coordinator.powered_off or await self._async_present() == OFF:
            return _unchanged(OFF)
        before = self._present
        await self._async_command(lambda client: client.set_mining(enabled=False))
        return ModeChange(result=ModeResult.SWITCHED_OFF, before=before, after=OFF)

    async def _async_cut_power(self) -> ModeChange:
        """Take the power from the miner, which nobody asks whether it answers."""
        if (before := self._present) == OFF:
            return _unchanged(OFF)
        await self._async_switch(SERVICE_TURN_OFF)
        return ModeChange(result=ModeResult.SWITCHED_OFF, before=before, after=OFF)

    async def async_resume(self) -> ModeChange:
        """Bring the miner back to work, in the mode that it is set to."""
        if self._coordinator.powered_off:
            await self._async_switch(SERVICE_TURN_ON)
            return ModeChange(result=ModeResult.CHANGED, before=OFF, after=None)
        if (before := await self._async_present()) != OFF:
            return _unchanged(before)
        await self._async_mine()
        return ModeChange(result=ModeResult.CHANGED, before=OFF, after=self._mode)

    async def async_work_in(self, wanted: str) -> ModeChange:
        """Let the miner work in a mode, also if it was at rest."""
        options, capabilities = self._entry.options, self._coordinator.capabilities
        if (name := chosen_mode(wanted, options, capabilities)) is None:
            raise ModeUnsupportedError(
                translation_domain=DOMAIN,
                translation_key="mode_unsupported",
                translation_placeholders={
                    "miner": self._entry.title,
                    "mode": wanted,
                    "modes": ", ".join(modes_by_power(options, capabilities)) or "–",
                },
            )
        if starting := self._coordinator.powered_off:
            await self._async_switch(SERVICE_TURN_ON)
            before: str | None = OFF
        elif (before := await self._async_present()) == name:
            return _unchanged(name)
        await self._async_insist(name, starting=starting)
        return ModeChange(result=ModeResult.CHANGED, before=before, after=name)

    async def _async_insist(self, name: str, *, starting: bool) -> None:
        """Set the mode, again and again while there is hope that it is taken."""
        retries = self._retries
        while True:
            try:
                return await self._async_reach(name, anew=starting)
            except MinerCalibratingError:
                if not retries:
                    raise
            except MinerConnectionError as err:
                if not starting:
                    raise
                if not retries:
                    raise HomeAssistantError(
                        translation_domain=DOMAIN,
                        translation_key="still_starting",
                        translation_placeholders={"miner": self._entry.title},
                    ) from err
            retries -= 1
            await sleep(RETRY_SECONDS)
            self._wish.check()

    async def _async_reach(self, name: str, *, anew: bool) -> None:
        """Set the mode and let the miner work.

        A miner that only a restart brings back to work takes the mode before that, for
        it is away afterwards.
        """
        # After a reload the coordinator may know nothing of the miner yet.
        if anew or not self._coordinator.answered:
            await self._async_ask()
        at_rest = self._coordinator.data.mining is False
        capabilities = self._coordinator.capabilities
        if at_rest and capabilities.pause:
            await self._async_mine()
        if self._mode != name:
            modes = work_modes(self._entry.options, capabilities)
            await self._async_command(
                lambda client: (
                    client.set_work_mode(modes[name])
                    if name in modes
                    else client.set_named_mode(name)
                )
            )
        if at_rest and capabilities.shutdown:
            await self._async_mine()

    async def _async_command(self, command: Command) -> None:
        """Carry out a command."""
        with self._wish.telling():
            await self._coordinator.async_command(command)

    async def _async_mine(self) -> None:
        """Let a miner work that was told not to."""
        await self._async_command(lambda client: client.set_mining(enabled=True))

    async def _async_ask(self) -> None:
        """Ask the miner for its state."""
        await self._async_command(lambda client: client.fetch())

    async def _async_present(self) -> str | None:
        """Return the mode that the miner is in, after asking one that was away."""
        coordinator = self._coordinator
        if not (coordinator.answered and coordinator.last_update_success):
            await self._async_ask()
        return self._present

    @property
    def _mode(self) -> str | None:
        """Return the mode that the miner is set to, also while it is at rest."""
        coordinator = self._coordinator
        if not coordinator.answered:
            return None
        return shown_mode(
            self._entry.options, coordinator.capabilities, coordinator.data
        )

    @property
    def _present(self) -> str | None:
        """Return the mode that the miner is in, as far as it is known."""
        coordinator = self._coordinator
        if coordinator.powered_off:
            return OFF
        if coordinator.answered and coordinator.data.mining is False:
            return OFF
        return self._mode

    @property
    def _rests_by_itself(self) -> bool:
        """Return whether the miner can be told to rest."""
        capabilities = self._coordinator.capabilities
        return capabilities.pause or capabilities.shutdown

    async def _async_switch(self, service: str) -> None:
        """Switch the power of the miner, where a switch for it is linked."""
        if (switch := self._entry.options.get(CONF_POWER_SWITCH)) is None:
            raise ModeUnsupportedError(
                translation_domain=DOMAIN,
                translation_key="no_way_to_rest",
                translation_placeholders={"miner": self._entry.title},
            )
        state = self._hass.states.get(switch)
        if state is None or state.state == STATE_UNAVAILABLE:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="power_switch_unavailable",
                translation_placeholders={
                    "miner": self._entry.title,
                    "switch": switch,
                },
            )
        with self._wish.telling():
            await self._hass.services.async_call(
                split_entity_id(switch)[0],
                service,
                {ATTR_ENTITY_ID: switch},
                blocking=True,
                context=self._context,
            )


def _unchanged(mode: str | None) -> ModeChange:
    """Return that a miner was in a state already."""
    return ModeChange(result=ModeResult.UNCHANGED, before=mode, after=mode)
