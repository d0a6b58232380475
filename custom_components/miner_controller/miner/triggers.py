"""Triggers for miners."""

from typing import Final, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import PERCENTAGE, STATE_OFF, STATE_ON
from homeassistant.core import State
from homeassistant.helpers.trigger import NotTriggeredReasonReporter, Trigger

from ..own_entities import EntityKind
from ..own_triggers import (
    ActivityTrigger,
    activity_trigger,
    state_trigger,
    threshold_trigger,
)
from .activity import ActivityType
from .binary_sensor import HASHING as _HASHING, REACHABLE as _REACHABLE
from .event import ACTIVITY
from .hashrate_trigger import HashrateFellTrigger


def _kind(platform: str, key: str) -> EntityKind:
    """Return a kind of entities of a miner."""
    return EntityKind(platform=platform, keys=frozenset({key}))


HASHING: Final = _kind(BINARY_SENSOR_DOMAIN, _HASHING.key)
REACHABLE: Final = _kind(BINARY_SENSOR_DOMAIN, _REACHABLE.key)
_ACTIVITY: Final = _kind(EVENT_DOMAIN, ACTIVITY.key)
_FALLBACK_POOL: Final = _kind(BINARY_SENSOR_DOMAIN, "fallback_pool")
_OVERHEATED: Final = _kind(BINARY_SENSOR_DOMAIN, "overheated")
_POOL_SLOTS: Final = _kind(SENSOR_DOMAIN, "pool_slots")
_REJECT_RATE: Final = _kind(SENSOR_DOMAIN, "reject_rate")


class RestartedByItselfTrigger(ActivityTrigger):
    """Fires when a miner restarted that nobody told to, as far as is known here."""

    _domain_specs = _ACTIVITY.domain_specs
    _event_type = ActivityType.RESTARTED
    _kind = _ACTIVITY

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the event is a restart that was not expected."""
        if not super().is_valid_state(state, report_not_triggered):
            return False
        if state.attributes.get("expected"):
            report_not_triggered("restart_was_expected", entity_id=state.entity_id)
            return False
        return True


MINER_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "came_online": state_trigger(REACHABLE, STATE_ON),
    "cooled_down": state_trigger(_OVERHEATED, STATE_OFF),
    "firmware_changed": activity_trigger(_ACTIVITY, ActivityType.FIRMWARE_CHANGED),
    "found_best_share": activity_trigger(_ACTIVITY, ActivityType.NEW_BEST_DIFFICULTY),
    "found_block": activity_trigger(_ACTIVITY, ActivityType.BLOCK_FOUND),
    "hashrate_fell": HashrateFellTrigger,
    "lost_pools": state_trigger(_POOL_SLOTS, "0", diagnostic=True),
    "overheated": state_trigger(_OVERHEATED, STATE_ON),
    "reject_rate_crossed_threshold": threshold_trigger(_REJECT_RATE, PERCENTAGE),
    "restarted_by_itself": RestartedByItselfTrigger,
    "started_hashing": state_trigger(HASHING, STATE_ON),
    "stopped_hashing": state_trigger(HASHING, STATE_OFF),
    "switched_to_fallback_pool": state_trigger(_FALLBACK_POOL, STATE_ON),
    "went_offline": state_trigger(REACHABLE, STATE_OFF),
}
