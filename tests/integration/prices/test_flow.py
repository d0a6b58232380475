"""Tests for adding a tariff and for changing it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import time, timedelta
import json
import logging
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_REGION,
    CONF_URL,
    EVENT_HOMEASSISTANT_FINAL_WRITE,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import (
    CONF_POSTCODE,
    CONF_PRODUCT,
    CONF_TARIFF,
    DOMAIN,
)
from custom_components.miner_controller.planning.windows import CheapWindow
from custom_components.miner_controller.prices import connect, entries
from custom_components.miner_controller.prices.connect import SECTION_MORE
from custom_components.miner_controller.prices.entries import TARIFF_OCTOPUS_AGILE
from custom_components.miner_controller.sources.octopus_products import REGIONS
from simulator.octopus import (
    CURRENT,
    NEWER,
    OUTGOING,
    RETIRED,
    TWIN,
    VARIABLE,
    OctopusFault,
    OctopusServer,
)

from . import (
    MORNING,
    ask,
    coordinator,
    full_state,
    set_up,
    settle,
    state,
    tariff_entry,
)

LONDON_POSTCODE = "SW1A 1AA"
BORDER_POSTCODE = "SY10 7AA"

# A port where nothing listens.
NOWHERE = "http://127.0.0.1:1"

# What the service does, and the error that the form shows for it.
FAULT_ERRORS = [
    (OctopusFault.GARBAGE, "prices_unreadable"),
    (OctopusFault.RATE_LIMITED, "prices_refused"),
    (OctopusFault.UNAVAILABLE, "prices_refused"),
    (OctopusFault.CUT, "prices_unreachable"),
]

# Its span is that of the prices that are published together.
AGILE_DAY = CheapWindow(
    duration=timedelta(hours=2), start_time=time(23), end_time=time(23)
)


@contextmanager
def usual_address(url: str) -> Iterator[None]:
    """Let the service of Octopus Energy itself be at another address."""
    with patch.object(entries, "API_URL", url), patch.object(connect, "API_URL", url):
        yield


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose electricity prices from the menu, and return the form."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["scan", "address", "prices", "fleet"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "prices"}
    )
    assert_form(result, "prices", {})
    return result


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, **typed: Any
) -> ConfigFlowResult:
    """Submit a form of a tariff. What is in its section is typed like all else."""
    more = {key: typed.pop(key) for key in (CONF_PRODUCT, CONF_URL) if key in typed}
    if result["step_id"] != "region":
        typed[SECTION_MORE] = more
    result = await hass.config_entries.flow.async_configure(result["flow_id"], typed)
    await settle(hass)
    return result


def assert_form(result: ConfigFlowResult, step: str, errors: Mapping[str, str]) -> None:
    """Assert that a form is shown with errors.

    Its section is open with an error in it, and with what was typed there before.
    """
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    assert result["errors"] == errors
    if step != "region":
        assert result["data_schema"] is not None
        more = result["data_schema"].schema[SECTION_MORE]
        is_typed = errors and {CONF_PRODUCT, CONF_URL} & suggested(result).keys()
        is_open = SECTION_MORE in errors or is_typed
        assert more.options == {"collapsed": not is_open}


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what is in a form before anybody types."""
    assert result["data_schema"] is not None
    schema = result["data_schema"].schema
    found = {
        key: get_schema_suggested_value(schema, key)
        for key in (CONF_REGION, CONF_POSTCODE)
    }
    if SECTION_MORE in schema:
        more = schema[SECTION_MORE].schema.schema
        found |= {
            key: get_schema_suggested_value(more, key)
            for key in (CONF_PRODUCT, CONF_URL)
        }
    return {key: value for key, value in found.items() if value is not None}


def offered(result: ConfigFlowResult) -> dict[str, str]:
    """Return the regions that a form offers, each with its label."""
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema[CONF_REGION]
    return {each["value"]: each["label"] for each in selector.config["options"]}


