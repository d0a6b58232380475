"""Tests for asking pools whether they serve, and how seldom, with real pools."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
import ssl
from types import MappingProxyType
from typing import Any, override
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.fleet.coordinator import FleetCoordinator
from simulator.stratum import Manners, StratumPool
from tests.devices import StartDevice
from tests.integration import poll, until
from tests.integration.conftest import AddMiner
from tests.protocols.test_stratum import certificate

from .arrangement import (
    AWAY,
    PASSWORD,
    StartPool,
    add_fleet,
    entity_id_of,
    fleet_entry,
    pass_time,
    pool,
    pool_id,
    reload,
    state_of,
    url_of,
    work_for,
)

__all__ = ["certificate"]

type Certificate = tuple[Path, Path]

PROBE = "bc1qcanaryaddress.probe"

# Long enough for the next probe with the longest jitter, unless it is put off.
PERIOD = 362


def reachable(
    hass: HomeAssistant, fleet: MockConfigEntry, name: str = "Gold"
) -> tuple[str, Mapping[str, Any]]:
    """Return whether a pool is shown to be reachable, with what is told of it."""
    state = state_of(hass, "binary_sensor", pool_id(fleet, name), "reachable")
    return state.state, state.attributes


def response_time(
    hass: HomeAssistant, fleet: MockConfigEntry, name: str = "Gold"
) -> str:
    """Return the response time that is shown of a pool."""
    return state_of(hass, "sensor", pool_id(fleet, name), "response_time").state


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What comes of a pool that is asked, None for one that serves."""

    manners: Manners
    problem: str | None = None
    wait_for_work: bool = False
    scheme: str = "stratum+tcp"


MEETINGS = {
    "serves": Meeting(manners=Manners.SERVES),
    "refuses": Meeting(manners=Manners.REFUSES, problem="refused"),
    "drops": Meeting(manners=Manners.DROPS, problem="no_answer"),
    "chatters": Meeting(manners=Manners.CHATTERS, problem="no_answer"),
    "half": Meeting(manners=Manners.HALF_A_LINE, problem="no_answer"),
    "page": Meeting(manners=Manners.NOT_JSON, problem="not_stratum"),
    "list": Meeting(manners=Manners.NO_OBJECT, problem="not_stratum"),
    "long": Meeting(manners=Manners.LONG_LINE, problem="not_stratum"),
    "plain": Meeting(
        manners=Manners.SERVES, scheme="stratum+tls", problem="not_secured"
    ),
    "second": Meeting(manners=Manners.SERVES, scheme="stratum2+tcp"),
    "works": Meeting(manners=Manners.SERVES, wait_for_work=True),
    "locked": Meeting(
        manners=Manners.REFUSES_WORKER, wait_for_work=True, problem="refused"
    ),
    # These are waited for.
    "silent": Meeting(manners=Manners.SILENT, problem="no_answer"),
    "idle": Meeting(manners=Manners.NO_WORK, wait_for_work=True, problem="no_work"),
}


async def test_manners(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, start_pool: StartPool
) -> None:
    """Each way to treat a miner badly is told from the others."""
    pools = {
        name: await start_pool(meeting.manners) for name, meeting in MEETINGS.items()
    }
    fleet = fleet_entry(
        *(
            pool(
                name,
                url_of(pools[name], meeting.scheme),
                wait_for_work=meeting.wait_for_work,
            )
            for name, meeting in MEETINGS.items()
        ),
        pool("nobody", AWAY),
    )
    fleet.add_to_hass(hass)
    # Nobody waits for pools, even for the slowest ones.
    assert await hass.config_entries.async_setup(fleet.entry_id)
    await until(lambda: bool(pools["idle"].authorized and pools["silent"].connections))
    for name in ("silent", "idle"):
        assert reachable(hass, fleet, name)[0] == STATE_UNKNOWN
    await until(
        lambda: all(
            reachable(hass, fleet, name)[0] != STATE_UNKNOWN
            for name in {*MEETINGS, "nobody"} - {"silent", "idle"}
        )
    )
    freezer.tick(6)
    await hass.async_block_till_done(wait_background_tasks=True)
    problems = {name: meeting.problem for name, meeting in MEETINGS.items()}
    problems["nobody"] = "not_connected"
    for name, problem in problems.items():
        state, attributes = reachable(hass, fleet, name)
        assert (attributes["problem"], state) == (
            problem,
            STATE_ON if problem is None else STATE_OFF,
        ), name
        assert (response_time(hass, fleet, name) == STATE_UNKNOWN) is (
            problem is not None
        ), name
    steps = ["resolved", "connected", "secured", "answered", "working"]
    for name, taken in {
        "nobody": steps[:1],
        "plain": steps[:2],
        "second": steps[:2],
        "serves": [*steps[:2], "answered"],
        "works": [*steps[:2], "answered", "working"],
    }.items():
        attributes = reachable(hass, fleet, name)[1]
        assert [step for step in steps if step in attributes] == taken
    # Nobody logs in but where that was asked for, and under a name of its own.
    for name, each in pools.items():
        logged_in = [(PROBE, PASSWORD)] if name in ("works", "idle") else []
        assert each.authorized == logged_in
    assert pools["second"].subscribed == []


class SlowPool(StratumPool):
    """A pool for whose answer the home's clock goes on."""

    freezer: FrozenDateTimeFactory

    @override
    def _answer(self, line: bytes, writer: Any) -> None:
        """Answer after a quarter of a second."""
        self.freezer.tick(0.25)
        super()._answer(line, writer)


