"""The action that gives many miners a mode at once."""

from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_MODE
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio

from ..const import DOMAIN
from .entries import async_device_id
from .mode_setting import (
    RETRY_SECONDS,
    ModeChange,
    ModeResult,
    ModeUnsupportedError,
    async_set_mode,
)
from .tell_each import async_tell_each

SERVICE_SET_MODE: Final = "set_mode"

EVENT_MODE_SET: Final = f"{DOMAIN}_mode_set"
"""Fired for each miner that the action changed, with what the response has of it."""

ATTR_REASON: Final = "reason"
ATTR_RETRY_MINUTES: Final = "retry_minutes"

# A calibration takes some minutes, and a miner with its power back one or two.
_LONGEST_RETRY: Final = 120
_LONGEST_REASON: Final = 255

SET_MODE_SCHEMA = probatio.Schema(
    {
        **cv.TARGET_SERVICE_FIELDS,
        probatio.Required(ATTR_MODE): probatio.All(
            cv.string, str.strip, probatio.Length(min=1, max=100)
        ),
        probatio.Optional(ATTR_RETRY_MINUTES, default=0): probatio.All(
            probatio.Coerce(int), probatio.Range(min=0, max=_LONGEST_RETRY)
        ),
        probatio.Optional(ATTR_REASON, default=""): probatio.All(
            cv.string, probatio.Length(max=_LONGEST_REASON)
        ),
    }
)


@callback
def async_setup_mode_action(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_MODE,
        _async_set_modes,
        schema=SET_MODE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_set_modes(call: ServiceCall) -> ServiceResponse:
    """Give each of the miners that are targeted the mode. None waits for another."""
    results = await async_tell_each(call, partial(_async_tell, call))
    return {"miners": [_row(call.hass, entry, result) for entry, result in results]}


async def _async_tell(call: ServiceCall, entry: ConfigEntry) -> ModeChange:
    """Give a miner the mode, and write a change to the logbook."""
    retries = round(call.data[ATTR_RETRY_MINUTES] * 60 / RETRY_SECONDS)
    change = await async_set_mode(
        call.hass,
        entry,
        call.data[ATTR_MODE],
        retries=retries,
        context=call.context,
    )
    if change.result is not ModeResult.UNCHANGED:
        call.hass.bus.async_fire(
            EVENT_MODE_SET,
            {**_row(call.hass, entry, change), ATTR_REASON: call.data[ATTR_REASON]},
            context=call.context,
        )
    return change


@callback
def _row(
    hass: HomeAssistant, entry: ConfigEntry, result: ModeChange | HomeAssistantError
) -> JsonObjectType:
    """Return what became of a miner."""
    row: JsonObjectType = {
        ATTR_DEVICE_ID: async_device_id(hass, entry),
        "name": entry.title,
    }
    if isinstance(result, ModeChange):
        return {
            **row,
            "result": result.result.value,
            "from": result.before,
            "to": result.after,
            "error": None,
        }
    unsupported = isinstance(result, ModeUnsupportedError)
    kind = ModeResult.UNSUPPORTED if unsupported else ModeResult.ERROR
    return {
        **row,
        "result": kind.value,
        "from": None,
        "to": None,
        "error": str(result),
    }
