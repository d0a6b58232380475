"""Tests that nothing secret of a pool comes out anywhere."""

from collections.abc import Iterator
import json
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import DOMAIN
from simulator.axeos import AxeOSDevice
from simulator.pool_statistics import PoolStatisticsFault, PoolStatisticsServer
from simulator.stratum import Manners
from tests.devices import StartDevice
from tests.integration import call, full_state, poll
from tests.integration.conftest import AddMiner

from .arrangement import (
    PASSWORD,
    StartPool,
    add_fleet,
    answering,
    pass_time,
    pool,
    url_of,
)

CANARIES = ("canaryaddress", PASSWORD, "canarysecret")


def pools(*urls: str, service: PoolStatisticsServer) -> Iterator[Any]:
    """Return a pool at each address, all of them with all that is secret."""
    for number, (url, kind) in enumerate(
        zip(urls, ("ckpool", "braiins", "public_pool"), strict=True)
    ):
        yield pool(
            f"Pool {number}",
            url,
            wait_for_work=True,
            statistics={
                "service": kind,
                "secret": "bc1qcanarysecret",
                "url": service.url,
            },
        )


async def test_nothing_secret_comes_out(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
    start_device: StartDevice,
    start_pool: StartPool,
    add: AddMiner,
    service: PoolStatisticsServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A worker, a password and a token are in no log, state, event or diagnostics."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []

    def take(event: Event) -> None:
        told.append(f"{event.event_type} {event.data}")

    device = await start_device("axeos-2.15")
    assert isinstance(device, AxeOSDevice)
    entry = await add(device)
    stratums = [
        await start_pool(manners)
        for manners in (Manners.SERVES, Manners.REFUSES_WORKER, Manners.NOT_JSON)
    ]
    caplog.clear()
    for event_type in ("state_changed", "call_service", "entity_registry_updated"):
        hass.bus.async_listen(event_type, take)
    fleet = await add_fleet(hass, *pools(*map(url_of, stratums), service=service))
    assert stratums[0].authorized == [("bc1qcanaryaddress.probe", PASSWORD)]
    assert len(service.requests) == 3
    await call(hass, entry, "pool", "select.select_option", option="Pool 0")
    assert device.pool.password == PASSWORD
    assert full_state(hass, entry, "select", "pool").state == "Pool 0"
    # All that asks and all that writes fails from now on.
    for fault in (PoolStatisticsFault.FORBIDDEN, PoolStatisticsFault.GARBAGE):
        service.fault = fault
        await pass_time(hass, freezer, 662)
    with answering(device, 400), pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "pool", "select.select_option", option="Pool 1")
    assert caught.value.translation_key == "refused"
    told.append(f"{caught.value} {caught.value.translation_placeholders}")
    await poll(hass, freezer, device)
    for each in (fleet, entry):
        found = await get_diagnostics_for_config_entry(hass, hass_client, each)
        told.append(json.dumps(found))
        told.append(repr(each.runtime_data))
    told += [repr(fleet.runtime_data.totals.pools), repr(fleet.runtime_data.health)]
    told += [repr(state.as_dict()) for state in hass.states.async_all()]
    told += [repr(each) for each in er.async_get(hass).entities.values()]
    told += [repr(each) for each in dr.async_get(hass).devices]
    told += [
        f"{record.getMessage()} {record.exc_text or ''}"
        for record in caplog.records
        # The disk of a test, where Home Assistant keeps what it is to keep.
        if record.name != "pytest_homeassistant_custom_component.common"
    ]
    assert any(DOMAIN in text for text in told)
    for text in told:
        for canary in CANARIES:
            assert canary not in text, text
