"""Tests for what is told of a tariff that has no prices, and for what mends it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from http import HTTPStatus
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN, User
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.const import CONF_REGION, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import CONF_PRODUCT, DOMAIN
from custom_components.miner_controller.prices.connect import SECTION_MORE
from custom_components.miner_controller.prices.issues import PriceIssue, issue_id
from simulator.octopus import (
    CURRENT,
    NEWER,
    OLDER,
    OctopusFault,
    OctopusServer,
)
from simulator.octopus.agile_days import slot, slot_start
from simulator.octopus.server import Handler

from . import (
    MORNING,
    REGION,
    SLOT,
    coordinator,
    find_issue,
    live_until,
    restart,
    set_up,
    settle,
    state,
    tariff_entry,
    utc,
)

type Json = dict[str, Any]

HOUR = timedelta(hours=1)


class ServerWithoutRegion(OctopusServer):
    """A service that does not sell its products in a region, until it does."""

    def __init__(self, missing: str = REGION) -> None:
        """Leave out a region."""
        super().__init__()
        self.missing: str | None = missing

    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer as if there was no tariff in the region."""
        answer = await super()._serve(request, handler)
        if self.missing is None or answer.status != HTTPStatus.OK:
            return answer
        if f"-{self.missing}/standard-unit-rates/" in request.path:
            return web.json_response({"detail": "Not found."}, status=404)
        assert isinstance(answer, web.Response)
        assert isinstance(answer.body, bytes)
        content = json.loads(answer.body)
        content.get("single_register_electricity_tariffs", {}).pop(
            f"_{self.missing}", None
        )
        return web.json_response(content)


class ServerWithoutList(OctopusServer):
    """A service that tells prices, and for some time not which products there are."""

    is_listing = False

    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer that the list is not available."""
        answer = await super()._serve(request, handler)
        if request.path != "/v1/products/" or self.is_listing:
            return answer
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.fixture
async def selective(socket_enabled: None) -> AsyncIterator[ServerWithoutRegion]:
    """Run a service that has no rates for the region of the tests."""
    async with ServerWithoutRegion() as server:
        yield server


@pytest.fixture
async def client(
    hass: HomeAssistant, hass_admin_user: User, hass_client: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a client of Home Assistant's repairs that stays logged in for a day."""
    assert await async_setup_component(hass, "repairs", {})
    token = await hass.auth.async_create_refresh_token(
        hass_admin_user,
        client_name="Repairs",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(days=9),
    )
    return await hass_client(hass.auth.async_create_access_token(token))


async def post(client: TestClient[Any, Any], path: str, content: Json) -> Json:
    """Post to the repairs and return the reply."""
    reply = await client.post(f"/api/repairs/issues/fix{path}", json=content)
    assert reply.status == HTTPStatus.OK
    found: Json = await reply.json()
    return found


def issues(hass: HomeAssistant, entry: MockConfigEntry) -> set[PriceIssue]:
    """Return all repairs of a tariff."""
    return {issue for issue in PriceIssue if find_issue(hass, entry, issue) is not None}


def assert_price(
    hass: HomeAssistant,
    server: OctopusServer,
    entry: MockConfigEntry,
    product: str = CURRENT,
) -> None:
    """Assert that the price that is shown is that of a product."""
    start = slot_start(slot(dt_util.utcnow()))
    expected = float(server.price(product, REGION, start).inc_vat / 100)
    assert float(state(hass, entry, "sensor", "current_price")) == expected


def assert_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    issue: PriceIssue,
    *,
    product: str = CURRENT,
    replacement: str = "",
) -> None:
    """Assert that a tariff has one repair, which names what it is about."""
    assert issues(hass, entry) == {issue}
    found = find_issue(hass, entry, issue)
    assert found is not None
    assert found.translation_key == issue.value
    assert found.translation_placeholders == {
        "tariff": "Agile",
        "product": product,
        "replacement": replacement,
    }
    assert found.is_fixable == (issue is PriceIssue.PRODUCT_RETIRED)
    assert found.severity is ir.IssueSeverity.WARNING


async def fix(
    client: TestClient[Any, Any], entry: MockConfigEntry, replacement: str = NEWER
) -> Json:
    """Submit the flow that switches a tariff, and return what it ends with."""
    form = await post(
        client,
        "",
        {
            "handler": DOMAIN,
            "issue_id": issue_id(PriceIssue.PRODUCT_RETIRED, entry.entry_id),
        },
    )
    assert form["type"] == "form"
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"] == {
        "tariff": "Agile",
        "product": CURRENT,
        "replacement": replacement,
    }
    assert not form["data_schema"]
    return await post(client, f"/{form['flow_id']}", {})


