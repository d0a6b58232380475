"""Tests for taking over the configuration of the old application."""

from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet.importing import (
    ImportOutcome,
    async_import,
)
from custom_components.miner_controller.fleet.library import pools_of
from custom_components.miner_controller.fleet.old_configuration import (
    LineKind,
    OldConfigurationError,
)
from custom_components.miner_controller.miner.entries import async_miner_entries
from simulator.faults import Fault
from tests.devices import StartDevice
from tests.integration.conftest import AddMiner

from .arrangement import add_fleet, pool

CANARY = "canary-password"
ADDED, THERE, AWAY, ODD = (
    ImportOutcome.ADDED,
    ImportOutcome.ALREADY_THERE,
    ImportOutcome.NOT_REACHED,
    ImportOutcome.NOT_UNDERSTOOD,
)

NOWHERE = "127.0.0.1:9"


async def test_miners(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Each miner that answers becomes an entry under the name that it has had."""
    new = await start_device("axeos-2.15")
    nameless = await start_device("nerdqaxe-1.1.0")
    known = await start_device("avalon-nano3s")
    present = await add(known)
    moved = await start_device("axeos-2.10", seed=2)
    elsewhere = await add(moved)
    hass.config_entries.async_update_entry(
        elsewhere, title="Bench 2", data={**elsewhere.data, CONF_HOST: "127.0.0.9"}
    )
    # It is known by its address, also while it is away.
    await known.set_fault(Fault.REFUSE)
    fleet = await add_fleet(hass)
    lines = await async_import(
        hass,
        fleet,
        f"""
miners:
- {{name: Kitchen, miner_type: bitaxe, ip_address: 127.0.0.1, port: {new.port}}}
- {{name: Twin, ip_address: "http://127.0.0.1:{new.port}/"}}
- {{ip_address: 127.0.0.1, port: {nameless.port}}}
- {{name: Known, ip_address: 127.0.0.1, port: {known.port}}}
- {{name: Moved, ip_address: 127.0.0.1, port: {moved.port}}}
- {{name: Gone, ip_address: {NOWHERE}}}
- {{name: Computer, miner_type: xmrig, ip_address: {NOWHERE}}}
""",
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [(line.name, line.outcome) for line in lines] == [
        ("Kitchen", ADDED),
        ("Twin", THERE),
        (f"127.0.0.1:{nameless.port}", ADDED),
        ("Known", THERE),
        ("Moved", THERE),
        ("Gone", AWAY),
        ("Computer", ODD),
    ]
    assert {line.kind for line in lines} == {LineKind.MINER}
    entries = {entry.title: entry for entry in async_miner_entries(hass)}
    assert len(entries) == 4
    assert elsewhere.data[CONF_HOST] == "127.0.0.1"
    assert entries["Bench"] is present
    assert entries["Kitchen"].unique_id is not None
    (title,) = entries.keys() - {"Bench", "Bench 2", "Kitchen"}
    assert title.startswith("NerdQAxe")
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(hass), entries["Kitchen"].entry_id
    )
    assert device.name == "Kitchen"


async def test_pools(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    """Each pool becomes one of the library, where it is not in it already."""
    fleet = await add_fleet(
        hass,
        pool("Solo", worker="canary.{miner}"),
        pool("Other", "127.0.0.1:11", worker="canary.{mac}"),
    )
    lines = await async_import(
        hass,
        fleet,
        f"""
pools:
- {{name: solo, url: 127.0.0.1, port: 9, user: canary, password: {CANARY}}}
- {{name: SOLO, url: 127.0.0.1, port: 10, user: canary, password: {CANARY}, weight: 3}}
- {{name: solo, url: "stratum+tls://127.0.0.1:9", user: canary, priority: 2}}
- {{name: Again, url: 127.0.0.1, port: 10, user: canary}}
- {{name: Unknown, url: "127.0.0.1:9", user: "canary.{{shed}}"}}
- {{name: Spaces, url: "127.0.0.1:12", user: canary, password: two words}}
- {{name: Nowhere, url: 127.0.0.1, user: canary}}
""",
    )
    assert [(line.name, line.outcome) for line in lines] == [
        ("solo", THERE),
        ("SOLO", ADDED),
        ("solo", ADDED),
        ("Again", THERE),
        ("Unknown", ODD),
        ("Spaces", ODD),
        ("Nowhere", ODD),
    ]
    assert {line.kind for line in lines} == {LineKind.POOL}
    found = {each.name: each for each in pools_of(fleet)}
    assert found.keys() == {"Solo", "Other", "SOLO (2)", "solo (3)"}
    added = found["SOLO (2)"]
    assert str(added.address) == "stratum+tcp://127.0.0.1:10"
    assert (added.worker, added.password) == ("canary.{miner}", CANARY)
    assert (added.priority, added.weight) == (10, 3)
    assert found["solo (3)"].address.tls
    assert found["solo (3)"].priority == 2
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.async_get_entry(fleet.entry_id) is fleet
    assert CANARY not in caplog.text
    assert CANARY not in repr(lines)


async def test_no_configuration(hass: HomeAssistant) -> None:
    """A text that is no configuration changes nothing."""
    fleet = await add_fleet(hass)
    with pytest.raises(OldConfigurationError):
        await async_import(hass, fleet, "just text")
    assert pools_of(fleet) == ()
    assert [entry.domain for entry in hass.config_entries.async_entries(DOMAIN)] == [
        DOMAIN
    ]
