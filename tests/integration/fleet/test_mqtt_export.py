"""Tests for telemetry that is published by MQTT."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
import logging
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.miner_controller.const import DOMAIN
from simulator.identity import PAYOUT, WIFI_NAME
from simulator.octopus import CURRENT, OctopusServer
from tests.devices import StartDevice
from tests.integration import known_miner, poll, prices, set_up
from tests.integration.conftest import AddMiner

from .arrangement import add_fleet, catch_up
from .mqtt_broker import Broker

type AddExport = Callable[..., Awaitable[MockConfigEntry]]

FLEET = "custom_components.miner_controller.fleet"
LOGGER_NAME = "custom_components.miner_controller"


@pytest.fixture
async def broker(
    hass: HomeAssistant, mock_hass_config: None, mqtt_client_mock: Any
) -> AsyncIterator[Broker]:
    """Return a broker that the MQTT integration will be connected to."""
    broker = Broker(hass, mqtt_client_mock)
    yield broker
    await broker.remove()


def exported(**changes: Any) -> dict[str, Any]:
    """Return the options of a fleet that publishes telemetry."""
    return {"mqtt": {"prefix": "miner", "qos": 0, "retain": False, **changes}}


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the repair that asks for the MQTT integration."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"mqtt_missing_{entry.entry_id}")


async def change(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, **changes: Any
) -> None:
    """Change an entry as its user would, and wait for what follows."""
    hass.config_entries.async_update_entry(entry, **changes)
    await broker.settle()


async def test_a_day_of_a_miner(
    hass: HomeAssistant,
    broker: Broker,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each poll is told once, and that a miner goes away and comes back."""
    await broker.add()
    device = await start_device("axeos-2.12")
    miner = await add(device)
    await add_fleet(hass, options=exported(qos=1))
    assert sorted(broker.topics()) == [
        "miner/bench/status",
        "miner/bench/telemetry",
        "miner/fleet/telemetry",
    ]
    assert broker.retained == {"miner/bench/status": "online"}
    assert {qos for _, _, qos, _ in broker.messages} == {1}
    assert broker.told("miner/bench/telemetry")[0]["state"] == "hashing"

    broker.clear()
    await catch_up(hass, freezer)
    assert broker.messages == []
    await poll(hass, freezer, device)
    assert broker.topics() == ["miner/fleet/telemetry", "miner/bench/telemetry"]
    # Entities are updated without a poll too, as when a linked switch is used.
    miner.runtime_data.async_update_listeners()
    await broker.settle()
    assert len(broker.told("miner/bench/telemetry")) == 1

    await device.stop()
    broker.clear()
    for _ in range(3):
        await poll(hass, freezer, seconds=60)
    (away,) = broker.told("miner/bench/telemetry")
    assert (away["state"], away["hashrate_hs"]) == ("offline", None)
    assert broker.topics().count("miner/bench/status") == 1
    assert broker.retained == {"miner/bench/status": "offline"}

    await device.start(device.host, device.port)
    await poll(hass, freezer, device, seconds=60)
    assert broker.told("miner/bench/telemetry")[-1]["state"] == "hashing"
    assert broker.retained == {"miner/bench/status": "online"}

    everything = str(broker.messages)
    assert device.settings.pools[0].user.startswith(PAYOUT)  # type: ignore[union-attr]
    mac = miner.runtime_data.identity.mac
    for secret in (PAYOUT, WIFI_NAME, mac, mac.replace(":", ""), device.host):
        assert secret.lower() not in everything.lower()