@pytest.mark.parametrize("listed", [True, False])
async def test_retired(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
    listed: bool,
) -> None:
    """After some attempts without prices, a newer product that has them is offered."""
    entry = await set_up(hass, tariff_entry(server))
    server.newer_product = True
    server.retired_products = {CURRENT}
    server.retired_listed = listed
    await live_until(hass, freezer, entry, utc("2026-11-10 16:20"))
    # One attempt that brought nothing is no reason to disturb anybody.
    assert issues(hass, entry) == set()
    await live_until(hass, freezer, entry, utc("2026-11-10 19:00"))
    assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)
    # It is not taken back while nothing has changed, nor is there more than one.
    await live_until(hass, freezer, entry, utc("2026-11-11 12:00"))
    assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)
    assert state(hass, entry, "sensor", "current_price") == "unknown"

    done = await fix(client, entry)
    assert done["type"] == "create_entry"
    await settle(hass)
    assert entry.data == tariff_entry(server, product=NEWER).data
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry, NEWER)
    await live_until(hass, freezer, entry, utc("2026-11-12 12:00"))
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry, NEWER)


async def test_retired_before_the_start(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
) -> None:
    """Without a price for now it is found out sooner."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    assert issues(hass, entry) == set()
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=40))
    assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)
    await fix(client, entry)
    await settle(hass)
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry, NEWER)


async def test_retired_product_is_not_asked_all_the_time(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """What does not pass by itself is a reason to ask less often."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    assert issues(hass, entry) == {PriceIssue.PRODUCT_RETIRED}
    server.requests.clear()
    await live_until(hass, freezer, entry, MORNING + 25 * HOUR)
    # Less than once an hour, with the looks at what has taken over.
    assert 4 <= len(server.requests) < 24


async def test_retired_repair_outlives_a_restart(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
) -> None:
    """The repair is there after a restart, before the service was asked again."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    server.fault = OctopusFault.UNAVAILABLE
    await restart(hass, entry)
    assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)
    found = find_issue(hass, entry, PriceIssue.PRODUCT_RETIRED)
    assert found is not None
    assert found.is_persistent
    server.fault = None
    await fix(client, entry)
    await settle(hass)
    assert_price(hass, server, entry, NEWER)


async def test_repair_that_is_confirmed_too_late(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
) -> None:
    """A tariff that was removed while the form was open cannot be switched."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    retired = issue_id(PriceIssue.PRODUCT_RETIRED, entry.entry_id)
    form = await post(client, "", {"handler": DOMAIN, "issue_id": retired})
    await hass.config_entries.async_remove(entry.entry_id)
    done = await post(client, f"/{form['flow_id']}", {})
    assert done["type"] == "abort"
    assert done["reason"] == "entry_gone"


async def test_retired_without_a_replacement(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Where nothing has taken over, it is told that there are no prices.

    Once there is another product, that is offered instead.
    """
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    assert_told(hass, entry, PriceIssue.NO_PRICES)
    server.newer_product = True
    await live_until(hass, freezer, entry, MORNING + 8 * HOUR)
    assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)
    # It may have been a mistake of the service.
    server.retired_products = set()
    await live_until(hass, freezer, entry, MORNING + 16 * HOUR)
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry)


async def test_retired_while_it_cannot_be_looked_up(
    hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    """What cannot be found out is told as what is known, and looked up again later."""
    async with ServerWithoutList() as server:
        server.newer_product = True
        server.retired_products = {CURRENT}
        entry = await set_up(hass, tariff_entry(server))
        await live_until(hass, freezer, entry, MORNING + HOUR)
        assert_told(hass, entry, PriceIssue.NO_PRICES)
        server.is_listing = True
        await live_until(hass, freezer, entry, MORNING + 8 * HOUR)
        assert_told(hass, entry, PriceIssue.PRODUCT_RETIRED, replacement=NEWER)


async def test_newer_product_alone(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Who has a product with prices is not told of a newer one."""
    server.newer_product = True
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + 48 * HOUR)
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry)