async def test_response_time_with_tls(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    certificate: Certificate,
) -> None:
    """The time until a miner is answered is shown, also where all is encrypted."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(*certificate)
    trusted = ssl.create_default_context(cafile=certificate[0])
    async with SlowPool(tls=served) as stratum:
        stratum.freezer = freezer
        with patch(
            "custom_components.miner_controller.fleet.pool_health.get_default_context",
            return_value=trusted,
        ):
            fleet = await add_fleet(hass, pool("Gold", url_of(stratum, "stratum+tls")))
    state, attributes = reachable(hass, fleet)
    assert state == STATE_ON
    assert response_time(hass, fleet) == "250.0"
    assert (attributes["answered"], attributes["secured"]) == (250, 0)


async def test_probes_are_rare(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, start_pool: StartPool
) -> None:
    """An address is asked once in five minutes, whoever wants to know."""
    assert await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    stratum = await start_pool()
    fleet = await add_fleet(
        hass,
        pool("Gold", url_of(stratum)),
        pool("Silver", url_of(stratum), worker="other"),
    )
    assert stratum.connections == 1

    async def nothing_is_asked() -> None:
        for name in ("Gold", "Silver"):
            entity_id = entity_id_of(
                hass, "binary_sensor", pool_id(fleet, name), "reachable"
            )
            await hass.services.async_call(
                HOMEASSISTANT_DOMAIN,
                SERVICE_UPDATE_ENTITY,
                {ATTR_ENTITY_ID: entity_id},
                blocking=True,
            )
        await reload(hass, fleet)
        assert stratum.connections == 1
        for name in ("Gold", "Silver"):
            assert reachable(hass, fleet, name)[0] == STATE_ON

    await nothing_is_asked()
    await pass_time(hass, freezer, 150)
    await nothing_is_asked()
    await pass_time(hass, freezer, 149)
    assert stratum.connections == 1
    await pass_time(hass, freezer, PERIOD - 299)
    assert stratum.connections == 2
    # It is missed at the next probe and not before.
    await stratum.stop()
    await pass_time(hass, freezer, 299)
    assert reachable(hass, fleet)[0] == STATE_ON
    await pass_time(hass, freezer, PERIOD - 299)
    assert reachable(hass, fleet)[0] == STATE_OFF


async def test_question_outlives_a_reload(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, start_pool: StartPool
) -> None:
    """A reload in the midst of it does not cut it short, and nobody asks twice."""
    stratum = await start_pool(Manners.SILENT)
    fleet = fleet_entry(pool("Gold", url_of(stratum)))
    fleet.add_to_hass(hass)
    assert await hass.config_entries.async_setup(fleet.entry_id)
    await until(lambda: stratum.connections == 1)
    assert await hass.config_entries.async_reload(fleet.entry_id)
    assert reachable(hass, fleet)[0] == STATE_UNKNOWN
    freezer.tick(6)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert reachable(hass, fleet)[0] == STATE_OFF
    assert stratum.connections == 1


async def test_pool_that_comes_while_the_fleet_is_set_up(hass: HomeAssistant) -> None:
    """It has its entities too."""
    fleet = fleet_entry(pool("Gold", probe_unused=False))
    fleet.add_to_hass(hass)

    class Coordinator(FleetCoordinator):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            if len(fleet.subentries) == 1:
                late = pool("Late", probe_unused=False)
                hass.config_entries.async_add_subentry(
                    fleet,
                    ConfigSubentry(**{**late, "data": MappingProxyType(late["data"])}),  # type: ignore[arg-type]
                )

    with patch(
        "custom_components.miner_controller.fleet.setup.FleetCoordinator", Coordinator
    ):
        # It is set up anew before that is over.
        await hass.config_entries.async_setup(fleet.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert len(fleet.subentries) == 2
    for name in ("Gold", "Late"):
        assert reachable(hass, fleet, name)[0] == STATE_UNKNOWN


async def test_pool_that_fails_is_asked_less_often(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, start_pool: StartPool
) -> None:
    """It is left alone for longer and longer, up to 20 minutes, until it serves."""
    stratum = await start_pool(Manners.DROPS)
    fleet = await add_fleet(hass, pool("Gold", url_of(stratum)))
    asked = 1
    for wait in (300, 600, 1200, 1200):
        await pass_time(hass, freezer, wait - 1)
        assert stratum.connections == asked
        asked += 1
        await pass_time(hass, freezer, PERIOD - 299)
        assert stratum.connections == asked
    stratum.manners = Manners.SERVES
    await pass_time(hass, freezer, 1262)
    assert reachable(hass, fleet)[0] == STATE_ON
    await pass_time(hass, freezer, PERIOD)
    assert stratum.connections == asked + 2


async def test_pool_that_nobody_uses(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    start_pool: StartPool,
    add: AddMiner,
) -> None:
    """It is asked from when a miner uses it until none does, if its user wants that."""
    stratum, always = await start_pool(), await start_pool()
    fleet = await add_fleet(
        hass,
        pool("Gold", url_of(stratum), probe_unused=False),
        pool("Silver", url_of(always)),
    )
    assert (stratum.connections, always.connections) == (0, 1)
    assert reachable(hass, fleet)[0] == response_time(hass, fleet) == STATE_UNKNOWN
    assert "problem" not in reachable(hass, fleet)[1]
    device = await start_device("axeos-2.14")
    told = work_for(device, stratum)
    await add(device)
    await pass_time(hass, freezer, PERIOD)
    assert (stratum.connections, reachable(hass, fleet)[0]) == (1, STATE_ON)
    told["stratumPort"] = always.port
    await poll(hass, freezer, device)
    await pass_time(hass, freezer, PERIOD)
    assert (stratum.connections, reachable(hass, fleet)[0]) == (1, STATE_UNKNOWN)
    assert reachable(hass, fleet, "Silver")[0] == STATE_ON
