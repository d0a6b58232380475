"""The action that tells the plans of miners."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio

from ..const import DOMAIN
from ..miner.entries import async_device_id
from ..miner.tell_each import async_tell_each
from .options import PlanOptions
from .runtime import async_plan
from .shown import shown_slot

SERVICE_GET_PLAN: Final = "get_plan"

GET_PLAN_SCHEMA = probatio.Schema({**cv.TARGET_SERVICE_FIELDS})


@callback
def async_setup_plan_actions(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_PLAN,
        _async_get_plan,
        schema=GET_PLAN_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_get_plan(call: ServiceCall) -> ServiceResponse:
    """Return the plans of the miners that are targeted."""

    async def tell(entry: ConfigEntry) -> JsonObjectType:
        return _async_plan_of(call.hass, entry)

    results = await async_tell_each(call, tell)
    return {"miners": [_row(call.hass, entry, result) for entry, result in results]}


@callback
def _async_plan_of(hass: HomeAssistant, entry: ConfigEntry) -> JsonObjectType:
    """Return the plan of a miner. Raises ServiceValidationError where there is none."""
    plan = async_plan(hass, entry.entry_id)
    if plan is None:
        has_goal = PlanOptions.of(entry).goal is not None
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="miner_not_loaded" if has_goal else "no_plan_wanted",
            translation_placeholders={"miner": entry.title},
        )
    if plan.data is None or plan.running is None:
        key = "plan_not_ready" if plan.missing is None else f"plan_{plan.missing.value}"
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"miner": entry.title},
        )
    currency, goal = plan.currency, plan.options.goal
    heat_value = plan.economics.terms.heat_value
    return {
        "goal": goal and goal.value,
        "currency": currency,
        "exact": plan.data.exact,
        "slots": [shown_slot(slot, currency, heat_value) for slot in plan.data.slots],
    }


def _row(
    hass: HomeAssistant, entry: ConfigEntry, result: JsonObjectType | HomeAssistantError
) -> JsonObjectType:
    """Return the plan of a miner, or why there is none."""
    row: JsonObjectType = {
        "device_id": async_device_id(hass, entry),
        "name": entry.title,
        "goal": None,
        "currency": None,
        "exact": None,
        "slots": [],
        "error": None,
    }
    if isinstance(result, HomeAssistantError):
        return {**row, "error": str(result)}
    return {**row, **result}
