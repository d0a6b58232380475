"""The event of a miner: what happened on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.event import (
    EventEntity,
    EventEntityDescription,
    EventExtraStoredData,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.dt import utcnow

from ..const import DOMAIN
from ..protocols.model import MinerStatus
from .activity import Activity, Known, learned, what_happened
from .coordinator import MinerConfigEntry
from .entity import MinerEntity
from .work_mode import shown_mode

EVENT_ACTIVITY: Final = f"{DOMAIN}_activity"
"""Fired with `device_id`, `type` and `data` for all that happens on a miner."""

ATTR_DATA: Final = "data"
ATTR_TYPE: Final = "type"

ACTIVITY = EventEntityDescription(
    key="activity",
    translation_key="activity",
    event_types=[
        "block_found",
        "firmware_changed",
        "mode_changed",
        "new_best_difficulty",
        "overheated",
        "pool_changed",
        "restarted",
    ],
)


@dataclass
class ActivityStoredData(EventExtraStoredData):
    """What is kept of the event over a restart of Home Assistant.

    With what was known of the miner, what happened meanwhile is told once.
    """

    known: dict[str, Any] | None
    miner: str
    """Another miner may have got the same name since."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event of a miner."""
    async_add_entities([MinerActivityEvent(entry.runtime_data, ACTIVITY)])


class MinerActivityEvent(MinerEntity, EventEntity):
    """Tells what happened on a miner, once for each time that it did."""

    _known: Known | None = None
    _status: MinerStatus | None = None

    @property
    @override
    def available(self) -> bool:
        """Return that what happened last stays true."""
        return True

    @property
    @override
    def extra_restore_state_data(self) -> ActivityStoredData:
        """Return what the next run of Home Assistant goes on from."""
        return ActivityStoredData(
            **super().extra_restore_state_data.as_dict(),
            known=self._known.as_dict() if self._known is not None else None,
            miner=self.coordinator.unique_id,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Go on from where the last run ended."""
        await super().async_added_to_hass()
        if (stored := await self.async_get_last_extra_data()) is not None:
            data = stored.as_dict()
            if data.get("miner") == self.coordinator.unique_id:
                self._known = Known.from_dict(data.get("known"))
        # What is new comes after the state that was restored, which is written once
        # this is done: triggers look for a change.
        self.async_on_remove(self.hass.loop.call_soon(self._async_learn).cancel)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell what a new status shows. Without one there is nothing to tell."""
        self._async_learn()

    @callback
    def _async_learn(self) -> None:
        """Take in a status, unless it was taken in before."""
        coordinator = self.coordinator
        if not coordinator.answered or coordinator.data is self._status:
            return
        status = self._status = coordinator.data
        before = self._known
        self._known = learned(
            before,
            status,
            firmware=coordinator.identity.firmware,
            mode=shown_mode(
                coordinator.config_entry.options, coordinator.capabilities, status
            ),
            seen=utcnow().timestamp(),
        )
        if before is None:
            return
        for activity in what_happened(
            before,
            self._known,
            status,
            own_restart=coordinator.restart_was_wanted(status.uptime or 0.0),
            # A miner that overheated goes on slower by itself.
            own_mode=coordinator.was_told() or coordinator.overheat.overheated,
        ):
            self._async_tell(activity)

    @callback
    def _async_tell(self, activity: Activity) -> None:
        """Tell what happened, as a state and to whoever listens for the event."""
        self._trigger_event(activity.type.value, dict(activity.data))
        self.async_write_ha_state()
        if TYPE_CHECKING:
            assert self.device_entry is not None
        self.hass.bus.async_fire(
            EVENT_ACTIVITY,
            {
                ATTR_DEVICE_ID: self.device_entry.id,
                ATTR_TYPE: activity.type.value,
                ATTR_DATA: dict(activity.data),
            },
        )
