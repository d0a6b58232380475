"""Tests for the diagnostics of a tariff: what helps, and nothing about the owner."""

from datetime import datetime, time, timedelta
import json
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.planning.fetch_schedule import LONGEST_JITTER
from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.octopus import OctopusFault, OctopusServer

from . import (
    MORNING,
    coordinator,
    live_until,
    set_up,
    tariff_entry,
    utc,
)

type Diagnostics = dict[str, Any]

DAY = CheapWindow(
    duration=timedelta(hours=2), start_time=time(11), end_time=time(15), split=False
)
# Whose prices are not known before the afternoon.
NIGHT = CheapWindow(share=0.5, start_time=time(22), end_time=time(6))


async def diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> Diagnostics:
    """Return the diagnostics of a tariff as a user downloads them."""
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def assert_private(found: Diagnostics, server: OctopusServer) -> None:
    """Assert that no address is told, and no place beyond the region."""
    text = json.dumps(found)
    assert server.host not in text
    assert str(server.port) not in text
    assert "http" not in text
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", text)
    assert "postcode" not in text.lower()


async def test_what_is_told(
    hass: HomeAssistant, server: OctopusServer, hass_client: ClientSessionGenerator
) -> None:
    """Prices, decisions and the next request are told, and not the address."""
    entry = await set_up(
        hass, tariff_entry(server, ("Day", DAY), ("Night", NIGHT), region="P")
    )
    found = await diagnostics(hass, hass_client, entry)
    assert_private(found, server)
    assert found["tariff"] == {**entry.data, CONF_URL: "**REDACTED**"}
    jitter = found["fetch"].pop("jitter")
    assert 0 <= jitter <= LONGEST_JITTER
    assert found["fetch"] == {
        "known_until": "2026-11-10T23:00:00+00:00",
        "last_attempt": MORNING.isoformat(),
        "failures": 0,
        "retry_after": None,
    }
    assert found["complete"] is True
    assert found["last_update_success"] is True
    assert found["last_error"] is None
    publication = utc("2026-11-10 16:05") + timedelta(seconds=jitter)
    assert found["next_fetch"] == publication.isoformat()
    assert [
        (datetime.fromisoformat(slot["start"]), slot["price"])
        for slot in found["prices"]
    ] == [(slot.start, slot.price) for slot in coordinator(entry).slots]
    day, night = entry.subentries
    assert found["windows"].keys() == {day, night}
    assert found["windows"][night] == {"settings": NIGHT.as_dict(), "decisions": []}
    assert found["windows"][day]["settings"] == DAY.as_dict()
    (decision,) = found["windows"][day]["decisions"]
    assert decision["span"] == {
        "start": "2026-11-10T11:00:00+00:00",
        "end": "2026-11-10T15:00:00+00:00",
    }
    assert decision["complete"] is True
    (period,) = coordinator(entry).decisions[day][0].periods
    assert decision["periods"] == [
        {"start": period.start.isoformat(), "end": period.end.isoformat()}
    ]


async def test_usual_address(
    hass: HomeAssistant, server: OctopusServer, hass_client: ClientSessionGenerator
) -> None:
    """Who typed no address is seen to have typed none."""
    entry = await set_up(hass, tariff_entry(server))
    hass.config_entries.async_update_entry(
        entry, data={key: entry.data[key] for key in entry.data if key != CONF_URL}
    )
    found = await diagnostics(hass, hass_client, entry)
    assert found["tariff"] == dict(entry.data)
    assert CONF_URL not in found["tariff"]


@pytest.mark.parametrize(
    ("fault", "error", "retry_after"),
    [
        (OctopusFault.UNAVAILABLE, "OctopusUnavailableError", None),
        (OctopusFault.RATE_LIMITED, "RateLimitedError", 60),
        (OctopusFault.CUT, "OctopusConnectionError", None),
        (OctopusFault.GARBAGE, "OctopusReplyError", None),
    ],
)
async def test_error(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
    fault: OctopusFault,
    error: str,
    retry_after: float | None,
) -> None:
    """Of an error the kind is told, whose text might hold an address."""
    server.fault = fault
    entry = await set_up(hass, tariff_entry(server, ("Day", DAY)))
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=6))
    found = await diagnostics(hass, hass_client, entry)
    assert_private(found, server)
    assert found["last_update_success"] is False
    assert found["last_error"] == error
    assert found["fetch"]["failures"] == 2
    assert found["fetch"]["known_until"] is None
    assert found["fetch"]["retry_after"] == retry_after
    assert found["complete"] is False
    assert found["prices"] == []
    server.fault = None
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=30))
    found = await diagnostics(hass, hass_client, entry)
    assert found["last_update_success"] is True
    assert found["complete"] is True
