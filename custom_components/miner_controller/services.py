"""Actions of the Miner Controller integration."""

from collections.abc import Awaitable, Callable

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, CONF_PASSWORD, CONF_URL
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
import probatio

from .const import CONF_CODE, DOMAIN
from .fleet.actions import ATTR_FORCE, async_setup_fleet_actions
from .fleet.entries import is_fleet_entry
from .fleet.pool_writing import async_write_pool
from .install_blueprints import async_setup_install_blueprints
from .miner.broadcast_pool import async_broadcast_pool
from .miner.coordinator import MinerCoordinator
from .miner.errors import translated
from .miner.mode_action import async_setup_mode_action
from .miner.own_networks import async_own_networks
from .miner.scan import SCAN_ERRORS, async_scan
from .plan.actions import async_setup_plan_actions
from .plan.simulate_action import async_setup_simulate_action
from .prices.actions import async_setup_price_actions
from .prices.entries import is_tariff_entry
from .protocols.errors import MinerError
from .protocols.otp import is_code
from .protocols.pool_settings import PoolSettings
from .protocols.private_network import NetworkError, parse_network

SERVICE_BROADCAST_POOL = "broadcast_pool"
SERVICE_DISABLE_POOL = "disable_pool"
SERVICE_ENABLE_POOL = "enable_pool"
SERVICE_SCAN_NETWORK = "scan_network"
SERVICE_SET_POOL = "set_pool"
SERVICE_SET_POOL_PRIORITY = "set_pool_priority"
SERVICE_UNLOCK = "unlock"

ATTR_NETWORK = "network"
ATTR_SLOT = "slot"
ATTR_SLOTS = "slots"
ATTR_WHOLE_CONFIGURATION = "whole_configuration"
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
POOL_FIELDS = {
    probatio.Required(CONF_URL): cv.string,
    probatio.Required(ATTR_WORKER): cv.string,
    probatio.Optional(probatio.Secret(CONF_PASSWORD), default="x"): cv.string,
}
BROADCAST_POOL_SCHEMA = probatio.Schema(POOL_FIELDS)
SCAN_NETWORK_SCHEMA = probatio.Schema({probatio.Optional(ATTR_NETWORK): cv.string})
SET_POOL_SCHEMA = SLOT_SCHEMA.extend(
    {
        **POOL_FIELDS,
        probatio.Optional(ATTR_WHOLE_CONFIGURATION, default=False): cv.boolean,
        probatio.Optional(ATTR_FORCE, default=False): cv.boolean,
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
    async_setup_fleet_actions(hass)
    async_setup_install_blueprints(hass)
    async_setup_mode_action(hass)
    async_setup_plan_actions(hass)
    async_setup_price_actions(hass)
    async_setup_simulate_action(hass)
    hass.services.async_register(
        DOMAIN,
        SERVICE_BROADCAST_POOL,
        _async_broadcast_pool,
        schema=BROADCAST_POOL_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN, SERVICE_DISABLE_POOL, _async_disable_pool, schema=SLOT_SCHEMA
    )
    hass.services.async_register(
        DOMAIN, SERVICE_ENABLE_POOL, _async_enable_pool, schema=SLOT_SCHEMA
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SCAN_NETWORK,
        _async_scan_network,
        schema=SCAN_NETWORK_SCHEMA,
        supports_response=SupportsResponse.ONLY,
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


async def _async_scan_network(call: ServiceCall) -> ServiceResponse:
    """Return the miners in a network, or in Home Assistant's own ones."""
    try:
        networks = (
            [parse_network(call.data[ATTR_NETWORK])]
            if ATTR_NETWORK in call.data
            else await async_own_networks(call.hass)
        )
    except NetworkError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key=SCAN_ERRORS[type(err)]
        ) from err
    if not networks:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_private_network"
        )
    miners = await async_scan(call.hass, networks)
    return {
        "networks": [str(network) for network in networks],
        "miners": [miner.as_dict() for miner in miners],
    }


async def _async_broadcast_pool(call: ServiceCall) -> ServiceResponse:
    """Tell all NMMiners which pool to use."""
    return await async_broadcast_pool(call.hass, _pool(call))


def _pool(call: ServiceCall) -> PoolSettings:
    """Return the pool of a call, if a miner can take it."""
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
    return pool


async def _async_set_pool(call: ServiceCall) -> None:
    """Fill a slot of a miner with another pool."""
    pool = _pool(call)

    async def set_pool(coordinator: MinerCoordinator) -> None:
        slot = _slot(call, coordinator)
        await async_write_pool(
            coordinator,
            lambda client: client.set_pool(
                slot,
                pool,
                whole_configuration=call.data[ATTR_WHOLE_CONFIGURATION],
            ),
            forced=call.data[ATTR_FORCE],
        )

    await _async_call(call, set_pool)


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
    capabilities = coordinator.capabilities
    if (capabilities.switch_pool or capabilities.set_pool) and slot > count:
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
        or is_fleet_entry(entry)
        or is_tariff_entry(entry)
        or entry.state is not ConfigEntryState.LOADED
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_miner",
            translation_placeholders={"device": device_id},
        )
    coordinator: MinerCoordinator = entry.runtime_data
    return coordinator
