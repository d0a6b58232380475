"""Actions of the Miner Controller integration."""

from collections.abc import Awaitable, Callable

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, CONF_PASSWORD, CONF_URL
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
import probatio

from .const import CONF_CODE, DOMAIN
from .miner.coordinator import MinerCoordinator
from .miner.errors import translated
from .protocols.errors import MinerError
from .protocols.otp import is_code
from .protocols.pool_settings import PoolSettings

SERVICE_DISABLE_POOL = "disable_pool"
SERVICE_ENABLE_POOL = "enable_pool"
SERVICE_SET_POOL = "set_pool"
SERVICE_SET_POOL_PRIORITY = "set_pool_priority"
SERVICE_UNLOCK = "unlock"

ATTR_SLOT = "slot"
ATTR_SLOTS = "slots"
ATTR_WORKER = "worker"

# People count the pools of a miner from one.
SLOT = probatio.All(probatio.Coerce(int), probatio.Range(min=1, max=16))


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
SLOT_SCHEMA = probatio.Schema(
    {probatio.Required(ATTR_DEVICE_ID): cv.string, probatio.Required(ATTR_SLOT): SLOT}
)
SET_POOL_SCHEMA = SLOT_SCHEMA.extend(
    {
        probatio.Required(CONF_URL): cv.string,
        probatio.Required(ATTR_WORKER): cv.string,
        probatio.Optional(probatio.Secret(CONF_PASSWORD), default="x"): cv.string,
    }
)
SET_POOL_PRIORITY_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): cv.string,
        probatio.Required(ATTR_SLOTS): probatio.All(
            cv.ensure_list, probatio.Length(min=1), probatio.Unique(), [SLOT]
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN, SERVICE_DISABLE_POOL, _async_disable_pool, schema=SLOT_SCHEMA
    )
    hass.services.async_register(
        DOMAIN, SERVICE_ENABLE_POOL, _async_enable_pool, schema=SLOT_SCHEMA
    )
    hass.services.async_register(
        DOMAIN, SERVICE_SET_POOL, _async_set_pool, schema=SET_POOL_SCHEMA
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_POOL_PRIORITY,
        _async_set_pool_priority,
        schema=SET_POOL_PRIORITY_SCHEMA,
    )
    hass.services.async_register(
        DOMAIN, SERVICE_UNLOCK, _async_unlock, schema=UNLOCK_SCHEMA
    )


async def _async_unlock(call: ServiceCall) -> None:
    """Open a miner for changes with a one-time password."""
    await _async_call(
        call, lambda coordinator: coordinator.async_unlock(call.data[CONF_CODE])
    )


async def _async_disable_pool(call: ServiceCall) -> None:
    """Keep a miner from using one of its pools."""
    await _async_set_pool_enabled(call, enabled=False)


async def _async_enable_pool(call: ServiceCall) -> None:
    """Let a miner use one of its pools again."""
    await _async_set_pool_enabled(call, enabled=True)


async def _async_set_pool_enabled(call: ServiceCall, *, enabled: bool) -> None:
    """Enable or disable one of the pools of a miner."""
    await _async_call(
        call,
        lambda coordinator: coordinator.async_command(
            lambda client: client.set_pool_enabled(
                _slot(call, coordinator), enabled=enabled
            )
        ),
    )


async def _async_set_pool_priority(call: ServiceCall) -> None:
    """Put the pools of a miner in another order."""
    await _async_call(
        call,
        lambda coordinator: coordinator.async_command(
            lambda client: client.set_pool_priorities(
                [_checked_slot(slot, coordinator) for slot in call.data[ATTR_SLOTS]]
            )
        ),
    )


async def _async_set_pool(call: ServiceCall) -> None:
    """Fill a slot of a miner with another pool."""
    pool = PoolSettings(
        url=call.data[CONF_URL],
        worker=call.data[ATTR_WORKER],
        password=call.data[CONF_PASSWORD],
    )
    if (field := pool.unusable) is not None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="pool_unusable",
            translation_placeholders={
                "field": field,
                "example": "stratum+tcp://pool.example:3333",
            },
        )
    await _async_call(
        call,
        lambda coordinator: coordinator.async_command(
            lambda client: client.set_pool(_slot(call, coordinator), pool),
            restarts=True,
        ),
    )


async def _async_call(
    call: ServiceCall, action: Callable[[MinerCoordinator], Awaitable[None]]
) -> None:
    """Do something with the miner of a call, and say what went wrong."""
    coordinator = _get_coordinator(call.hass, call.data[ATTR_DEVICE_ID])
    try:
        await action(coordinator)
    except MinerError as err:
        raise translated(
            err, coordinator.config_entry.title, HomeAssistantError
        ) from err


def _slot(call: ServiceCall, coordinator: MinerCoordinator) -> int:
    """Return the slot of a call as the miner counts it."""
    return _checked_slot(call.data[ATTR_SLOT], coordinator)


def _checked_slot(slot: int, coordinator: MinerCoordinator) -> int:
    """Return a slot as the miner counts it, if it has so many."""
    count = coordinator.capabilities.pool_slots
    if coordinator.capabilities.switch_pool and slot > count:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_slot",
            translation_placeholders={
                "miner": coordinator.config_entry.title,
                "slots": str(count),
            },
        )
    return slot - 1


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
