"""A fleet with pools and miners, as tests need it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntry
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.const import CONF_FLEET, DOMAIN
from custom_components.miner_controller.fleet.coordinator import UPDATE_INTERVAL
from custom_components.miner_controller.fleet.entries import SUBENTRY_POOL
from custom_components.miner_controller.fleet.library import pool_data
from simulator.axeos import AxeOSDevice
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.stratum import StratumPool
from tests.devices import Device
from tests.integration import overridden

type StartPool = Callable[..., Awaitable[StratumPool]]

# Nothing listens at the port that is meant for nothing ("discard").
AWAY = "stratum+tcp://127.0.0.1:9"

WORKER = "bc1qcanaryaddress.{miner}"
PASSWORD = "canarypassword"


def pool(
    name: str, url: str = AWAY, *, worker: str = WORKER, **other: Any
) -> ConfigSubentryData:
    """Return the subentry of a pool."""
    return ConfigSubentryData(
        data=pool_data(url=url, worker=worker, **{"password": PASSWORD, **other}),
        subentry_type=SUBENTRY_POOL,
        title=name,
        unique_id=None,
    )


def fleet_entry(
    *pools: ConfigSubentryData, options: dict[str, Any] | None = None
) -> MockConfigEntry:
    """Return the entry of a fleet with pools."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Miner fleet",
        unique_id="fleet",
        data={CONF_FLEET: True},
        options=options or {},
        subentries_data=pools,
    )


async def add_fleet(
    hass: HomeAssistant,
    *pools: ConfigSubentryData,
    options: dict[str, Any] | None = None,
) -> MockConfigEntry:
    """Set up a fleet with pools, each of which is asked once."""
    entry = fleet_entry(*pools, options=options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def url_of(pool: StratumPool, scheme: str = "stratum+tcp") -> str:
    """Return the address of a pool that runs."""
    return f"{scheme}://{pool.host}:{pool.port}"


def work_for(device: Device, pool: StratumPool) -> dict[str, object]:
    """Let a device tell that it works for a pool, and whatever else is added."""
    told = overridden(device)
    told |= {"stratumURL": pool.host, "stratumPort": pool.port}
    return told


@contextmanager
def answering(device: Device, status: int) -> Iterator[None]:
    """Let a device take no change, and quote it if it refuses it."""

    async def answer(request: web.BaseRequest) -> web.Response:
        text = f"Wrong: {await request.text()}" if status != 200 else ""
        return web.Response(status=status, text=text)

    assert isinstance(device, AxeOSDevice | NerdQAxeDevice)
    key = ("PATCH", "/api/system")
    routes: dict[tuple[str, str], Any] = device._routes
    *since, _ = routes[key]
    with patch.dict(routes, {key: (*since, answer)}):
        yield


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload an entry and set it up again, as a change or a restart does."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and what is due happen."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def catch_up(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the totals take in what the miners told."""
    await pass_time(hass, freezer, UPDATE_INTERVAL + 1)


def pool_id(entry: MockConfigEntry, name: str) -> str:
    """Return the id of a pool."""
    return next(
        key for key, subentry in entry.subentries.items() if subentry.title == name
    )


def entity_id_of(hass: HomeAssistant, platform: str, owner: str, key: str) -> str:
    """Return the id of an entity by its unique id."""
    entity_id = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{owner}_{key}"
    )
    assert entity_id is not None, key
    return entity_id


def state_of(hass: HomeAssistant, platform: str, owner: str, key: str) -> State:
    """Return the state of an entity by its unique id."""
    entity_id = entity_id_of(hass, platform, owner, key)
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


def entity_ids(hass: HomeAssistant, owner: str) -> Iterable[str]:
    """Return the entities of an entry or of a subentry."""
    return sorted(
        each.entity_id
        for each in er.async_get(hass).entities.values()
        if each.unique_id.startswith(f"{owner}_")
    )


def find_device(
    hass: HomeAssistant, entry: MockConfigEntry, owner: str
) -> DeviceEntry | None:
    """Return the device of an entry or of a subentry."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return next((each for each in devices if (DOMAIN, owner) in each.identifiers), None)
