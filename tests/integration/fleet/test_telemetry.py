"""Tests for what is told to others, and under which topics."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import re
from types import SimpleNamespace
from typing import Any, cast

from homeassistant.core import HomeAssistant
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.fleet.members import Member, async_members
from custom_components.miner_controller.fleet.mqtt_options import (
    MqttOptions,
    prefix_fault,
)
from custom_components.miner_controller.fleet.mqtt_topics import (
    RESERVED,
    assign_slugs,
)
from custom_components.miner_controller.fleet.share_counts import Shares
from custom_components.miner_controller.fleet.telemetry import (
    Telemetry,
    TelemetryState,
    fleet_telemetry,
    miner_state,
    miner_telemetry,
    price_telemetry,
)
from custom_components.miner_controller.fleet.totals import (
    Attention,
    Concern,
    Held,
    Totals,
)
from custom_components.miner_controller.planning.overview import Overview
from custom_components.miner_controller.planning.slots import Slot
from custom_components.miner_controller.protocols.model import MinerStatus
from tests.devices import StartDevice
from tests.integration.conftest import AddMiner

NOW = datetime(2026, 11, 10, 10, 5, 0, 123, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[3] / "docs" / "mqtt.md"


def documented(heading: str) -> list[str]:
    """Return the names in the first column of the first table under a heading."""
    section = DOCUMENT.read_text("utf-8").split(f"\n### {heading}\n")[1]
    table = next(
        part for part in section.split("\n\n") if part.lstrip().startswith("|")
    )
    return re.findall(r"^\| `(\w+)`", table, re.MULTILINE)


def member(status: MinerStatus | None, **coordinator: Any) -> Member:
    """Return a miner that is set up, with what its coordinator holds."""
    known = {"last_update_success": status is not None, "powered_off": False}
    return Member(
        entry=MockConfigEntry(title="Bench"),
        coordinator=cast(
            "Any", SimpleNamespace(**{**known, "data": status, **coordinator})
        ),
    )


def test_state() -> None:
    """The state tells what a miner does, and nothing where that is not known."""
    paused = MinerStatus(mining=False)
    for subject, state in (
        (member(MinerStatus(), hashing=True), TelemetryState.HASHING),
        (member(MinerStatus(), hashing=False), TelemetryState.IDLE),
        (member(MinerStatus(), hashing=None), None),
        (member(paused, hashing=False), TelemetryState.PAUSED),
        (
            member(replace(paused, overheated=True), hashing=False),
            TelemetryState.OVERHEATED,
        ),
        (member(None), TelemetryState.OFFLINE),
        (member(None, powered_off=True), TelemetryState.POWERED_OFF),
        (
            Member(entry=MockConfigEntry(), coordinator=None),
            TelemetryState.OFFLINE,
        ),
    ):
        assert miner_state(subject) == state


async def _only_member(hass: HomeAssistant) -> Member:
    (found,) = async_members(hass)
    return found


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (
            "axeos-2.12",
            {"family": "axeos", "firmware": "v2.12.0", "mode": "standard"},
        ),
        ("avalon-nano3s", {"family": "avalon", "frequency_mhz": None}),
        # It has no sensor of its power, and no preset.
        ("nmminer-2.0.04", {"family": "nmminer", "power_w": None, "mode": None}),
    ],
)
async def test_miner(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    expected: Telemetry,
) -> None:
    """A miner of any family tells what it knows under the documented names."""
    await add(await start_device(profile))
    found = await _only_member(hass)
    told = miner_telemetry(found, NOW)
    assert list(told) == documented("A miner")
    assert told.items() >= expected.items()
    assert told["time"] == "2026-11-10T10:05:00+00:00"
    assert told["name"] == "Bench"
    assert told["state"] == "hashing"
    status = found.status
    assert status is not None
    assert status.hashrate is not None
    assert told["hashrate_hs"] == status.hashrate > 0
    assert told["fan_rpm"] == (status.fan_rpms[0] if status.fan_rpms else None)
    assert (told["efficiency_j_th"] is None) == (status.efficiency is None)
    assert status.active_pool is not None
    assert told["pool"] == status.active_pool.address


async def test_miner_of_own_settings(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What is none of the modes is told as the select shows it."""
    device = await start_device("axeos-2.12")
    device.settings.frequency = 431  # type: ignore[union-attr]
    await add(device)
    found = await _only_member(hass)
    assert miner_telemetry(found, NOW)["mode"] == "custom"