async def test_names(
    hass: HomeAssistant,
    broker: Broker,
    start_device: StartDevice,
    freezer: FrozenDateTimeFactory,
) -> None:
    """No name makes a wildcard, and a renamed miner leaves nothing behind."""
    await broker.add()
    names = ("+/#\0", "🔥", "Fleet", "Price")
    miners = []
    for seed, name in enumerate(names):
        miner = await known_miner(hass, await start_device("axeos-2.12", seed=seed))
        hass.config_entries.async_update_entry(miner, title=name)
        miners.append(miner)
    await set_up(hass, miners[0])
    fleet = await add_fleet(hass, options=exported(retain=True))
    second = f"unknown_{miners[1].entry_id[-6:].lower()}"
    slugs = {"unknown", second, "fleet_miner", "price_miner"}
    expected = {f"miner/{slug}/status": "online" for slug in slugs}
    statuses = {t: p for t, p in broker.retained.items() if t.endswith("/status")}
    assert statuses == expected
    assert broker.retained.keys() - statuses == {
        "miner/fleet/telemetry",
        *(f"miner/{slug}/telemetry" for slug in slugs),
    }

    # The namesake does not move when the other one gets a better name.
    broker.clear()
    await change(hass, broker, miners[0], title="Attic")
    assert [m for m in broker.messages if "/unknown/" in m[0]] == [
        ("miner/unknown/status", "", 1, True),
        ("miner/unknown/telemetry", "", 1, True),
    ]
    assert broker.retained["miner/attic/status"] == "online"
    assert broker.retained[f"miner/{second}/status"] == "online"
    await hass.config_entries.async_reload(fleet.entry_id)
    await broker.settle()
    assert broker.retained[f"miner/{second}/status"] == "online"

    # A name that makes the same slug is told with the next poll at the latest.
    broker.clear()
    await change(hass, broker, miners[0], title="Attic!")
    assert [told["name"] for told in broker.told("miner/attic/telemetry")] == ["Attic!"]


async def test_prices(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
) -> None:
    """A price is told when it changes, and each tariff has a topic."""
    freezer.move_to(prices.MORNING)
    await broker.add()
    fleet = await add_fleet(hass, options=exported(retain=True))
    async with OctopusServer() as server:
        first = await prices.set_up(hass, prices.tariff_entry(server))
        before = broker.told("miner/price")[-1]
        assert before["price"] == prices.price_at(server, prices.MORNING)
        assert before["tariff"] == "Agile"
        broker.clear()
        await prices.live_until(
            hass, freezer, first, prices.MORNING + timedelta(minutes=50)
        )
        (after,) = broker.told("miner/price")
        assert after["start"] == before["next_start"] == before["end"]
        assert after["price"] == before["next_price"]

        # While a tariff is being set up anew, what was told holds.
        broker.clear()
        await prices.restart(hass, first)
        assert "miner/price" not in broker.topics()
        await hass.config_entries.async_reload(fleet.entry_id)
        await broker.settle()
        assert broker.topics().count("miner/price") == 1

        broker.clear()
        second = await prices.set_up(hass, prices.tariff_entry(server, region="A"))
        assert "miner/price" not in broker.topics()
        assert broker.told("miner/price/agile")[-1]["price"] is not None
        await hass.config_entries.async_set_disabled_by(
            second.entry_id, ConfigEntryDisabler.USER
        )
        await broker.settle()
        assert "miner/price/agile" not in broker.retained
        assert "miner/price" in broker.retained
        await hass.config_entries.async_remove(first.entry_id)
        await broker.settle()
        assert "miner/price" not in broker.retained
    assert CURRENT not in str(broker.messages)


async def test_mqtt_is_missing(
    hass: HomeAssistant, broker: Broker, start_device: StartDevice, add: AddMiner
) -> None:
    """A repair asks for the MQTT integration until it is there."""
    await add(await start_device("axeos-2.12"))
    fleet = await add_fleet(hass, options=exported())
    found = issue(hass, fleet)
    assert found is not None
    assert found.translation_key == "mqtt_missing"
    await hass.config_entries.async_reload(fleet.entry_id)
    assert issue(hass, fleet) is not None

    mqtt = await broker.add()
    assert issue(hass, fleet) is None
    assert broker.retained == {"miner/bench/status": "online"}

    await hass.config_entries.async_set_disabled_by(
        mqtt.entry_id, ConfigEntryDisabler.USER
    )
    await broker.settle()
    assert issue(hass, fleet) is not None
    await hass.config_entries.async_set_disabled_by(
        fleet.entry_id, ConfigEntryDisabler.USER
    )
    await broker.settle()
    assert issue(hass, fleet) is None
    await hass.config_entries.async_remove(fleet.entry_id)


