"""Tests for the options about the Bitcoin network, and for tariffs in other money."""

from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet import network_options
from custom_components.miner_controller.fleet.network_options import NetworkOptions
from custom_components.miner_controller.sources.mempool import DEFAULT_URL
from simulator.mempool import MempoolFault, MempoolServer
from simulator.octopus import OctopusServer
from tests.integration.prices import tariff_entry

from .arrangement import add_fleet, entity_id_of

SENSOR = "sensor.btc"


@pytest.fixture
async def mempool(
    hass: HomeAssistant, socket_enabled: None
) -> AsyncIterator[MempoolServer]:
    """Run a mempool for a home with pounds."""
    await hass.config.async_update(currency="GBP")
    async with MempoolServer() as server:
        yield server


async def open_form(hass: HomeAssistant, fleet: MockConfigEntry) -> ConfigFlowResult:
    """Open the form."""
    menu = await hass.config_entries.options.async_init(fleet.entry_id)
    return await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "network"}
    )


async def submit(
    hass: HomeAssistant, form: ConfigFlowResult, **typed: Any
) -> ConfigFlowResult:
    """Send what was typed."""
    result = await hass.config_entries.options.async_configure(form["flow_id"], typed)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what is in a form before anybody types."""
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "network"
    assert form["data_schema"] is not None
    schema = form["data_schema"].schema
    return {str(key): get_schema_suggested_value(schema, key) for key in schema}


def test_default() -> None:
    """A fleet whose user said nothing asks the public service."""
    with patch.object(network_options, "ON_BY_DEFAULT", True):
        assert NetworkOptions.from_options({}) == NetworkOptions(url=DEFAULT_URL)
    assert "mempool" not in repr(NetworkOptions(url=DEFAULT_URL))


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ({}, {}),
        ({"network": True}, {}),
        ({"network": False}, {"network": {"enabled": False}}),
    ],
)
async def test_add(
    hass: HomeAssistant, typed: dict[str, bool], options: dict[str, Any]
) -> None:
    """Whoever adds the fleet can say that nobody outside is to be asked."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    form = await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": "fleet"}
    )
    assert form["description_placeholders"] == {"url": DEFAULT_URL}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].options == options


