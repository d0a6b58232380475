"""Entities that triggers and conditions are about, and others that look like them.

They are in the registries and have whatever state a test gives them: what an automation
may see in years, without a miner that would do it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import EntityCategory
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.trigger import (
    NotTriggeredInfo,
    async_initialize_triggers,
    async_validate_trigger_config,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.common import (
    create_target_condition,
)

from custom_components.miner_controller.const import DOMAIN, LOGGER

type Follow = Callable[..., Awaitable[Watch]]

# Given to the states of the entities that are meant: with it, Home Assistant's own test
# helpers give the others the same states.
MARK = {"is_meant": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a trigger or a condition is about."""

    platform: str
    key: str
    in_subentry: bool = False
    category: EntityCategory | None = None
    device_class: str | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """Three entities that are meant, one for each device, and some that are not."""

    devices: tuple[dr.DeviceEntry, ...]
    area: str
    label: str
    included: list[str]
    excluded: list[str]
    entities: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def by_id(self) -> dict[str, list[str]]:
        """Return the ids of the entities as Home Assistant's test helpers want them."""
        return {
            "included_entities": self.included,
            "excluded_entities": self.excluded,
        }

    def target(self, turn: int) -> dict[str, Any]:
        """Return one of the ways to target the entities that are meant, in turn."""
        ways: tuple[dict[str, Any], ...] = (
            {"device_id": [device.id for device in self.devices]},
            {"area_id": self.area},
            {"label_id": self.label},
            {"entity_id": [*self.included, *self.excluded]},
        )
        return ways[turn % len(ways)]


def arrange(
    hass: HomeAssistant, kind: Kind, *more: Kind, name: str = "Bench"
) -> Arranged:
    """Put entities of a kind into the registries, and of more kinds that belong to it.

    Not meant are, on the same devices: what has another key, what is of another
    integration, and what is in a subentry while the kind is not, or the other way.
    Several arrangements in one test have a `name` each.
    """
    owner = MockConfigEntry(
        domain=DOMAIN,
        subentries_data=[
            ConfigSubentryData(
                data={}, subentry_type="part", title="Part", unique_id=None
            )
        ],
    )
    stranger = MockConfigEntry(domain="stranger")
    for entry in (owner, stranger):
        entry.add_to_hass(hass)
    (subentry_id,) = owner.subentries
    area = ar.async_get(hass).async_create(f"{name} area").id
    label = lr.async_get(hass).async_create(f"{name} label").label_id
    devices = tuple(
        _add_device(hass, owner, f"{name} {number}", area, label) for number in range(3)
    )

    def add(
        number: int,
        kind: Kind,
        *,
        key: str | None = None,
        entry: MockConfigEntry = owner,
        other_part: bool = False,
    ) -> str:
        in_subentry = kind.in_subentry is not other_part
        return (
            er.async_get(hass)
            .async_get_or_create(
                kind.platform,
                entry.domain,
                f"{name}_{number}_{in_subentry}_{key or kind.key}",
                config_entry=entry,
                config_subentry_id=(
                    subentry_id if in_subentry and entry is owner else None
                ),
                device_id=devices[number].id,
                entity_category=kind.category,
                original_device_class=kind.device_class,
                translation_key=key or kind.key,
            )
            .entity_id
        )

    return Arranged(
        devices=devices,
        area=area,
        label=label,
        included=[add(number, kind) for number in range(3)],
        excluded=[
            add(0, kind, key="another"),
            add(0, kind, entry=stranger),
            add(1, kind, other_part=True),
        ],
        entities={
            (other.key, number): add(number, other)
            for other in more
            for number in range(3)
        },
    )


def _add_device(
    hass: HomeAssistant, entry: MockConfigEntry, name: str, area: str, label: str
) -> dr.DeviceEntry:
    """Add a device in an area, with a label."""
    registry = dr.async_get(hass)
    device = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, name)}, name=name
    )
    changed = registry.async_update_device(device.id, area_id=area, labels={label})
    assert isinstance(changed, dr.DeviceEntry)
    return changed


@dataclass(slots=True)
class Watch:
    """What a trigger does: the entities that it fired for, and why it did not."""

    fired: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    stop: Callable[[], None] = lambda: None

    def new(self) -> list[str]:
        """Return what it fired for since the last look."""
        new, self.fired[:] = list(self.fired), []
        return new


async def watch(
    hass: HomeAssistant, trigger: str, target: dict[str, Any], **options: Any
) -> Watch:
    """Begin to watch a trigger, as an automation does."""
    config = {"platform": f"{DOMAIN}.{trigger}", "target": target, "options": options}
    watched = Watch()

    @callback
    def fired(variables: dict[str, Any], context: Context | None = None) -> None:
        watched.fired.append(variables["trigger"]["entity_id"])

    @callback
    def not_fired(
        run_variables: dict[str, Any],
        info: NotTriggeredInfo,
        context: Context | None = None,
    ) -> None:
        watched.reasons.append(info.reason)

    stop = await async_initialize_triggers(
        hass,
        await async_validate_trigger_config(hass, [config]),
        fired,
        domain="test",
        name="test",
        log_cb=LOGGER.log,
        did_not_trigger=not_fired,
    )
    assert stop is not None
    watched.stop = stop
    return watched


@pytest.fixture
async def follow(hass: HomeAssistant) -> AsyncIterator[Follow]:
    """Watch triggers until the test ends."""
    watches = []

    async def follow(trigger: str, target: dict[str, Any], **options: Any) -> Watch:
        watched = await watch(hass, trigger, target, **options)
        watches.append(watched)
        return watched

    yield follow
    for watched in watches:
        watched.stop()


async def holds(
    hass: HomeAssistant, condition: str, target: dict[str, Any], **options: Any
) -> bool:
    """Return whether a condition is true now for any that is targeted."""
    checker = await create_target_condition(
        hass,
        condition=f"{DOMAIN}.{condition}",
        target=target,
        behavior="any",
        condition_options=options,
    )
    return bool(checker.async_check())
