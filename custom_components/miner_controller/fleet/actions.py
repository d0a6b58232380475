"""The actions that are about all miners, and about the pools that the home knows."""

import asyncio
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_NAME, CONF_PASSWORD, CONF_URL
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
from ..protocols.stratum_address import parse_stratum_address
from .entries import SUBENTRY_POOL, async_fleet_entry
from .library import (
    CONF_NOTE,
    CONF_PRIORITY,
    CONF_WEIGHT,
    CONF_WORKER,
    DEFAULT_PASSWORD,
    DEFAULT_PRIORITY,
    DEFAULT_WEIGHT,
    LibraryPool,
    find_pool,
    pool_data,
    pools_of,
)
from .miner_table import async_fleet_table
from .pool_checks import pool_faults
from .pool_writing import async_fill_pools

SERVICE_ADD_POOL: Final = "add_pool"
SERVICE_GET_FLEET: Final = "get_fleet"
SERVICE_REMOVE_POOL: Final = "remove_pool"
SERVICE_SET_POOLS: Final = "set_pools"

ATTR_FORCE: Final = "force"
ATTR_POOLS: Final = "pools"

# So many miners are told their pools at the same time.
_AT_ONCE: Final = 10
# No miner has so many slots.
_MOST_POOLS: Final = 16

ADD_POOL_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_NAME): cv.string,
        probatio.Required(CONF_URL): cv.string,
        probatio.Required(CONF_WORKER): cv.string,
        probatio.Optional(
            probatio.Secret(CONF_PASSWORD), default=DEFAULT_PASSWORD
        ): cv.string,
        probatio.Optional(CONF_PRIORITY, default=DEFAULT_PRIORITY): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=1000)
        ),
        probatio.Optional(CONF_WEIGHT, default=DEFAULT_WEIGHT): probatio.All(
            probatio.Coerce(int), probatio.Range(min=0, max=1000)
        ),
        probatio.Optional(CONF_NOTE, default=""): cv.string,
    }
)
GET_FLEET_SCHEMA = probatio.Schema({})
REMOVE_POOL_SCHEMA = probatio.Schema({probatio.Required(CONF_NAME): cv.string})
SET_POOLS_SCHEMA = probatio.Schema(
    {
        **cv.TARGET_SERVICE_FIELDS,
        probatio.Required(ATTR_POOLS): probatio.All(
            cv.ensure_list, probatio.Length(min=1, max=_MOST_POOLS), [cv.string]
        ),
        probatio.Optional(ATTR_FORCE, default=False): cv.boolean,
    }
)


@callback
def async_setup_fleet_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_ADD_POOL,
        _async_add_pool,
        schema=ADD_POOL_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_FLEET,
        _async_get_fleet,
        schema=GET_FLEET_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN, SERVICE_REMOVE_POOL, _async_remove_pool, schema=REMOVE_POOL_SCHEMA
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_POOLS,
        _async_set_pools,
        schema=SET_POOLS_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


@callback
def _async_get_fleet(call: ServiceCall) -> ServiceResponse:
    """Return all miners."""
    return async_fleet_table(call.hass)


@callback
def _async_add_pool(call: ServiceCall) -> ServiceResponse:
    """Add a pool to those that the home knows."""
    fleet = _async_fleet(call.hass)
    name, url, worker = (
        call.data[key].strip() for key in (CONF_NAME, CONF_URL, CONF_WORKER)
    )
    faults = pool_faults(
        name,
        url,
        worker,
        call.data[CONF_PASSWORD],
        others=[pool.name for pool in pools_of(fleet)],
    )
    for field, fault in faults.items():
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=fault,
            translation_placeholders={
                "example": "stratum+tcp://pool.example:3333",
                "field": field,
                "placeholders": "{miner}, {mac}, {model}",
                "pool": name,
            },
        )
    subentry = ConfigSubentry(
        subentry_type=SUBENTRY_POOL,
        title=name,
        unique_id=None,
        data=MappingProxyType(
            pool_data(
                url=str(parse_stratum_address(url)),
                worker=worker,
                password=call.data[CONF_PASSWORD],
                priority=call.data[CONF_PRIORITY],
                weight=call.data[CONF_WEIGHT],
                note=call.data[CONF_NOTE],
            )
        ),
    )
    call.hass.config_entries.async_add_subentry(fleet, subentry)
    return {"pool_id": subentry.subentry_id}


@callback
def _async_remove_pool(call: ServiceCall) -> None:
    """Remove one of the pools that the home knows."""
    fleet = _async_fleet(call.hass)
    (pool,) = _known_pools(fleet, [call.data[CONF_NAME]])
    call.hass.config_entries.async_remove_subentry(fleet, pool.subentry_id)


async def _async_set_pools(call: ServiceCall) -> ServiceResponse:
    """Fill the slots of miners with pools that the home knows."""
    pools = _known_pools(_async_fleet(call.hass), call.data[ATTR_POOLS])
    limit = asyncio.Semaphore(_AT_ONCE)

    async def fill(entry: ConfigEntry) -> int:
        async with limit:
            return await _async_fill(call, entry, pools)

    results = await async_tell_each(call, fill)
    return {
        "miners": [
            _result(call.hass, entry, pools, result) for entry, result in results
        ]
    }


async def _async_fill(
    call: ServiceCall, entry: ConfigEntry, pools: Sequence[LibraryPool]
) -> int:
    """Fill the slots of a miner, and return how many of the pools it took."""
    if entry.state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="miner_not_loaded",
            translation_placeholders={"miner": entry.title},
        )
    return await async_fill_pools(
        entry.runtime_data, pools, forced=call.data[ATTR_FORCE]
    )


def _result(
    hass: HomeAssistant,
    entry: ConfigEntry,
    pools: Sequence[LibraryPool],
    result: int | HomeAssistantError,
) -> JsonObjectType:
    """Return what became of a miner."""
    written = 0 if isinstance(result, HomeAssistantError) else result
    left_out = [] if written == 0 else [pool.name for pool in pools[written:]]
    return {
        "device_id": async_device_id(hass, entry),
        "name": entry.title,
        "slots_written": written,
        "pools_left_out": [*left_out],
        "error": str(result) if isinstance(result, HomeAssistantError) else None,
    }


@callback
def _async_fleet(hass: HomeAssistant) -> ConfigEntry:
    """Return the fleet, which keeps the pools."""
    if (fleet := async_fleet_entry(hass)) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_fleet"
        )
    return fleet


def _known_pools(fleet: ConfigEntry, names: Sequence[str]) -> list[LibraryPool]:
    """Return the pools with these names, each once."""
    known = pools_of(fleet)
    found = {name: find_pool(known, name) for name in names}
    if unknown := [name for name, pool in found.items() if pool is None]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="pool_unknown",
            translation_placeholders={
                "unknown": ", ".join(unknown),
                "known": ", ".join(pool.name for pool in known) or "–",
            },
        )
    return list(dict.fromkeys(pool for pool in found.values() if pool is not None))