async def test_newer_product_on_a_late_day(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Prices that are late for all products are no sign that one was retired."""
    server.newer_product = True
    server.publication_delay = timedelta(hours=5)
    entry = await set_up(hass, tariff_entry(server))
    seen: set[PriceIssue] = set()

    def see(_: datetime) -> None:
        seen.update(issues(hass, entry))

    await live_until(hass, freezer, entry, MORNING + 15 * HOUR, see)
    assert seen == set()
    assert state(hass, entry, "sensor", "prices_known_until") == (
        "2026-11-11T23:00:00+00:00"
    )


async def test_product_that_nobody_knows_any_more(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """A product that is gone altogether is replaced by the newest at once."""
    entry = await set_up(hass, tariff_entry(server, product="AGILE-17-01-01"))
    assert_told(
        hass,
        entry,
        PriceIssue.PRODUCT_RETIRED,
        product="AGILE-17-01-01",
        replacement=CURRENT,
    )


@pytest.mark.parametrize("fault", [OctopusFault.UNAVAILABLE, OctopusFault.RATE_LIMITED])
async def test_repair_while_the_service_fails(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
    fault: OctopusFault,
) -> None:
    """The switch needs no service; the prices follow as soon as there is one."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    server.fault = fault
    assert (await fix(client, entry))["type"] == "create_entry"
    await settle(hass)
    assert entry.data[CONF_PRODUCT] == NEWER
    assert find_issue(hass, entry, PriceIssue.PRODUCT_RETIRED) is None
    server.fault = None
    await live_until(hass, freezer, entry, MORNING + 2 * HOUR)
    assert_price(hass, server, entry, NEWER)
    assert issues(hass, entry) == set()


async def test_repair_of_an_entry_that_is_not_loaded(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
) -> None:
    """A tariff that is not loaded is switched, and is right once it is."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await fix(client, entry))["type"] == "create_entry"
    await settle(hass)
    assert entry.state is ConfigEntryState.NOT_LOADED
    await set_up(hass, entry)
    assert_price(hass, server, entry, NEWER)
    assert issues(hass, entry) == set()


async def test_repair_without_a_tariff(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    client: TestClient[Any, Any],
) -> None:
    """A repair whose tariff is gone only has to be confirmed."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    found = find_issue(hass, entry, PriceIssue.PRODUCT_RETIRED)
    assert found is not None
    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)
    assert issues(hass, entry) == set()
    ir.async_create_issue(
        hass,
        DOMAIN,
        found.issue_id,
        data=found.data,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=found.translation_key,
        translation_placeholders=found.translation_placeholders,
    )
    form = await post(client, "", {"handler": DOMAIN, "issue_id": found.issue_id})
    assert form["step_id"] == "confirm"
    done = await post(client, f"/{form['flow_id']}", {})
    assert done["type"] == "create_entry"


async def test_reconfigure_ends_a_repair(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Who takes the newer product by hand has nothing left to repair."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + HOUR)
    assert issues(hass, entry) == {PriceIssue.PRODUCT_RETIRED}
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    await hass.config_entries.flow.async_configure(
        form["flow_id"], {CONF_REGION: REGION, SECTION_MORE: {CONF_URL: server.url}}
    )
    await settle(hass)
    assert entry.data[CONF_PRODUCT] == NEWER
    assert issues(hass, entry) == set()


async def test_region_without_rates(
    hass: HomeAssistant,
    selective: ServerWithoutRegion,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A product that is not sold in the region is told of at once, until it is sold."""
    entry = await set_up(hass, tariff_entry(selective))
    assert_told(hass, entry, PriceIssue.REGION_WITHOUT_RATES)
    assert state(hass, entry, "sensor", "current_price") == "unavailable"
    selective.requests.clear()
    await live_until(hass, freezer, entry, MORNING + 24 * HOUR)
    assert_told(hass, entry, PriceIssue.REGION_WITHOUT_RATES)
    assert 3 <= len(selective.requests) <= 20
    selective.missing = None
    await live_until(hass, freezer, entry, MORNING + 31 * HOUR)
    assert issues(hass, entry) == set()
    assert_price(hass, selective, entry)


async def test_region_without_rates_while_there_are_prices(
    hass: HomeAssistant,
    selective: ServerWithoutRegion,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A region that is given up is told of while what is known still holds."""
    selective.missing = None
    entry = await set_up(hass, tariff_entry(selective))
    selective.missing = REGION
    await live_until(hass, freezer, entry, utc("2026-11-10 16:20"))
    assert_told(hass, entry, PriceIssue.REGION_WITHOUT_RATES)
    assert_price(hass, selective, entry)


async def test_other_region_without_rates(
    hass: HomeAssistant, selective: ServerWithoutRegion
) -> None:
    """That a product is not sold elsewhere is nobody's matter."""
    selective.missing = "P"
    entry = await set_up(hass, tariff_entry(selective))
    assert issues(hass, entry) == set()
    assert_price(hass, selective, entry)


async def test_region_of_a_product_that_is_replaced(
    hass: HomeAssistant, selective: ServerWithoutRegion
) -> None:
    """Where no product is sold in the region, no other product helps."""
    selective.newer_product = True
    entry = await set_up(hass, tariff_entry(selective))
    assert_told(hass, entry, PriceIssue.REGION_WITHOUT_RATES)


async def test_no_prices(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """A publication that is hours late is told once there is no price for now."""
    server.publication_delay = timedelta(hours=10)
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, utc("2026-11-10 22:59"))
    # There is no price for tomorrow, and for now there is.
    assert issues(hass, entry) == set()
    await live_until(hass, freezer, entry, utc("2026-11-11 00:30"))
    assert_told(hass, entry, PriceIssue.NO_PRICES)
    await live_until(hass, freezer, entry, utc("2026-11-11 02:45"))
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry)


@pytest.mark.parametrize(
    "fault", [OctopusFault.UNAVAILABLE, OctopusFault.RATE_LIMITED, OctopusFault.CUT]
)
async def test_unreachable(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    fault: OctopusFault,
) -> None:
    """A service that cannot be reached is told of once the known prices are over."""
    entry = await set_up(hass, tariff_entry(server))
    server.fault = fault
    await live_until(hass, freezer, entry, utc("2026-11-10 22:59"))
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry)
    await live_until(hass, freezer, entry, utc("2026-11-11 00:30"))
    assert_told(hass, entry, PriceIssue.PRICES_UNREACHABLE)
    server.fault = None
    await live_until(hass, freezer, entry, utc("2026-11-11 01:15"))
    assert issues(hass, entry) == set()
    assert_price(hass, server, entry)