async def test_broker_goes_and_comes(
    hass: HomeAssistant,
    broker: Broker,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is kept for a broker that is away, which then gets the newest."""
    await broker.add()
    device = await start_device("axeos-2.12")
    await add(device)
    await add_fleet(hass, options=exported())
    await broker.go()
    broker.clear()
    for _ in range(3):
        await poll(hass, freezer, device)
        await catch_up(hass, freezer)
    assert broker.messages == []
    # It was restarted, and keeps nothing over that.
    broker.retained.clear()
    await broker.come()
    assert sorted(broker.topics()) == [
        "miner/bench/status",
        "miner/bench/telemetry",
        "miner/fleet/telemetry",
    ]
    assert broker.retained == {"miner/bench/status": "online"}
    assert not [
        record
        for record in caplog.records
        if record.name == LOGGER_NAME and record.levelno >= logging.WARNING
    ]


async def test_publishing_fails(
    hass: HomeAssistant,
    broker: Broker,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A connection that is dead is complained of once, until there is another one."""
    await broker.add()
    device = await start_device("axeos-2.12")
    await add(device)
    await add_fleet(hass, options=exported())

    def complaints() -> int:
        return sum(
            "Telemetry could not be published" in r.getMessage() for r in caplog.records
        )

    broker.failing = True
    for _ in range(2):
        await poll(hass, freezer, device)
        await catch_up(hass, freezer)
    assert complaints() == 1
    await broker.go()
    await broker.come()
    assert complaints() == 2
    broker.failing = False
    broker.clear()
    await broker.come()
    assert len(broker.messages) == 3
    assert complaints() == 2


async def test_slow_broker(
    hass: HomeAssistant, broker: Broker, start_device: StartDevice, add: AddMiner
) -> None:
    """What waits for a broker that is slow makes room for what is newer."""
    await broker.add()
    device = await start_device("axeos-2.12")
    miner = await add(device)
    fleet = await add_fleet(hass, options=exported(qos=2))
    broker.clear()
    broker.slow = True
    for _ in range(4):
        device.advance(15)
        await miner.runtime_data.async_refresh()
    assert broker.topics() == ["miner/fleet/telemetry"]
    broker.answer()
    await broker.settle()
    (newest,) = broker.told("miner/bench/telemetry")
    assert newest["uptime_s"] == miner.runtime_data.data.uptime

    # What waits goes with its topic.
    broker.clear()
    broker.slow = True
    for title in ("Attic", "Shed", "Barn"):
        hass.config_entries.async_update_entry(miner, title=title)
        await hass.async_block_till_done()
    broker.answer()
    await broker.settle()
    assert broker.retained == {"miner/barn/status": "online"}
    assert {topic.split("/")[1] for topic in broker.topics()} == {"bench", "barn"}

    # Nobody waits long for its last answers.
    broker.slow = True
    with (
        patch(f"{FLEET}.mqtt_outbox._LAST_WORDS_LIMIT", 0.05),
        patch(f"{FLEET}.mqtt_export._CLEANING_LIMIT", 0.05),
    ):
        await hass.config_entries.async_remove(fleet.entry_id)
    assert fleet.state is ConfigEntryState.NOT_LOADED


async def cleaned_by(
    hass: HomeAssistant, broker: Broker, fleet: MockConfigEntry, miner: MockConfigEntry
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Return what makes retained messages obsolete, by what is left of them."""
    entries = hass.config_entries

    def options(**changes: Any) -> Callable[[], Awaitable[None]]:
        return lambda: change(hass, broker, fleet, options=exported(**changes))

    return {
        "status fleet telemetry": options(retain=True),
        "status": options(retain=False),
        "moved": options(prefix="home/attic", retain=True),
        "fleet": lambda: entries.async_remove(miner.entry_id),
        "disabled": lambda: entries.async_set_disabled_by(
            miner.entry_id, ConfigEntryDisabler.USER
        ),
        "off": lambda: change(hass, broker, fleet, options={}),
        "removed": lambda: entries.async_remove(fleet.entry_id),
    }


LEFT = {
    "status fleet telemetry": {
        "miner/bench/status",
        "miner/bench/telemetry",
        "miner/fleet/telemetry",
    },
    "status": {"miner/bench/status"},
    "moved": {
        "home/attic/bench/status",
        "home/attic/bench/telemetry",
        "home/attic/fleet/telemetry",
    },
    "fleet": {"miner/fleet/telemetry"},
    "disabled": {"miner/fleet/telemetry"},
    "off": set(),
    "removed": set(),
}


@pytest.mark.parametrize("away", [False, True])
async def test_cleaning(
    hass: HomeAssistant,
    broker: Broker,
    start_device: StartDevice,
    add: AddMiner,
    away: bool,
) -> None:
    """Whatever is obsolete goes from the broker, as soon as it is there."""
    await broker.add()
    device = await start_device("axeos-2.12")
    for what, expected in LEFT.items():
        if away and what in {"status fleet telemetry", "disabled", "removed"}:
            # There is nothing to clean, it is like another case, and nobody is left
            # who could clean up.
            continue
        miner = await add(device)
        fleet = await add_fleet(hass, options=exported(retain=True))
        assert broker.retained.keys() == LEFT["status fleet telemetry"]
        if away:
            await broker.go()
        await (await cleaned_by(hass, broker, fleet, miner))[what]()
        await broker.settle()
        if away:
            assert broker.retained.keys() == LEFT["status fleet telemetry"]
            # It is remembered over a restart too.
            await hass.config_entries.async_reload(fleet.entry_id)
            await broker.come()
        assert broker.retained.keys() == expected, what
        for entry in hass.config_entries.async_entries(DOMAIN):
            await hass.config_entries.async_remove(entry.entry_id)
        await broker.settle()
        assert broker.retained == {}


async def test_the_end(
    hass: HomeAssistant, broker: Broker, start_device: StartDevice, add: AddMiner
) -> None:
    """A reload cleans nothing, and neither does the end, which is told in time."""
    await broker.add()
    device = await start_device("axeos-2.12")
    await add(device)
    fleet = await add_fleet(hass, options=exported(retain=True))
    broker.clear()
    await hass.config_entries.async_reload(fleet.entry_id)
    await broker.settle()
    assert "" not in {payload for _, payload, *_ in broker.messages}
    # Nobody shall believe that the miner was away meanwhile.
    assert {p for t, p, *_ in broker.messages if t == "miner/bench/status"} == {
        "online"
    }

    broker.clear()
    told: list[list[str]] = []
    hass.bus.async_listen_once(
        "homeassistant_stop", lambda _: told.append(broker.topics())
    )
    await hass.async_stop(force=True)
    # The MQTT integration ends with that event.
    assert told == [["miner/bench/status"]]
    assert broker.retained["miner/bench/status"] == "offline"


async def test_damaged_memory(
    hass: HomeAssistant,
    broker: Broker,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """What somebody did to the file is told, and keeps nothing from working."""
    await broker.add()
    await add(await start_device("axeos-2.12"))
    fleet = await add_fleet(hass, options=exported())
    key = f"{DOMAIN}.mqtt_{fleet.entry_id}"
    for data in (
        {"retained": [1], "slugs": {}},
        {"retained": [], "slugs": {"a": 1}},
        7,
    ):
        await hass.config_entries.async_unload(fleet.entry_id)
        assert hass_storage[key]["data"]["retained"] == ["miner/bench/status"]
        hass_storage[key]["data"] = data
        caplog.clear()
        await set_up(hass, fleet)
        assert "What was stored of the MQTT export cannot be read" in caplog.text
        assert broker.retained == {"miner/bench/status": "online"}


async def test_nothing_is_published_without_the_option(
    hass: HomeAssistant, broker: Broker, start_device: StartDevice, add: AddMiner
) -> None:
    """A fleet that is not to publish anything needs no MQTT integration."""
    await add(await start_device("axeos-2.12"))
    fleet = await add_fleet(hass)
    assert issue(hass, fleet) is None
    await broker.add()
    assert broker.messages == []