def entry_data(region: str, product: str, url: str | None = None) -> dict[str, str]:
    """Return the data of an entry, without an address where it is the usual one."""
    data = {
        CONF_TARIFF: TARIFF_OCTOPUS_AGILE,
        CONF_REGION: region,
        CONF_PRODUCT: product,
    }
    return data if url is None else {**data, CONF_URL: url}


def now_price(
    server: OctopusServer, region: str = "C", product: str = CURRENT
) -> float:
    """Return what power costs in a region now."""
    start = dt_util.utc_from_timestamp(dt_util.utcnow().timestamp() // 1800 * 1800)
    return float(server.price(product, region, start).inc_vat / 100)


def assert_added(
    hass: HomeAssistant,
    server: OctopusServer,
    result: ConfigFlowResult,
    region: str = "C",
    product: str = CURRENT,
) -> MockConfigEntry:
    """Assert that a flow ended with a tariff that shows its price, and return it."""
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == f"Octopus Agile {REGIONS[region]}"
    assert entry.unique_id == f"octopus_{region}"
    assert entry.data == entry_data(region, product, server.url)
    assert entry.state is ConfigEntryState.LOADED
    shown = state(hass, entry, "sensor", "current_price")
    assert float(shown) == now_price(server, region, product)
    return entry  # type: ignore[return-value]


async def add(
    hass: HomeAssistant, server: OctopusServer, region: str = "C"
) -> MockConfigEntry:
    """Add a tariff in a region through the form."""
    form = await open_form(hass)
    result = await submit(hass, form, region=region, url=server.url)
    return assert_added(hass, server, result, region)


async def test_by_region(hass: HomeAssistant, server: OctopusServer) -> None:
    """A tariff is added with nothing but its region, the newest product by itself."""
    form = await open_form(hass)
    assert offered(form) == {
        letter: f"{letter} – {name}" for letter, name in REGIONS.items()
    }
    assert len(offered(form)) == 14
    assert suggested(form) == {}
    result = await submit(hass, form, region="P", url=server.url)
    assert_added(hass, server, result, "P")


async def test_no_region_that_does_not_exist(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """There is neither a region I nor O."""
    form = await open_form(hass)
    with pytest.raises(InvalidData):
        await submit(hass, form, region="I", url=server.url)
    assert server.requests == []


@pytest.mark.parametrize("postcode", [LONDON_POSTCODE, " sw1a1aa "])
async def test_by_postcode(
    hass: HomeAssistant, server: OctopusServer, postcode: str
) -> None:
    """A postcode is enough where it tells the region."""
    form = await open_form(hass)
    result = await submit(hass, form, postcode=postcode, url=server.url)
    assert_added(hass, server, result, "C")


async def test_postcode_counts_before_region(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """Who types a postcode means it, also where a region is chosen already."""
    form = await open_form(hass)
    result = await submit(
        hass, form, region="P", postcode=LONDON_POSTCODE, url=server.url
    )
    assert_added(hass, server, result, "C")
    form = await open_form(hass)
    again = await submit(hass, form, region="P", postcode="BT1 1AA", url=server.url)
    assert_form(again, "prices", {CONF_POSTCODE: "postcode_unknown"})
    choice = await submit(
        hass, again, region="P", postcode=BORDER_POSTCODE, url=server.url
    )
    assert_form(choice, "region", {})
    assert_added(hass, server, await submit(hass, choice, region="D"), "D")


async def test_postcode_at_a_border(hass: HomeAssistant, server: OctopusServer) -> None:
    """Where a postcode may be in several regions, the user chooses one of these."""
    form = await open_form(hass)
    choice = await submit(hass, form, postcode=BORDER_POSTCODE, url=server.url)
    assert_form(choice, "region", {})
    assert offered(choice) == {
        letter: f"{letter} – {REGIONS[letter]}" for letter in ("D", "E")
    }
    with pytest.raises(InvalidData):
        await submit(hass, choice, region="C")
    result = await submit(hass, choice, region="E")
    assert_added(hass, server, result, "E")


async def test_product_of_a_postcode_at_a_border(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """What was typed before is not forgotten by the choice of the region."""
    form = await open_form(hass)
    choice = await submit(
        hass, form, postcode=BORDER_POSTCODE, product=TWIN, url=server.url
    )
    result = await submit(hass, choice, region="D")
    assert_added(hass, server, result, "D", TWIN)


async def test_wrong_product_of_a_postcode_at_a_border(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """A mistake in the first form is told there, where it can be put right."""
    form = await open_form(hass)
    choice = await submit(
        hass,
        form,
        postcode=BORDER_POSTCODE,
        product="AGILE-99-01-01",
        url=server.url,
    )
    again = await submit(hass, choice, region="D")
    assert_form(again, "prices", {SECTION_MORE: "product_unknown"})
    assert suggested(again) == {
        CONF_POSTCODE: BORDER_POSTCODE,
        CONF_PRODUCT: "AGILE-99-01-01",
        CONF_URL: server.url,
    }
    choice = await submit(hass, again, postcode=BORDER_POSTCODE, url=server.url)
    assert_added(hass, server, await submit(hass, choice, region="D"), "D")


@pytest.mark.parametrize(("fault", "error"), FAULT_ERRORS)
async def test_fault_at_the_choice_of_a_region(
    hass: HomeAssistant, server: OctopusServer, fault: OctopusFault, error: str
) -> None:
    """The form with the regions shows an error as its own, and goes on after it."""
    form = await open_form(hass)
    choice = await submit(hass, form, postcode=BORDER_POSTCODE, url=server.url)
    server.fault = fault
    again = await submit(hass, choice, region="E")
    assert_form(again, "region", {"base": error})
    assert offered(again) == offered(choice)
    assert suggested(again) == {CONF_REGION: "E"}
    server.fault = None
    assert_added(hass, server, await submit(hass, again, region="D"), "D")


@pytest.mark.parametrize(
    "postcode", ["BT1 1AA", "ZZ99 9ZZ", "nonsense", "a far too long postcode", "!"]
)
async def test_postcode_that_is_none(
    hass: HomeAssistant, server: OctopusServer, postcode: str
) -> None:
    """Northern Ireland and nonsense are told at the field, which keeps them."""
    form = await open_form(hass)
    again = await submit(hass, form, postcode=postcode, product="agile", url=server.url)
    assert_form(again, "prices", {CONF_POSTCODE: "postcode_unknown"})
    assert suggested(again) == {
        CONF_POSTCODE: postcode,
        CONF_PRODUCT: "agile",
        CONF_URL: server.url,
    }
    result = await submit(hass, again, postcode=LONDON_POSTCODE, url=server.url)
    assert_added(hass, server, result)


@pytest.mark.parametrize("typed", [{}, {CONF_POSTCODE: "  "}])
async def test_neither_region_nor_postcode(
    hass: HomeAssistant, server: OctopusServer, typed: dict[str, str]
) -> None:
    """One of both is needed."""
    form = await open_form(hass)
    again = await submit(hass, form, **typed, url=server.url)
    assert_form(again, "prices", {CONF_REGION: "region_needed"})
    assert server.requests == []
    result = await submit(hass, again, region="C", url=server.url)
    assert_added(hass, server, result)


@pytest.mark.parametrize(
    ("typed", "product"),
    [(CURRENT, CURRENT), ("  agile-24-10-01 ", CURRENT), (TWIN.lower(), TWIN)],
)
async def test_product(
    hass: HomeAssistant, server: OctopusServer, typed: str, product: str
) -> None:
    """A product is taken as it is typed, in small letters and with spaces too."""
    # A newer one would be found else.
    server.newer_product = True
    form = await open_form(hass)
    result = await submit(hass, form, region="C", product=typed, url=server.url)
    assert_added(hass, server, result, product=product)
    assert not [path for path, _ in server.requests if path == "/v1/products/"]


@pytest.mark.parametrize(
    ("product", "error"),
    [
        (VARIABLE, "product_not_agile"),
        (OUTGOING, "product_not_agile"),
        ("agile", "product_not_agile"),
        ("AGILE-99-01-01", "product_unknown"),
        ("AGILE-24-10-01/../", "product_unknown"),
        (RETIRED, "product_without_prices"),
        (CURRENT, "product_without_prices"),
    ],
)
async def test_product_that_is_none(
    hass: HomeAssistant, server: OctopusServer, product: str, error: str
) -> None:
    """A product of another kind, an unknown one and one that is over are refused."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    form = await open_form(hass)
    again = await submit(hass, form, region="C", product=product, url=server.url)
    assert_form(again, "prices", {SECTION_MORE: error})
    assert suggested(again) == {
        CONF_REGION: "C",
        CONF_PRODUCT: product,
        CONF_URL: server.url,
    }
    result = await submit(hass, again, region="C", url=server.url)
    assert_added(hass, server, result, product=NEWER)


async def test_newest_product(hass: HomeAssistant, server: OctopusServer) -> None:
    """A newer product is found as soon as it is on sale."""
    server.newer_product = True
    form = await open_form(hass)
    result = await submit(hass, form, region="C", url=server.url)
    assert_added(hass, server, result, product=NEWER)


@pytest.mark.parametrize("listed", [True, False])
async def test_newest_product_beside_a_retired_one(
    hass: HomeAssistant, server: OctopusServer, listed: bool
) -> None:
    """What was retired is not taken, though it may be listed as if it was not."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    server.retired_listed = listed
    form = await open_form(hass)
    result = await submit(hass, form, region="C", url=server.url)
    assert_added(hass, server, result, product=NEWER)


@pytest.mark.parametrize("listed", [True, False])
async def test_no_product_at_all(
    hass: HomeAssistant, server: OctopusServer, listed: bool
) -> None:
    """Without any product that has prices nothing is added."""
    server.retired_products = {CURRENT}
    server.retired_listed = listed
    form = await open_form(hass)
    again = await submit(hass, form, region="C", url=server.url)
    assert_form(again, "prices", {"base": "no_product"})
    server.retired_products = set()
    result = await submit(hass, again, region="C", url=server.url)
    assert_added(hass, server, result)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("octopus", "invalid_url"),
        ("127.0.0.1:80", "invalid_url"),
        ("ftp://127.0.0.1", "invalid_url"),
        ("http://", "invalid_url"),
        ("http://[", "invalid_url"),
        (NOWHERE, "prices_unreachable"),
    ],
)
async def test_address_that_is_none(
    hass: HomeAssistant, server: OctopusServer, url: str, error: str
) -> None:
    """An address that is none, or where nothing listens, is told in its section."""
    form = await open_form(hass)
    again = await submit(hass, form, region="C", url=url)
    assert_form(again, "prices", {SECTION_MORE: error})
    assert suggested(again) == {CONF_REGION: "C", CONF_URL: url}
    result = await submit(hass, again, region="C", url=server.url)
    assert_added(hass, server, result)


@pytest.mark.parametrize(
    "typed", [{CONF_REGION: "C"}, {CONF_POSTCODE: LONDON_POSTCODE}]
)
@pytest.mark.parametrize(("fault", "error"), FAULT_ERRORS)
async def test_fault(
    hass: HomeAssistant,
    server: OctopusServer,
    fault: OctopusFault,
    error: str,
    typed: dict[str, str],
) -> None:
    """A service that misbehaves is told, at the address where one was typed."""
    server.fault = fault
    form = await open_form(hass)
    again = await submit(hass, form, **typed, url=server.url)
    assert_form(again, "prices", {SECTION_MORE: error})
    assert suggested(again) == {**typed, CONF_URL: server.url}
    server.fault = None
    result = await submit(hass, again, **typed, url=server.url)
    assert_added(hass, server, result)


@pytest.mark.parametrize(("fault", "error"), FAULT_ERRORS)
async def test_fault_at_the_usual_address(
    hass: HomeAssistant, server: OctopusServer, fault: OctopusFault, error: str
) -> None:
    """Who typed no address is told the error of the whole form."""
    server.fault = fault
    form = await open_form(hass)
    with usual_address(server.url):
        again = await submit(hass, form, region="C")
        assert_form(again, "prices", {"base": error})
        assert suggested(again) == {CONF_REGION: "C"}
        server.fault = None
        result = await submit(hass, again, region="C")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == entry_data("C", CURRENT)
    shown = state(hass, result["result"], "sensor", "current_price")
    assert float(shown) == now_price(server)


@pytest.mark.parametrize("typed", ["{url}", " {url}/ ", "{url}/v1/"])
async def test_usual_address_is_not_kept(
    hass: HomeAssistant, server: OctopusServer, typed: str
) -> None:
    """The address that everybody has is not stored, as it may change one day."""
    form = await open_form(hass)
    with usual_address(server.url):
        result = await submit(hass, form, region="C", url=typed.format(url=server.url))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert CONF_URL not in result["data"]


@pytest.mark.parametrize(
    "typed", [{CONF_REGION: "C"}, {CONF_POSTCODE: LONDON_POSTCODE}]
)
async def test_already_configured(
    hass: HomeAssistant, server: OctopusServer, typed: dict[str, str]
) -> None:
    """A region is there once, whatever its product; another one is no duplicate."""
    entry = await add(hass, server)
    server.newer_product = True
    form = await open_form(hass)
    result = await submit(hass, form, **typed, url=server.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "tariff_configured"
    assert entry.data[CONF_PRODUCT] == CURRENT
    form = await open_form(hass)
    result = await submit(hass, form, region="D", url=server.url)
    assert_added(hass, server, result, "D", NEWER)


async def start_reconfigure(
    hass: HomeAssistant, entry: MockConfigEntry
) -> ConfigFlowResult:
    """Open the form that changes a tariff."""
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "reconfigure", "entry_id": entry.entry_id}
    )
    assert_form(form, "reconfigure_prices", {})
    return form


def assert_changed(result: ConfigFlowResult) -> None:
    """Assert that a flow ended with a change."""
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"


def entity_ids(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the ids of all entities of a tariff, by their unique ids."""
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {item.unique_id: item.entity_id for item in found}


def device_ids(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the ids of all devices of a tariff."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {device.id for device in found}


@pytest.mark.parametrize(
    "typed",
    [
        {CONF_REGION: "P"},
        {CONF_POSTCODE: "AB10 1AA"},
        # The region that it was is in the form.
        {CONF_REGION: "C", CONF_POSTCODE: "AB10 1AA"},
    ],
)
async def test_reconfigure_region(
    hass: HomeAssistant, server: OctopusServer, typed: dict[str, str]
) -> None:
    """In another region the prices are others, and all entities are the same."""
    entry = await set_up(hass, tariff_entry(server, ("Cheapest", AGILE_DAY)))
    hass.config_entries.async_update_entry(entry, title="Octopus Agile London")
    await settle(hass)
    entities, devices = entity_ids(hass, entry), device_ids(hass, entry)
    assert len(entities) == 16
    before = coordinator(entry).decisions
    # A past price of the old region is kept on disk.
    yesterday = (MORNING - timedelta(days=9)).isoformat()
    asked = {"from": yesterday, "to": MORNING.isoformat()}
    old = (await ask(hass, "get_prices", **asked))["slots"]

    form = await start_reconfigure(hass, entry)
    assert suggested(form) == {
        CONF_REGION: "C",
        CONF_PRODUCT: CURRENT,
        CONF_URL: server.url,
    }
    result = await submit(hass, form, **typed, product=CURRENT, url=server.url)
    assert_changed(result)
    assert entry.data == entry_data("P", CURRENT, server.url)
    assert (entry.unique_id, entry.title) == (
        "octopus_P",
        "Octopus Agile Northern Scotland",
    )
    assert entity_ids(hass, entry) == entities
    assert device_ids(hass, entry) == devices
    shown = state(hass, entry, "sensor", "current_price")
    assert float(shown) == now_price(server, "P") != now_price(server, "C")
    slots = coordinator(entry).slots
    assert len(slots) > 40
    for slot in slots:
        price = server.price(CURRENT, "P", slot.start).inc_vat
        assert slot.price == float(price / 100)
    # What was decided with the prices of the other region is forgotten too.
    (decided,) = coordinator(entry).decisions.values()
    assert decided
    assert coordinator(entry).decisions.keys() == before.keys()
    for decision in decided:
        for slot in decision.slots:
            assert slot.price == float(
                server.price(CURRENT, "P", slot.start).inc_vat / 100
            )
    new = (await ask(hass, "get_prices", **asked))["slots"]
    assert [slot["start"] for slot in new] == [slot["start"] for slot in old]
    for slot in new:
        start = dt_util.as_utc(
            dt_util.parse_datetime(slot["start"], raise_on_error=True)
        )
        price = server.price(CURRENT, "P", start).inc_vat
        assert slot["price"] == float(price / 100)


async def test_reconfigure_keeps_a_name(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """A name that the user gave is not replaced by that of the region."""
    entry = await add(hass, server)
    hass.config_entries.async_update_entry(entry, title="My tariff")
    await settle(hass)
    form = await start_reconfigure(hass, entry)
    assert_changed(await submit(hass, form, region="P", url=server.url))
    assert (entry.unique_id, entry.title) == ("octopus_P", "My tariff")
    assert full_state(hass, entry, "sensor", "current_price").name.startswith(
        "My tariff"
    )


async def test_reconfigure_at_a_border(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """The choice of a region ends in a change too, and in no new entry."""
    entry = await add(hass, server)
    form = await start_reconfigure(hass, entry)
    choice = await submit(hass, form, postcode=BORDER_POSTCODE, url=server.url)
    assert_form(choice, "region", {})
    assert_changed(await submit(hass, choice, region="E"))
    assert entry.title == "Octopus Agile West Midlands"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    shown = state(hass, entry, "sensor", "current_price")
    assert float(shown) == now_price(server, "E")


async def test_reconfigure_product(hass: HomeAssistant, server: OctopusServer) -> None:
    """A product is changed by its code, or to the newest by leaving it empty."""
    server.newer_product = True
    entry = await set_up(hass, tariff_entry(server))
    for typed, product in ((TWIN, TWIN), (None, NEWER)):
        form = await start_reconfigure(hass, entry)
        more = {} if typed is None else {CONF_PRODUCT: typed}
        result = await submit(hass, form, region="C", **more, url=server.url)
        assert_changed(result)
        assert entry.data[CONF_PRODUCT] == product
        assert entry.unique_id == "octopus_C"
        shown = state(hass, entry, "sensor", "current_price")
        assert float(shown) == now_price(server, "C", product)


async def test_reconfigure_address(hass: HomeAssistant, server: OctopusServer) -> None:
    """Prices are fetched from the new address, and what was known is forgotten."""
    entry = await add(hass, server)
    async with OctopusServer(seed=2) as other:
        form = await start_reconfigure(hass, entry)
        result = await submit(hass, form, region="C", product=CURRENT, url=other.url)
        assert_changed(result)
        assert entry.data[CONF_URL] == other.url
        shown = float(state(hass, entry, "sensor", "current_price"))
        assert shown == now_price(other) != now_price(server)
        # Left empty it is the usual one again.
        form = await start_reconfigure(hass, entry)
        assert suggested(form)[CONF_URL] == other.url
        with usual_address(server.url):
            result = await submit(hass, form, region="C", product=CURRENT)
        assert_changed(result)
    assert entry.data == entry_data("C", CURRENT)
    shown = float(state(hass, entry, "sensor", "current_price"))
    assert shown == now_price(server)


async def test_reconfigure_without_a_change(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """Nothing is fetched anew where nothing was changed."""
    entry = await add(hass, server)
    before = coordinator(entry)
    form = await start_reconfigure(hass, entry)
    typed = suggested(form)
    assert_changed(await submit(hass, form, **typed))
    assert coordinator(entry) is before


async def test_reconfigure_to_another_entry(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """A region that another tariff has is refused, and nothing is changed."""
    entry = await add(hass, server)
    other = await add(hass, server, "P")
    data = dict(entry.data)
    form = await start_reconfigure(hass, entry)
    result = await submit(hass, form, region="P", url=server.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "tariff_configured"
    assert entry.data == data
    assert other.unique_id == "octopus_P"
    # Its own region is no duplicate.
    form = await start_reconfigure(hass, entry)
    assert_changed(await submit(hass, form, region="C", url=server.url))


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({CONF_POSTCODE: "BT1 1AA"}, {CONF_POSTCODE: "postcode_unknown"}),
        ({}, {CONF_REGION: "region_needed"}),
        (
            {CONF_REGION: "P", CONF_PRODUCT: RETIRED},
            {SECTION_MORE: "product_without_prices"},
        ),
        ({CONF_REGION: "P", CONF_URL: NOWHERE}, {SECTION_MORE: "prices_unreachable"}),
    ],
)
async def test_reconfigure_error(
    hass: HomeAssistant,
    server: OctopusServer,
    typed: dict[str, str],
    errors: dict[str, str],
) -> None:
    """A change that does not work out changes nothing, and the form goes on."""
    entry = await add(hass, server)
    data = dict(entry.data)
    form = await start_reconfigure(hass, entry)
    typed = {CONF_URL: server.url, **typed}
    again = await submit(hass, form, **typed)
    assert_form(again, "reconfigure_prices", errors)
    assert suggested(again) == typed
    assert entry.data == data
    assert_changed(await submit(hass, again, region="P", url=server.url))
    assert entry.unique_id == "octopus_P"


@pytest.mark.parametrize(
    ("fault", "error"), [*FAULT_ERRORS, (OctopusFault.WRONG_SHAPE, None)]
)
async def test_postcode_is_kept_nowhere(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: dict[str, Any],
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
    fault: OctopusFault,
    error: str | None,
) -> None:
    """It is asked about, and is in no file, state, log or diagnostics after that."""
    caplog.set_level(logging.DEBUG)
    form = await open_form(hass)
    server.fault = fault
    again = await submit(hass, form, postcode=LONDON_POSTCODE, url=server.url)
    assert again["errors"]
    if error is not None:
        assert_form(again, "prices", {SECTION_MORE: error})
    server.fault = None
    result = await submit(hass, again, postcode=LONDON_POSTCODE, url=server.url)
    entry = assert_added(hass, server, result)
    form = await start_reconfigure(hass, entry)
    assert_changed(await submit(hass, form, postcode="AB10 1AA", url=server.url))
    asked = [query.get(CONF_POSTCODE) for _, query in server.requests]
    assert {"SW1A1AA", "AB101AA"} <= set(asked)

    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await settle(hass)
    assert f"{DOMAIN}.prices.{entry.entry_id}" in hass_storage
    assert "core.config_entries" in hass_storage
    assert "core.device_registry" in hass_storage
    shown = [item.as_dict() for item in hass.states.async_all()]
    places = {
        "storage": json.dumps(hass_storage, default=str),
        "entry": json.dumps(dict(entry.data)) + entry.title + str(entry.unique_id),
        "states": json.dumps(shown, default=str),
        "log": caplog.text,
        "diagnostics": json.dumps(diagnostics, default=str),
    }
    for place, text in places.items():
        assert text, place
        squeezed = "".join(text.upper().split())
        for secret in ("SW1A1AA", "AB101AA", CONF_POSTCODE.upper()):
            assert secret not in squeezed, place