async def test_miner_that_is_not_set_up(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Who a miner is is known without it, and nothing else is made up."""
    entry = await add(await start_device("axeos-2.12"))
    assert await hass.config_entries.async_unload(entry.entry_id)
    told = miner_telemetry(await _only_member(hass), NOW)
    known = {key: value for key, value in told.items() if value is not None}
    assert known.keys() == {
        *("schema", "time", "name", "model", "firmware", "family", "state")
    }
    assert known["state"] == "offline"


async def test_miner_that_is_switched_off(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """That a miner without electricity draws nothing is known."""
    hass.states.async_set("switch.plug", "off")
    device = await start_device("axeos-2.12")
    entry = await add(device, power_switch="switch.plug")
    await device.stop()
    await entry.runtime_data.async_refresh()
    told = miner_telemetry(await _only_member(hass), NOW)
    assert (told["state"], told["power_w"]) == ("powered_off", 0)
    assert told["hashrate_hs"] is told["temperature_c"] is told["mode"] is None


def totals(**changes: Any) -> Totals:
    """Return the totals of a home in which nothing is known but what is given."""
    nothing: dict[str, Any] = {
        "hashrate": None,
        "power": None,
        "efficiency": None,
        "energy": 0,
        "shares_today": Shares(),
        "online": 0,
        "total": 0,
        "concerns": (),
        "hottest_chip": None,
        "best_difficulty": None,
        "pool_miners": {},
    }
    return Totals(**{**nothing, **changes})


def test_fleet() -> None:
    """The totals are told under the documented names."""
    told = fleet_telemetry(
        totals(
            hashrate=2e12,
            power=31.23,
            efficiency=15.61512,
            energy=1.2345678,
            shares_today=Shares(accepted=7, rejected=1),
            online=2,
            total=3,
            concerns=(
                Concern(miner="Attic", entry_id="attic", reasons=(Attention.AWAY,)),
            ),
            hottest_chip=Held(value=61.5, miner="Bench"),
            best_difficulty=Held(value=4.2e9, miner="Shelf"),
        ),
        NOW,
    )
    assert list(told) == documented("All miners together")
    assert told == {
        "schema": 1,
        "time": "2026-11-10T10:05:00+00:00",
        "miners_total": 3,
        "miners_online": 2,
        "miners_needing_attention": 1,
        "hashrate_hs": 2e12,
        "power_w": 31.2,
        "efficiency_j_th": 15.615,
        "energy_kwh": 1.234568,
        "shares_accepted_today": 7,
        "shares_rejected_today": 1,
        "hottest_chip_c": 61.5,
        "hottest_chip_miner": "Bench",
        "best_difficulty": 4.2e9,
        "best_difficulty_miner": "Shelf",
    }


def test_fleet_of_which_nothing_is_known() -> None:
    """What no miner tells is not told as zero."""
    told = fleet_telemetry(totals(), NOW)
    assert {key for key, value in told.items() if value is None} == {
        "hashrate_hs",
        "power_w",
        "efficiency_j_th",
        "hottest_chip_c",
        "hottest_chip_miner",
        "best_difficulty",
        "best_difficulty_miner",
    }


def test_price() -> None:
    """Prices are told in UTC, and are not made up."""
    start, half = datetime(2026, 11, 10, 10, tzinfo=UTC), timedelta(minutes=30)
    current = Slot(start=start, end=start + half, price=0.1234)
    following = Slot(start=start + half, end=start + 2 * half, price=-0.05)
    told = price_telemetry(
        "Agile", "GBP/kWh", Overview(current=current, following=following), NOW
    )
    assert list(told) == documented("A price")
    assert told == {
        "schema": 1,
        "time": "2026-11-10T10:05:00+00:00",
        "tariff": "Agile",
        "unit": "GBP/kWh",
        "price": 0.1234,
        "start": "2026-11-10T10:00:00+00:00",
        "end": "2026-11-10T10:30:00+00:00",
        "next_price": -0.05,
        "next_start": "2026-11-10T10:30:00+00:00",
        "next_end": "2026-11-10T11:00:00+00:00",
    }
    unknown = price_telemetry("Agile", "GBP/kWh", Overview(), NOW)
    assert list(unknown) == list(told)
    assert set(list(unknown.values())[4:]) == {None}


PREFIXES = (
    ("miner", None),
    ("home/miner", None),
    ("küche/Bergwerk-2", None),
    ("m" * 200, None),
    ("m" * 201, "prefix_too_long"),
    ("$SYS/miner", "prefix_reserved"),
    ("", "prefix_levels"),
    ("/miner", "prefix_levels"),
    ("miner/", "prefix_levels"),
    ("home//miner", "prefix_levels"),
    ("home/+/miner", "prefix_wildcard"),
    ("miner#", "prefix_wildcard"),
    ("my miner", "prefix_characters"),
    ("miner\0", "prefix_characters"),
    ("miner\n", "prefix_characters"),
    ("miner\u2003", "prefix_characters"),
    ("miner\ud800", "prefix_characters"),
)


def test_prefix() -> None:
    """A prefix that only makes trouble is refused."""
    for prefix, fault in PREFIXES:
        assert (prefix, prefix_fault(prefix)) == (prefix, fault)


def test_options() -> None:
    """Without options nothing is published, and a QoS may come from a list."""
    assert MqttOptions.from_options({}) is None
    assert MqttOptions.from_options({"mqtt": {}}) == MqttOptions(
        prefix="miner", qos=0, retain=False
    )
    options = {"prefix": "home/miner", "qos": "2", "retain": True}
    assert MqttOptions.from_options({"mqtt": options}) == MqttOptions(
        prefix="home/miner", qos=2, retain=True
    )


SLUGS: tuple[tuple[dict[str, str], dict[str, str], list[str]], ...] = (
    ({"id1": "Bitaxe Gamma"}, {}, ["bitaxe_gamma"]),
    # Names without any letter are all the same.
    ({"id1": "+/#\0", "id2": "🔥"}, {}, ["unknown", "unknown_id2"]),
    ({"id1": "Fleet", "id2": "price"}, {}, ["fleet_miner", "price_miner"]),
    (
        {"id1": "Price", "id2": "Price miner"},
        {},
        ["price_miner", "price_miner_id2"],
    ),
    ({"id1": "A", "01JDABCDEFGHJK": "a"}, {}, ["a", "a_efghjk"]),
    # Neither the way in which a namesake goes nor an order moves anything.
    ({"id2": "A"}, {"id2": "a_id2"}, ["a_id2"]),
    ({"id1": "A", "id2": "A"}, {"id2": "a"}, ["a_id1", "a"]),
    ({"id1": "B", "id2": "A"}, {"id1": "a", "id2": "a_id2"}, ["b", "a_id2"]),
    # Whoever thinks of everything finds that there is a number then.
    (
        {"id1": "A id3", "id2": "A", "id3": "A"},
        {},
        ["a_id3", "a", "a_id3_2"],
    ),
    ({"id1": "x" * 300}, {}, ["x" * 64]),
)


def test_slugs() -> None:
    """Each name has a slug of its own, and keeps it."""
    for names, known, slugs in SLUGS:
        assigned = assign_slugs(names, known)
        assert [assigned[key] for key in names] == slugs
        assert assign_slugs(names, assigned) == assigned


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), st.text()))
def test_slugs_of_any_names(names: dict[str, str]) -> None:
    """A slug is one level of a topic that is nobody else's."""
    slugs = assign_slugs(names, {})
    assert slugs.keys() == names.keys()
    assert len(set(slugs.values())) == len(names)
    assert RESERVED.isdisjoint(slugs.values())
    for slug in slugs.values():
        assert re.fullmatch(r"[a-z0-9_]+", slug)
