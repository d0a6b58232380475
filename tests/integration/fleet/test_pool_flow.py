"""Tests for adding and changing pools through the form, with real pools."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
import probatio
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import CONF_IDENTITY, DOMAIN
from custom_components.miner_controller.fleet.entries import SUBENTRY_POOL
from custom_components.miner_controller.fleet.library import pool_data
from custom_components.miner_controller.fleet.pool_checks import LONGEST_NAME
from custom_components.miner_controller.protocols.model import (
    MinerFamily,
    MinerIdentity,
)
from simulator.pool_statistics import (
    Account,
    PoolStatisticsFault,
    PoolStatisticsServer,
    PoolWorker,
)
from simulator.stratum import Manners

from .arrangement import (
    AWAY,
    PASSWORD,
    WORKER,
    StartPool,
    add_fleet,
    find_device,
    pool,
    pool_id,
    state_of,
    url_of,
)

SECRET = "bc1qcanarysecret"

# What the form begins with.
DEFAULTS = {
    "priority": 10,
    "weight": 1,
    "more": {"probe_unused": True, "wait_for_work": False},
    "statistics": {},
}


def typed(url: str = AWAY, **other: Any) -> dict[str, Any]:
    """Return what somebody types."""
    return {**DEFAULTS, "name": "Gold", "url": url, "worker": WORKER, **other}


async def open_form(hass: HomeAssistant, fleet: MockConfigEntry) -> SubentryFlowResult:
    """Open the form for a new pool."""
    form = await hass.config_entries.subentries.async_init(
        (fleet.entry_id, SUBENTRY_POOL), context={"source": SOURCE_USER}
    )
    assert_form(form, "user", {})
    return form


async def reopen_form(
    hass: HomeAssistant, fleet: MockConfigEntry, name: str = "Gold"
) -> SubentryFlowResult:
    """Open the form that changes a pool."""
    form = await fleet.start_subentry_reconfigure_flow(hass, pool_id(fleet, name))
    assert_form(form, "reconfigure", {})
    return form  # type: ignore[no-any-return]


async def submit(
    hass: HomeAssistant, form: SubentryFlowResult, content: dict[str, Any]
) -> SubentryFlowResult:
    """Submit a form, and wait for what follows from it."""
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], content
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def choose(
    hass: HomeAssistant, menu: SubentryFlowResult, step: str
) -> SubentryFlowResult:
    """Choose what to do after the workers were shown."""
    assert menu["type"] is FlowResultType.MENU, menu.get("errors")
    assert menu["step_id"] == "workers"
    assert menu["menu_options"] == ["save", "change"]
    return await submit(hass, menu, {"next_step_id": step})


def assert_form(result: SubentryFlowResult, step: str, errors: dict[str, str]) -> None:
    """Assert that a form is shown with errors."""
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert result["step_id"] == step


def suggested(form: SubentryFlowResult) -> dict[str, Any]:
    """Return what is in a form before anybody types."""
    assert form["data_schema"] is not None
    return _suggested(form["data_schema"])


def _suggested(schema: probatio.Schema) -> dict[str, Any]:
    """Return what is in a form or in a section of it."""
    found: dict[str, Any] = {}
    for key, kind in schema.schema.items():
        if isinstance(kind, section):
            found[str(key)] = _suggested(kind.schema)
        elif (value := get_schema_suggested_value(schema.schema, key)) is not None:
            found[str(key)] = value
    return found


def workers(menu: SubentryFlowResult) -> list[str]:
    """Return the workers that are shown."""
    assert menu["description_placeholders"] is not None
    return menu["description_placeholders"]["workers"].split("\n")


def find(fleet: MockConfigEntry, name: str = "Gold") -> ConfigSubentry:
    """Return a pool of the fleet by its name."""
    return fleet.subentries[pool_id(fleet, name)]


def miner(hass: HomeAssistant, title: str, mac: str | None = None) -> None:
    """Add a miner that is not set up."""
    identity = MinerIdentity(
        family=MinerFamily.AXEOS, manufacturer=None, model="Bitaxe Gamma", mac=mac
    )
    MockConfigEntry(
        domain=DOMAIN, title=title, data={CONF_IDENTITY: identity.as_dict()}
    ).add_to_hass(hass)


async def test_add(hass: HomeAssistant, start_pool: StartPool) -> None:
    """A pool that serves is there as soon as its workers were looked at."""
    miner(hass, "Kitchen, 2nd", "02:00:00:00:00:01")
    miner(hass, "Attic")
    fleet = await add_fleet(hass)
    stratum = await start_pool()
    form = await open_form(hass, fleet)
    assert suggested(form) == DEFAULTS
    # Not even a default password is shown.
    template = "bc1q.{model}-{miner}.{mac}"
    content = typed(
        f" {url_of(stratum)} ", name=" Gold ", worker=template, priority=3, weight=0
    )
    content["more"] = {"note": "mine", "probe_unused": False, "wait_for_work": True}
    menu = await submit(hass, form, content)
    assert workers(menu) == [
        "- Kitchen, 2nd: `bc1q.bitaxe-gamma-kitchen-2nd.020000000001`",
        "- Attic: `–`",
    ]
    assert stratum.authorized == [("bc1q.probe-probe.probe", "x")]
    assert not fleet.subentries
    result = await choose(hass, menu, "save")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Gold"
    assert find(fleet).data == pool_data(
        url=url_of(stratum),
        worker=template,
        password="x",
        priority=3,
        weight=0,
        note="mine",
        probe_unused=False,
        wait_for_work=True,
    )
    # Nobody uses it, so it was asked for the form only.
    assert state_of(hass, "sensor", find(fleet).subentry_id, "miners").state == "0"
    assert stratum.connections == 1


async def test_new_pool_is_known_to_serve(
    hass: HomeAssistant, start_pool: StartPool
) -> None:
    """What was found out for the form is shown at once, and not asked again."""
    fleet, stratum = await add_fleet(hass), await start_pool(Manners.REFUSES)
    form = await open_form(hass, fleet)
    content = typed(url_of(stratum), password=PASSWORD)
    assert_form(await submit(hass, form, content), "user", {"url": "refused"})
    # Whoever mends something need not wait.
    stratum.manners = Manners.SERVES
    menu = await submit(hass, form, content)
    assert workers(menu) == [f"- `{WORKER}`"]
    form = await choose(hass, menu, "change")
    assert_form(form, "user", {})
    assert suggested(form) == {**content, "save_anyway": False}
    menu = await submit(hass, form, content)
    await choose(hass, menu, "save")
    assert find(fleet).data["password"] == PASSWORD
    reachable = state_of(hass, "binary_sensor", pool_id(fleet, "Gold"), "reachable")
    assert reachable.state == STATE_ON
    assert stratum.connections == 2


FAULTS: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({"name": " "}, {"name": "name_needed"}),
    ({"name": " sILVER"}, {"name": "name_taken"}),
    ({"name": "x" * (LONGEST_NAME + 1)}, {"name": "name_too_long"}),
    ({"url": ""}, {"url": "address_unreadable"}),
    ({"url": "two words:3333"}, {"url": "address_unreadable"}),
    ({"url": "pool.example:65536"}, {"url": "address_unreadable"}),
    ({"url": "pool.example"}, {"url": "port_missing"}),
    ({"url": "https://pool.example:3333"}, {"url": "scheme_unknown"}),
    ({"url": "stratum+tcp://po,ol.example:3333"}, {"url": "not_sendable"}),
    ({"worker": ""}, {"worker": "not_sendable"}),
    ({"worker": "bc1q,{miner}"}, {"worker": "not_sendable"}),
    ({"worker": "bc1q {miner}"}, {"worker": "not_sendable"}),
    ({"worker": "bc1q.{name}"}, {"worker": "placeholder_unknown"}),
    ({"worker": "bc1q.{miner"}, {"worker": "placeholder_unknown"}),
    ({"password": "a,b"}, {"password": "not_sendable"}),
    ({"password": "pässword"}, {"password": "not_sendable"}),
    ({"name": "two\nlines"}, {"name": "name_characters"}),
    ({"name": "Unknown"}, {"name": "name_reserved"}),
    ({"statistics": {"service": "ckpool"}}, {"statistics": "secret_needed"}),
    (
        {"statistics": {"service": "braiins", "secret": " "}},
        {"statistics": "secret_needed"},
    ),
    (
        {"name": "", "url": "pool.example", "worker": "{}", "password": " "},
        {
            "name": "name_needed",
            "url": "port_missing",
            "worker": "placeholder_unknown",
            "password": "not_sendable",
        },
    ),
)


async def test_faults(hass: HomeAssistant, start_pool: StartPool) -> None:
    """What is wrong is told at its field, and what was typed stays. Nobody is asked."""
    fleet = await add_fleet(
        hass, pool("Gold", probe_unused=False), pool("Silver", probe_unused=False)
    )
    stratum = await start_pool()
    for step in ("user", "reconfigure"):
        form = await (open_form if step == "user" else reopen_form)(hass, fleet)
        for changes, errors in FAULTS:
            content = typed(url_of(stratum), name="Bronze") | changes
            form = await submit(hass, form, content)
            assert_form(form, step, errors)
            assert suggested(form) == content
    assert stratum.connections == 0
    assert len(fleet.subentries) == 2


async def test_pool_that_does_not_answer(
    hass: HomeAssistant, start_pool: StartPool
) -> None:
    """It can be saved all the same, by who says so."""
    fleet, stratum = await add_fleet(hass), await start_pool()
    await stratum.stop()
    form, content = await open_form(hass, fleet), typed(url_of(stratum))
    assert "save_anyway" not in form["data_schema"].schema  # type: ignore[union-attr]
    form = await submit(hass, form, content)
    for _ in range(2):
        assert_form(form, "user", {"url": "not_connected"})
        assert "save_anyway" in form["data_schema"].schema  # type: ignore[union-attr]
        form = await submit(hass, form, {**content, "save_anyway": False})
    content["save_anyway"] = True
    # What is wrong in itself is not saved by that.
    form = await submit(hass, form, {**content, "name": ""})
    assert_form(form, "user", {"name": "name_needed"})
    form = await choose(hass, await submit(hass, form, content), "change")
    assert suggested(form) == content
    result = await choose(hass, await submit(hass, form, content), "save")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert find(fleet).data == pool_data(url=url_of(stratum), worker=WORKER)


async def test_two_dialogs(hass: HomeAssistant, start_pool: StartPool) -> None:
    """A name that another dialog has taken meanwhile is not taken twice."""
    fleet, stratum = await add_fleet(hass), await start_pool()
    content = typed(url_of(stratum))
    menus = [await submit(hass, await open_form(hass, fleet), content) for _ in "12"]
    await choose(hass, menus[0], "save")
    form = await choose(hass, menus[1], "save")
    assert_form(form, "user", {"name": "name_taken"})
    assert suggested(form) == content


async def test_more_is_asked_of_a_pool(
    hass: HomeAssistant, start_pool: StartPool
) -> None:
    """That a pool answers does not say that it gives work."""
    stratum = await start_pool(Manners.NO_WORK)
    fleet = await add_fleet(hass, pool("Gold", url_of(stratum)))
    stratum.manners = Manners.REFUSES_WORKER
    content = typed(url_of(stratum), more={"probe_unused": True, "wait_for_work": True})
    form = await submit(hass, await reopen_form(hass, fleet), content)
    assert_form(form, "reconfigure", {"url": "refused"})


async def test_reconfigure(
    hass: HomeAssistant, start_pool: StartPool, service: PoolStatisticsServer
) -> None:
    """A pool is changed without its secrets being shown or lost."""
    stratum = await start_pool()
    service.accounts[SECRET] = Account()
    statistics = {"service": "ckpool", "secret": SECRET, "url": service.url}
    before = pool("Gold", url_of(stratum), statistics=statistics, note="mine", weight=3)
    fleet = await add_fleet(hass, before)
    subentry_id = pool_id(fleet, "Gold")

    async def change(content: dict[str, Any]) -> dict[str, Any]:
        form = await reopen_form(hass, fleet, fleet.subentries[subentry_id].title)
        menu = await submit(hass, form, content)
        result = await choose(hass, menu, "save")
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "reconfigure_successful"
        return dict(fleet.subentries[subentry_id].data)

    form = await reopen_form(hass, fleet)
    shown = suggested(form)
    assert shown == {
        "name": "Gold",
        "url": url_of(stratum),
        "worker": WORKER,
        "priority": 10,
        "weight": 3,
        "more": {"note": "mine", "probe_unused": True, "wait_for_work": False},
        "statistics": {"service": "ckpool", "url": service.url},
    }
    # What is there already begins nothing anew, and its own name is not taken.
    runtime = fleet.runtime_data
    data = dict(before["data"])
    assert await change(shown) == data
    assert fleet.runtime_data is runtime
    changes = {"name": "Silver", "worker": "other", "priority": 2}
    data |= {"worker": "other", "priority": 2}
    assert await change(shown | changes) == data
    assert find(fleet, "Silver").subentry_id == subentry_id
    device = find_device(hass, fleet, subentry_id)
    assert device is not None
    assert device.name == "Silver"
    assert fleet.runtime_data is not runtime
    data["password"] = "other-password"
    assert await change(shown | changes | {"password": "other-password"}) == data
    # A secret is not handed to another service.
    form = await reopen_form(hass, fleet, "Silver")
    braiins = shown | changes | {"statistics": {"service": "braiins"}}
    errors = {"statistics": "secret_needed"}
    assert_form(await submit(hass, form, braiins), "reconfigure", errors)
    del data["statistics"]
    assert await change(shown | changes | {"statistics": {}}) == data
    # All of it was known when the fleet was set up.
    assert (stratum.connections, len(service.requests)) == (1, 1)


async def test_statistics(hass: HomeAssistant, service: PoolStatisticsServer) -> None:
    """A service that tells of miners is tried too, once."""
    worker = PoolWorker(name="bench", hashrate=1e12)
    service.tokens[SECRET] = Account(workers=[worker])
    fleet = await add_fleet(hass)
    form = await open_form(hass, fleet)
    right = {"service": "braiins", "secret": SECRET, "url": service.url}
    for changes, fault, error in (
        ({"secret": "other"}, None, "secret_refused"),
        ({"secret": "../x"}, None, "secret_unusable"),
        ({"url": "ftp://127.0.0.1"}, None, "statistics_url_unusable"),
        ({}, PoolStatisticsFault.GARBAGE, "statistics_failed"),
    ):
        service.fault = fault
        content = typed(statistics=right | changes)
        form = await submit(hass, form, content)
        # Both that were tried are told.
        errors = {"statistics": error, "url": "not_connected"}
        assert_form(form, "user", errors)
        assert suggested(form).items() >= content.items()
    service.fault = None
    service.requests.clear()
    content = typed(statistics=right, save_anyway=False)
    form = await submit(hass, form, content)
    assert_form(form, "user", {"url": "not_connected"})
    await choose(
        hass, await submit(hass, form, {**content, "save_anyway": True}), "save"
    )
    assert find(fleet).data["statistics"] == right
    hashrate = state_of(hass, "sensor", pool_id(fleet, "Gold"), "pool_hashrate")
    assert float(hashrate.state) == 1
    assert len(service.requests) == 1


async def test_many_miners(hass: HomeAssistant) -> None:
    """Ten workers show what a template does."""
    for number in range(12):
        miner(hass, f"Miner {number}")
    fleet = await add_fleet(hass)
    form = await submit(hass, await open_form(hass, fleet), typed())
    menu = await submit(hass, form, typed(save_anyway=True))
    assert len(workers(menu)) == 11
    assert workers(menu)[9:] == ["- Miner 9: `bc1qcanaryaddress.miner-9`", "- …"]
