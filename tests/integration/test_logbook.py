"""Tests for the lines of the logbook."""

from types import SimpleNamespace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import async_get_integration
import pytest

from custom_components.miner_controller import logbook
from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.miner.activity_text import shown_difficulty
from custom_components.miner_controller.miner.event import EVENT_ACTIVITY
from custom_components.miner_controller.miner.mode_action import EVENT_MODE_SET
from tests.devices import StartDevice

from . import device_entry
from .conftest import AddMiner

ICON = "mdi:pickaxe"

type Line = dict[str, Any]


def describe(hass: HomeAssistant, event_type: str, data: dict[str, Any]) -> Line:
    """Return the line of an event."""
    found: dict[str, Any] = {}

    def take(domain: str, name: str, describe_event: Any) -> None:
        assert domain == DOMAIN
        found[name] = describe_event

    logbook.async_describe_events(hass, take)
    assert found.keys() == {EVENT_ACTIVITY, EVENT_MODE_SET}
    line: Line = found[event_type](SimpleNamespace(data=data))
    return line


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        (
            "new_best_difficulty",
            {"before": 1.0, "after": 1_240_000_000.0},
            "found a new best share: 1.24 G",
        ),
        ("block_found", {"before": 0, "after": 1}, "found a block!"),
        (
            "restarted",
            {"expected": False, "reset_reason": "Reset due to power-on event"},
            "restarted (power-on)",
        ),
        (
            "restarted",
            {"expected": True, "reset_reason": None},
            "restarted, as it was told to",
        ),
        (
            "overheated",
            {"temperature": 61.2, "vr_temperature": 78.4},
            "overheated at 78 °C",
        ),
        ("overheated", {"temperature": None}, "overheated"),
        (
            "pool_changed",
            {"before": "a:1", "after": "b:2", "fallback": True},
            "changed its pool from a:1 to b:2, its fallback",
        ),
        (
            "pool_changed",
            {"before": "a:1", "after": "b:2", "fallback": None},
            "changed its pool from a:1 to b:2",
        ),
        (
            "mode_changed",
            {"before": "eco", "after": "turbo"},
            "was set from eco to turbo by someone else",
        ),
        (
            "firmware_changed",
            {"before": "v2.14", "after": "v2.15"},
            "has new firmware v2.15, after v2.14",
        ),
        ("danced", None, "did something that this version does not know"),
    ],
)
def test_activity(
    hass: HomeAssistant, kind: str, data: dict[str, Any] | None, message: str
) -> None:
    """What happens on a miner is read after the miner's name, also without it."""
    event = {"device_id": "gone", "type": kind, "data": data}
    line = describe(hass, EVENT_ACTIVITY, event)
    assert line == {"icon": ICON, "name": "A miner", "message": message}
    assert describe(hass, EVENT_ACTIVITY, {})["name"] == "A miner"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"from": "eco", "to": "turbo", "reason": ""}, "was set to turbo"),
        (
            {"from": "eco", "to": "off", "reason": "Above 25 p"},
            "was switched off: Above 25 p",
        ),
        ({"from": "off", "to": "eco"}, "was started again in eco"),
        ({"from": "off", "to": None}, "was started again"),
    ],
)
def test_mode_set(hass: HomeAssistant, data: dict[str, Any], message: str) -> None:
    """A mode that was set is there with its reason."""
    assert describe(hass, EVENT_MODE_SET, data)["message"] == message


@pytest.mark.parametrize(
    ("difficulty", "text"),
    [
        (0, "0"),
        (12.3456, "12.3"),
        (999.4, "999"),
        (999.6, "1 k"),
        (999_700, "1 M"),
        (1.239e9, "1.24 G"),
        (128e12, "128 T"),
        (5e26, "5e+05 Z"),
        (None, "unknown"),
    ],
)
def test_shown_difficulty(difficulty: float | None, text: str) -> None:
    """A difficulty is short."""
    assert shown_difficulty(difficulty) == text


async def test_name_of_a_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The logbook finds the descriptions, and calls a miner by its owner's name."""
    integration = await async_get_integration(hass, DOMAIN)
    assert await integration.async_get_platform("logbook") is logbook
    device = device_entry(hass, await add(await start_device("axeos-2.15")))
    data = {"device_id": device.id, "type": "block_found"}
    line = {"icon": ICON, "name": "Bench", "message": "found a block!"}
    assert describe(hass, EVENT_ACTIVITY, data) == line
    dr.async_get(hass).async_update_device(device.id, name_by_user="Kitchen")
    assert describe(hass, EVENT_ACTIVITY, data) == {**line, "name": "Kitchen"}