async def test_unreachable_at_the_start(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """One failure is no reason to disturb anybody, several are."""
    server.fault = OctopusFault.UNAVAILABLE
    entry = await set_up(hass, tariff_entry(server))
    assert entry.state is ConfigEntryState.LOADED
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=6))
    assert issues(hass, entry) == set()
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=40))
    assert_told(hass, entry, PriceIssue.PRICES_UNREACHABLE)
    # What is wrong may be another thing later.
    server.fault = None
    server.retired_products = {CURRENT}
    await live_until(hass, freezer, entry, MORNING + 2 * HOUR)
    assert_told(hass, entry, PriceIssue.NO_PRICES)
    server.fault = OctopusFault.UNAVAILABLE
    await live_until(hass, freezer, entry, MORNING + 3 * HOUR)
    assert_told(hass, entry, PriceIssue.PRICES_UNREACHABLE)


@pytest.mark.parametrize(
    "issue", [PriceIssue.PRODUCT_RETIRED, PriceIssue.REGION_WITHOUT_RATES]
)
async def test_fault_says_nothing_about_a_repair(
    hass: HomeAssistant,
    selective: ServerWithoutRegion,
    freezer: FrozenDateTimeFactory,
    issue: PriceIssue,
) -> None:
    """A service that fails later does not take back what is wrong with a tariff."""
    selective.missing = None
    entry = await set_up(hass, tariff_entry(selective))
    if issue is PriceIssue.PRODUCT_RETIRED:
        selective.newer_product = True
        selective.retired_products = {CURRENT}
    else:
        selective.missing = REGION
    await live_until(hass, freezer, entry, utc("2026-11-10 19:00"))
    assert issues(hass, entry) == {issue}
    selective.fault = OctopusFault.UNAVAILABLE
    await live_until(hass, freezer, entry, utc("2026-11-10 22:59"))
    assert issues(hass, entry) == {issue}


async def test_two_tariffs(
    hass: HomeAssistant,
    selective: ServerWithoutRegion,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each tariff has its own repair, and the end of one is not that of another's."""
    first = await set_up(hass, tariff_entry(selective))
    second = await set_up(hass, tariff_entry(selective, region="P", product=OLDER))
    await live_until(hass, freezer, second, MORNING + HOUR)
    assert issues(hass, first) == {PriceIssue.REGION_WITHOUT_RATES}
    assert issues(hass, second) == {PriceIssue.PRODUCT_RETIRED}
    selective.missing = None
    await live_until(hass, freezer, first, MORNING + 8 * HOUR)
    assert issues(hass, first) == set()
    assert issues(hass, second) == {PriceIssue.PRODUCT_RETIRED}
    await hass.config_entries.async_remove(second.entry_id)
    assert not [key for _, key in ir.async_get(hass).issues if second.entry_id in key]


async def test_slots_are_those_of_the_service(
    hass: HomeAssistant, selective: ServerWithoutRegion
) -> None:
    """The server of these tests leaves out one region, and nothing of the others."""
    selective.missing = "P"
    entry = await set_up(hass, tariff_entry(selective))
    slots = coordinator(entry).slots
    assert [each.start for each in slots] == [
        slots[0].start + place * SLOT for place in range(len(slots))
    ]
