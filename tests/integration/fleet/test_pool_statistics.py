"""Tests for what pools tell of their users' miners, with simulated services."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.sources.pool_statistics import PoolService
from simulator.pool_statistics import (
    Account,
    PoolStatisticsFault,
    PoolStatisticsServer,
    PoolWorker,
    WorkerState,
)

from .arrangement import (
    StartPool,
    add_fleet,
    entity_id_of,
    pass_time,
    pool,
    pool_id,
    reload,
    state_of,
)

SECRET = "bc1qcanarysecret"
KEYS = ("pool_hashrate", "pool_workers", "pool_best_difficulty", "pool_balance")

ACCOUNT = Account(
    workers=[
        PoolWorker(name="bench", hashrate=1.5e12),
        PoolWorker(name="attic", hashrate=0.5e12),
        PoolWorker(name="shed", hashrate=0, state=WorkerState.OFF),
    ],
    best_difficulty=123456789,
    balance="0.00012345",
)


def watched(
    service: PoolStatisticsServer, kind: str, name: str = "Gold", **other: Any
) -> ConfigSubentryData:
    """Return a pool whose service tells more. It is not asked for its health."""
    statistics = {"service": kind, "secret": SECRET, "url": service.url}
    return pool(name, statistics=statistics, probe_unused=False, **other)


def shown(
    hass: HomeAssistant, fleet: MockConfigEntry, name: str = "Gold"
) -> dict[str, str]:
    """Return the values of the sensors that a pool has of them."""
    registry, owner = er.async_get(hass), pool_id(fleet, name)
    return {
        key: state_of(hass, "sensor", owner, key).state
        for key in KEYS
        if registry.async_get_entity_id("sensor", DOMAIN, f"{owner}_{key}")
    }


async def test_services(
    hass: HomeAssistant, service: PoolStatisticsServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Each service fills the sensors that it has something for."""
    service.accounts[SECRET] = service.tokens[SECRET] = ACCOUNT
    pools = [watched(service, kind, kind) for kind in PoolService]
    fleet = await add_fleet(hass, *pools, pool("Plain", probe_unused=False))
    assert len(service.requests) == 3
    for kind in ("public_pool", "ckpool"):
        values = shown(hass, fleet, kind)
        assert values.keys() == {*KEYS[:3]}
        assert float(values["pool_hashrate"]) == pytest.approx(2, rel=0.01)
        assert values["pool_workers"] == "2"
        best = float(values["pool_best_difficulty"])
        assert best == pytest.approx(123456789, rel=0.001)
    values = shown(hass, fleet, "braiins")
    assert values.keys() == {*KEYS} - {"pool_best_difficulty"}
    assert float(values["pool_hashrate"]) == 2
    assert (values["pool_workers"], float(values["pool_balance"])) == ("2", 0.00012345)
    assert shown(hass, fleet, "Plain") == {}


async def test_requests_are_rare(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    service: PoolStatisticsServer,
    start_pool: StartPool,
) -> None:
    """A service is asked once in five minutes, whoever wants to know."""
    assert await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    service.accounts[SECRET] = ACCOUNT
    fleet = await add_fleet(hass, watched(service, "ckpool"))
    values = shown(hass, fleet)
    for wait in (0, 150, 149):
        await pass_time(hass, freezer, wait)
        await update(hass, fleet)
        await reload(hass, fleet)
        assert shown(hass, fleet) == values
        assert len(service.requests) == 1
    await pass_time(hass, freezer, 63)
    assert len(service.requests) == 2


async def update(hass: HomeAssistant, fleet: MockConfigEntry) -> None:
    """Ask for an update of what a service tells."""
    entity_id = entity_id_of(hass, "sensor", pool_id(fleet, "Gold"), "pool_hashrate")
    await hass.services.async_call(
        HOMEASSISTANT_DOMAIN,
        SERVICE_UPDATE_ENTITY,
        {ATTR_ENTITY_ID: entity_id},
        blocking=True,
    )


async def test_failure(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    service: PoolStatisticsServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was told before is not shown on, and the service is left alone."""
    assert await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    service.accounts[SECRET] = ACCOUNT
    fleet = await add_fleet(hass, watched(service, "ckpool"))
    values = shown(hass, fleet)
    unavailable = dict.fromkeys(values, STATE_UNAVAILABLE)
    service.fault = PoolStatisticsFault.SERVER_ERROR
    await pass_time(hass, freezer, 362)
    asked = 2
    # A moment before and long enough after the time that it is left alone for.
    for wait in (300, 600, 1200, 1200):
        assert shown(hass, fleet) == unavailable
        await update(hass, fleet)
        assert shown(hass, fleet) == unavailable
        await pass_time(hass, freezer, wait - 1)
        assert (len(service.requests), shown(hass, fleet)) == (asked, unavailable)
        asked += 1
        await pass_time(hass, freezer, 63)
        assert (len(service.requests), shown(hass, fleet)) == (asked, unavailable)
    # It fails once, not again and again.
    assert caplog.text.count("Error fetching Gold data") == 1
    # Nobody knows better after a restart.
    await reload(hass, fleet)
    assert shown(hass, fleet) == dict.fromkeys(values, STATE_UNKNOWN)
    service.fault = None
    await pass_time(hass, freezer, 362)
    assert shown(hass, fleet) == values


async def test_busy_service(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, service: PoolStatisticsServer
) -> None:
    """It is left alone for as long as it wants."""
    service.fault, service.retry_after = PoolStatisticsFault.RATE_LIMITED, 900
    fleet = await add_fleet(hass, watched(service, "ckpool"))
    await pass_time(hass, freezer, 899)
    assert len(service.requests) == 1
    service.fault, service.accounts[SECRET] = None, ACCOUNT
    await pass_time(hass, freezer, 63)
    assert len(service.requests) == 2
    assert float(shown(hass, fleet)["pool_workers"]) == 2


async def test_wrong_token(
    hass: HomeAssistant, service: PoolStatisticsServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said which pool wants another one."""
    fleet = await add_fleet(hass, watched(service, "braiins"))
    assert set(shown(hass, fleet).values()) == {STATE_UNAVAILABLE}
    assert "Gold does not accept the token" in caplog.text