async def test_options(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """An address is tried once, and what it says is the first round."""
    fleet = await add_fleet(hass, options={"other": 1})
    form = await open_form(hass, fleet)
    assert suggested(form) == {
        "enabled": False,
        "url": DEFAULT_URL,
        "bitcoin_sensor": None,
    }
    result = await submit(hass, form, enabled=True, url=f" {mempool.url}/ ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    stored = {"enabled": True, "url": mempool.url}
    assert fleet.options == {"other": 1, "network": stored}
    assert len(mempool.requests) == 5
    price = hass.states.get(
        entity_id_of(hass, "sensor", fleet.entry_id, "bitcoin_price")
    )
    assert price is not None
    assert price.state == "80000"
    # What is in use is not asked again, also while it is away.
    mempool.fault = MempoolFault.SERVER_ERROR
    hass.states.async_set(SENSOR, "5", {"unit_of_measurement": "GBP"})
    form = await open_form(hass, fleet)
    assert suggested(form) == {**stored, "bitcoin_sensor": None}
    result = await submit(hass, form, **stored, bitcoin_sensor=SENSOR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert fleet.options["network"] == {**stored, "bitcoin_sensor": SENSOR}
    # Whoever switches it off keeps the rest for later.
    form = await open_form(hass, fleet)
    off = {"enabled": False, "url": mempool.url, "bitcoin_sensor": SENSOR}
    await submit(hass, form, **off)
    assert fleet.options["network"] == off
    assert fleet.runtime_data.network is None


@pytest.mark.parametrize(
    ("typed", "fault", "errors", "told"),
    [
        ({"url": "mempool"}, None, {"url": "network_url_unusable"}, ""),
        (
            {},
            MempoolFault.SERVER_ERROR,
            {"url": "network_failed"},
            "The service answered with status 500",
        ),
        (
            {},
            MempoolFault.RATE_LIMITED,
            {"url": "network_failed"},
            "The service was asked too often",
        ),
        (
            {"bitcoin_sensor": "sensor.dollars"},
            None,
            {"bitcoin_sensor": "bitcoin_sensor_currency"},
            "",
        ),
        (
            {"bitcoin_sensor": "sensor.weather"},
            None,
            {"bitcoin_sensor": "bitcoin_sensor_no_price"},
            "",
        ),
    ],
)
async def test_faults(
    hass: HomeAssistant,
    mempool: MempoolServer,
    typed: dict[str, Any],
    fault: MempoolFault | None,
    errors: dict[str, str],
    told: str,
) -> None:
    """What is wrong is told at its field, and what was typed is kept."""
    hass.states.async_set("sensor.dollars", "5", {"unit_of_measurement": "USD"})
    hass.states.async_set("sensor.weather", "sunny")
    hass.states.async_set("sensor.away", "unavailable", {"unit_of_measurement": "USD"})
    mempool.fault = fault
    fleet = await add_fleet(hass)
    form = await open_form(hass, fleet)
    typed = {"enabled": True, "url": mempool.url, **typed}
    form = await submit(hass, form, **typed)
    assert suggested(form) == {"bitcoin_sensor": None, **typed}
    assert form["errors"] == errors
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["error"] == told
    assert fleet.options == {}
    # Mended, it is taken, with a sensor that is away for the moment.
    mempool.fault = None
    right = {"enabled": True, "url": mempool.url, "bitcoin_sensor": "sensor.away"}
    result = await submit(hass, form, **right)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert fleet.options == {"network": right}


async def test_known_address(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """An address that answered a moment ago is believed."""
    fleet = await add_fleet(hass)
    stored = {"enabled": True, "url": mempool.url}
    for enabled in (True, False, True):
        form = await open_form(hass, fleet)
        await submit(hass, form, **{**stored, "enabled": enabled})
    assert fleet.options == {"network": stored}
    assert len(mempool.requests) == 5


async def test_own_price_is_no_source(
    hass: HomeAssistant, mempool: MempoolServer
) -> None:
    """Our price cannot come from our price."""
    fleet = await add_fleet(
        hass, options={"network": {"enabled": True, "url": mempool.url}}
    )
    own = entity_id_of(hass, "sensor", fleet.entry_id, "bitcoin_price")
    form = await open_form(hass, fleet)
    with pytest.raises(InvalidData):
        await submit(hass, form, enabled=True, url=mempool.url, bitcoin_sensor=own)


def shown_issues(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    """Return the repairs about currencies."""
    return {
        issue_id: issue.translation_placeholders
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.translation_key == "currency_differs"
    }


async def test_other_currency(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """A tariff in another currency is told of for as long as it is in one."""
    await hass.config.async_update(currency="EUR")
    fleet = await add_fleet(
        hass, options={"network": {"enabled": True, "url": mempool.url}}
    )
    assert shown_issues(hass) == {}
    async with OctopusServer() as server:
        tariff = tariff_entry(server)
        tariff.add_to_hass(hass)
        assert await hass.config_entries.async_setup(tariff.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        issue = {
            f"currency_differs_{tariff.entry_id}": {
                "tariff": "Agile",
                "currency": "GBP",
                "home_currency": "EUR",
            }
        }
        assert shown_issues(hass) == issue
        for currency, shown in (("GBP", {}), ("EUR", issue)):
            await hass.config.async_update(currency=currency)
            await hass.async_block_till_done(wait_background_tasks=True)
            assert shown_issues(hass) == shown
        await hass.config_entries.async_unload(tariff.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert shown_issues(hass) == {}
        assert await hass.config_entries.async_setup(tariff.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert shown_issues(hass) == issue
        # Without the fleet nothing is compared.
        await hass.config_entries.async_unload(fleet.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert shown_issues(hass) == {}
