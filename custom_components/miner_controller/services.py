"""Actions of the Miner Controller integration."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
import probatio

from .const import CONF_CODE, DOMAIN
from .miner.coordinator import MinerCoordinator
from .miner.errors import translated
from .protocols.errors import MinerError
from .protocols.otp import is_code

SERVICE_UNLOCK = "unlock"


def one_time_password(value: object) -> str:
    """Return the six digits of a code.

    YAML reads a bare code as a number, and one that starts with zero as another
    number: a guess at what it was would count as a failure with the miner.
    """
    code = "" if isinstance(value, bool) else str(value).strip()
    if not is_code(code):
        raise probatio.Invalid("A code has six digits; put it in quotes")
    return code


UNLOCK_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): cv.string,
        probatio.Required(probatio.Secret(CONF_CODE)): one_time_password,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN, SERVICE_UNLOCK, _async_unlock, schema=UNLOCK_SCHEMA
    )


async def _async_unlock(call: ServiceCall) -> None:
    """Open a miner for changes with a one-time password."""
    coordinator = _get_coordinator(call.hass, call.data[ATTR_DEVICE_ID])
    try:
        await coordinator.async_unlock(call.data[CONF_CODE])
    except MinerError as err:
        raise translated(
            err, coordinator.config_entry.title, HomeAssistantError
        ) from err


def _get_coordinator(hass: HomeAssistant, device_id: str) -> MinerCoordinator:
    """Return the coordinator of the miner that a device is."""
    device = dr.async_get(hass).async_get(device_id)
    entry = hass.config_entries.async_get_entry(
        (device and device.config_entry_id) or ""
    )
    if (
        entry is None
        or entry.domain != DOMAIN
        or entry.state is not ConfigEntryState.LOADED
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_miner",
            translation_placeholders={"device": device_id},
        )
    coordinator: MinerCoordinator = entry.runtime_data
    return coordinator
