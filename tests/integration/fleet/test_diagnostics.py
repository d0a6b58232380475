"""Tests for the diagnostics of the fleet: what helps, and nothing about its owner."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.pool_statistics import PoolStatisticsFault, PoolStatisticsServer
from simulator.stratum import Manners
from tests.devices import StartDevice
from tests.integration.conftest import AddMiner

from .arrangement import AWAY, StartPool, add_fleet, pool, url_of, work_for


async def diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of the fleet as a user downloads them."""
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


async def test_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    start_device: StartDevice,
    start_pool: StartPool,
    add: AddMiner,
    service: PoolStatisticsServer,
) -> None:
    """The state of each pool is told, and neither names nor addresses."""
    device, stratum = await start_device("axeos-2.14"), await start_pool()
    work_for(device, stratum)
    await add(device)
    refusing = await start_pool(Manners.REFUSES)
    service.fault = PoolStatisticsFault.FORBIDDEN
    statistics = {"service": "braiins", "secret": "canary", "url": service.url}
    fleet = await add_fleet(
        hass,
        pool("Gold", url_of(stratum), priority=1),
        pool("Tin", url_of(refusing), priority=2, statistics=statistics, weight=7),
        pool("Lead", AWAY, priority=3, probe_unused=False),
    )
    found = await diagnostics(hass, hass_client, fleet)
    assert found["publishes"] is False
    assert found["totals"]["online"] == found["totals"]["total"] == 1
    assert found["totals"]["pool_miners"] == [1, 0, 0]
    assert found["totals"]["hottest_chip"].keys() == {"value"}
    assert found["totals"]["best_difficulty"].keys() == {"value"}
    assert found["totals"]["concerns"] == []
    gold, tin, lead = found["pools"]
    assert gold["health"]["problem"] is None
    assert gold["health"]["answered"] is not None
    assert gold["shares"] == {"accepted": 0, "rejected": 0}
    assert gold["statistics"] == {"service": None, "told": False, "last_error": None}
    assert (tin["health"]["problem"], tin["weight"]) == ("refused", 7)
    assert tin["statistics"] == {
        "service": "braiins",
        "told": False,
        "last_error": "PoolAccessDeniedError",
    }
    assert (lead["health"], lead["probe_unused"]) == (None, False)
    text = json.dumps(found)
    for private in ("Bench", "Gold", "127.0.0.1", "canary", str(stratum.port)):
        assert private not in text


async def test_nothing_is_known(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, start_device: StartDevice
) -> None:
    """A fleet without anything has diagnostics too."""
    fleet = await add_fleet(hass)
    totals = (await diagnostics(hass, hass_client, fleet))["totals"]
    assert totals["hottest_chip"] is totals["best_difficulty"] is None
