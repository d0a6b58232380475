"""The trigger for a miner that is slower than it should be."""

from datetime import timedelta
from typing import Any, ClassVar, Final, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    CONF_FOR,
    CONF_OPTIONS,
    STATE_OFF,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA_WITH_BEHAVIOR,
    NotTriggeredReasonReporter,
    TriggerConfig,
)
import probatio

from ..own_entities import EntityKind, async_sibling_state
from ..own_triggers import OwnEntityTrigger
from .binary_sensor import HASHING

CONF_PERCENTAGE: Final = "percentage"

_EXPECTED: Final = "expected_hashrate"


class HashrateFellTrigger(OwnEntityTrigger):
    """Fires when a miner's hashrate fell below a part of what is expected of it.

    What is expected is told by the firmware, from the frequency as set. A miner that
    is paused or does no work at all is not slow: it stopped hashing, which is another
    trigger. One that is slow from the moment it is seen again counts, unlike with
    other triggers: it may have lost a chip when it lost its power. As every miner is
    slow for some minutes when it starts, the trigger waits for ten unless told other.
    """

    _excluded_from_states: ClassVar[frozenset[str]] = frozenset()
    _kind = EntityKind(platform=SENSOR_DOMAIN, keys=frozenset({"hashrate"}))
    _domain_specs = _kind.domain_specs
    _schema = ENTITY_STATE_TRIGGER_SCHEMA_WITH_BEHAVIOR.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Required(CONF_PERCENTAGE, default=80): probatio.All(
                    probatio.Coerce(float), probatio.Range(min=1, max=100)
                ),
                probatio.Optional(
                    CONF_FOR, default=timedelta(minutes=10)
                ): cv.positive_time_period,
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Initialize the trigger."""
        super().__init__(hass, config)
        self._percentage: float = self._options[CONF_PERCENTAGE]
        # Whether each miner was slow at its last reading. Judging the reading before
        # once more would not tell: what is expected may be another by now.
        self._slow: dict[str, bool] = {}

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Return whether a miner that is slow was not before, or was away."""
        entity_id = to_state.entity_id
        if from_state.state in self._excluded_states:
            was_slow = False
        elif entity_id in self._slow:
            was_slow = self._slow[entity_id]
        else:
            was_slow = self._is_slow(from_state, _report_nothing)
        self._slow[entity_id] = True
        return not was_slow

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether a miner is slow."""
        if self._is_slow(state, report_not_triggered):
            return True
        self._slow[state.entity_id] = False
        return False

    def _is_slow(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether a miner that works does so too slowly."""
        hashing = async_sibling_state(
            self._hass, state.entity_id, BINARY_SENSOR_DOMAIN, HASHING.key
        )
        if hashing is not None and hashing.state == STATE_OFF:
            return False
        expected = async_sibling_state(
            self._hass, state.entity_id, SENSOR_DOMAIN, _EXPECTED
        )
        if expected is None:
            report_not_triggered("expected_hashrate_not_found")
            return False
        units = {
            one.attributes.get(ATTR_UNIT_OF_MEASUREMENT) for one in (state, expected)
        }
        if len(units) > 1:
            report_not_triggered("units_differ", entity_id=expected.entity_id)
            return False
        try:
            limit = float(expected.state) * self._percentage / 100
            return 0 < float(state.state) < limit
        except ValueError:
            report_not_triggered(
                "value_not_numeric", hashrate=state.state, expected=expected.state
            )
            return False


def _report_nothing(reason: str, /, **data: Any) -> None:
    """Take a reason that nobody asked for."""
