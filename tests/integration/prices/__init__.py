"""Tests of tariffs in a Home Assistant, against a simulated price service."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import CONF_REGION, CONF_URL
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.const import (
    CONF_PRODUCT,
    CONF_TARIFF,
    DOMAIN,
)
from custom_components.miner_controller.planning.windows import CheapWindow
from custom_components.miner_controller.prices.coordinator import PriceCoordinator
from custom_components.miner_controller.prices.entries import (
    SUBENTRY_CHEAP_WINDOW,
    TARIFF_OCTOPUS_AGILE,
)
from custom_components.miner_controller.prices.issues import PriceIssue, issue_id
from simulator.octopus import CURRENT, OctopusServer

REGION = "C"
SLOT = timedelta(minutes=30)

# An ordinary winter morning: the prices of today are known until 23:00.
MORNING = datetime(2026, 11, 10, 10, 5, tzinfo=UTC)


def utc(text: str) -> datetime:
    """Return a moment in UTC from "2026-03-29 01:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def tariff_entry(
    server: OctopusServer,
    *windows: tuple[str, CheapWindow],
    product: str = CURRENT,
    region: str = REGION,
) -> MockConfigEntry:
    """Return the entry of a tariff, with cheap windows that each have a name."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Agile",
        unique_id=f"octopus_{region}",
        data={
            CONF_TARIFF: TARIFF_OCTOPUS_AGILE,
            CONF_REGION: region,
            CONF_PRODUCT: product,
            CONF_URL: server.url,
        },
        subentries_data=[
            ConfigSubentryData(
                data=window.as_dict(),
                subentry_type=SUBENTRY_CHEAP_WINDOW,
                title=name,
                unique_id=None,
            )
            for name, window in windows
        ],
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set an entry up, and wait until prices were fetched."""
    if entry.entry_id not in {e.entry_id for e in hass.config_entries.async_entries()}:
        entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    return entry


async def settle(hass: HomeAssistant) -> None:
    """Wait until everything that was begun has ended."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload an entry and set it up again, as a restart does."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, entry)


def coordinator(entry: MockConfigEntry) -> PriceCoordinator:
    """Return the coordinator of a tariff."""
    found: PriceCoordinator = entry.runtime_data
    return found


async def go_to(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, moment: datetime
) -> None:
    """Let it become a moment, without what would happen on the way."""
    freezer.move_to(moment)
    async_fire_time_changed(hass)
    await settle(hass)


async def live_until(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    moment: datetime,
    seen: Callable[[datetime], None] | None = None,
) -> None:
    """Let time pass as it does: each alarm rings at its own moment."""
    while (alarm := alarm_moment(entry)) <= moment:
        await go_to(hass, freezer, max(alarm, dt_util.utcnow()))
        if seen is not None:
            seen(dt_util.utcnow())
    await go_to(hass, freezer, moment)


def alarm_moment(entry: MockConfigEntry) -> datetime:
    """Return the moment that the alarm of a tariff was set for."""
    moment = coordinator(entry).alarm_at
    assert moment is not None
    return moment


def find_entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str:
    """Return the id of an entity of a tariff, or of its window: "Night active"."""
    name, _, window_key = key.rpartition(" ")
    owner = entry.entry_id
    if name:
        (owner,) = (
            subentry.subentry_id
            for subentry in entry.subentries.values()
            if subentry.title == name
        )
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{owner}_{window_key}"
    )
    assert found is not None, f"{platform} {key} does not exist"
    return found


def full_state(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> State:
    """Return the state of an entity of a tariff with its attributes."""
    found = hass.states.get(find_entity_id(hass, entry, platform, key))
    assert found is not None
    return found


def state(hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str) -> str:
    """Return the state of an entity of a tariff."""
    return full_state(hass, entry, platform, key).state


def price_at(
    server: OctopusServer, moment: datetime, *, product: str = CURRENT
) -> float:
    """Return what power costs at a moment, in GBP per kWh."""
    start = dt_util.utc_from_timestamp(moment.timestamp() // 1800 * 1800)
    return float(server.price(product, REGION, start).inc_vat / 100)


def find_issue(
    hass: HomeAssistant, entry: MockConfigEntry, issue: PriceIssue
) -> ir.IssueEntry | None:
    """Return a repair of a tariff, None while there is none."""
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id(issue, entry.entry_id))


def tariff_device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of a tariff."""
    (device,) = (
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if (DOMAIN, entry.entry_id) in device.identifiers
    )
    return device.id


async def ask(hass: HomeAssistant, action: str, **data: object) -> Mapping[str, Any]:
    """Call an action of the integration and return its response."""
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert response is not None
    return response
