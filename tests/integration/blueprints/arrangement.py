"""Automations made from blueprints, and what became of miners by them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification as notifications
from homeassistant.components.automation import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
)
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.install_blueprints import SHIPPED
from custom_components.miner_controller.miner.mode_action import EVENT_MODE_SET
from tests.devices import Device

AUTOMATION = "automation.tried"

FILES = sorted(SHIPPED.glob("*.yaml"))

OFF = "off"


def content(file: Path) -> dict[str, Any]:
    """Return a blueprint as Home Assistant reads it."""
    return dict(load_yaml_dict(str(file)))


def inputs(blueprint: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the inputs of a blueprint, whatever section they are in."""
    found: dict[str, Mapping[str, Any]] = {}
    for key, value in blueprint["blueprint"]["input"].items():
        found.update(value.get("input", {key: value}))
    return found


async def automate(
    hass: HomeAssistant, name: str, *, starting: bool = False, **given: object
) -> None:
    """Make an automation from a blueprint that was installed.

    With `starting` it is there when Home Assistant has started, else it is evaluated
    as right after it was saved.
    """
    for component in ("homeassistant", "persistent_notification"):
        assert await async_setup_component(hass, component, {})
    if starting:
        hass.set_state(CoreState.not_running)
    config = {
        "id": "tried",
        "alias": "Tried",
        "use_blueprint": {
            "path": f"miner_controller/{name}.yaml",
            "input": given,
        },
    }
    assert await async_setup_component(
        hass, AUTOMATION_DOMAIN, {AUTOMATION_DOMAIN: config}
    )
    await hass.async_block_till_done()
    state = hass.states.get(AUTOMATION)
    assert state is not None
    assert state.state == "on", "the automation has a fault"
    if starting:
        await hass.async_start()
    else:
        hass.bus.async_fire("automation_reloaded")
    await settle(hass)


async def restart_automation(hass: HomeAssistant) -> None:
    """Do to the automation what a restart of Home Assistant does: no run survives."""
    for service in (SERVICE_TURN_OFF, SERVICE_TURN_ON):
        await hass.services.async_call(
            AUTOMATION_DOMAIN, service, {ATTR_ENTITY_ID: AUTOMATION}, blocking=True
        )
    hass.bus.async_fire("automation_reloaded")
    await settle(hass)


# What a run of an automation is made of. It may wait for time to pass, which only a
# test can let happen; whatever it does meanwhile is a task of its own.
_RUNS = ("AutomationEntity._async_trigger", "Script.async_run")

# After so many turns of the event loop in which there is nothing to do, each run has
# ended or come to a step that waits.
_IDLE_TURNS = 20


def _is_run(task: asyncio.Future[Any]) -> bool:
    """Return whether a task is a run of an automation."""
    coroutine = task.get_coro() if isinstance(task, asyncio.Task) else None
    return getattr(coroutine, "__qualname__", "").startswith(_RUNS)


async def settle(hass: HomeAssistant) -> None:
    """Wait until everything that was begun has ended, or waits for time to pass."""
    idle = 0
    while idle < _IDLE_TURNS:
        await asyncio.sleep(0)
        idle += 1
        working = [
            task
            for task in hass._tasks | hass._background_tasks
            if task is not asyncio.current_task() and not _is_run(task)
        ]
        if working:
            idle = 0
            await asyncio.wait(working)


async def pass_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    minutes: float,
    *devices: Device,
    step: float = 1,
) -> None:
    """Let some minutes pass, and what is due happen at each step.

    On devices a minute passes at a step, which is enough for a restart.
    """
    for _ in range(round(minutes / step)):
        for device in devices:
            device.advance(60)
        freezer.tick(timedelta(minutes=step))
        async_fire_time_changed(hass)
        await settle(hass)


async def act(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Do what a person does to an entity."""
    domain, service = action.split(".")
    await hass.services.async_call(
        domain, service, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True
    )
    await settle(hass)


def messages(hass: HomeAssistant) -> list[str]:
    """Return the messages that are shown, and take them away."""
    shown = [
        str(item["message"])
        for item in notifications._async_get_or_create_notifications(hass).values()
    ]
    notifications.async_dismiss_all(hass)
    return shown


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of a miner."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


def target(hass: HomeAssistant, *entries: MockConfigEntry) -> dict[str, list[str]]:
    """Return miners as a target."""
    return {"device_id": [device_id(hass, entry) for entry in entries]}


@dataclass(slots=True)
class Changes:
    """Which modes miners were given by actions, when and why."""

    hass: HomeAssistant
    events: list[tuple[datetime, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from now on."""

        @callback
        def note(event: Event) -> None:
            self.events.append((dt_util.utcnow(), event))

        self.hass.bus.async_listen(EVENT_MODE_SET, note)

    def of(self, entry: MockConfigEntry) -> list[tuple[datetime, str]]:
        """Return the changes of a miner: when, and to what."""
        own = device_id(self.hass, entry)
        return [
            (moment, event.data["to"])
            for moment, event in self.events
            if event.data["device_id"] == own
        ]

    @property
    def reasons(self) -> list[str]:
        """Return why each of the changes was made."""
        return [event.data["reason"] for _, event in self.events]
