"""Tests of the trigger for a miner that is slower than it should be."""

from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.trigger import async_validate_trigger_config
import probatio
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.miner_controller.const import DOMAIN

from .automation_entities import Arranged, Follow, Kind, Watch, arrange, follow

__all__ = ["follow"]

HASHRATE = Kind(platform="sensor", key="hashrate")
EXPECTED = Kind(
    platform="sensor", key="expected_hashrate", category=EntityCategory.DIAGNOSTIC
)
HASHING = Kind(platform="binary_sensor", key="hashing")

POLL = 15
MINUTE = 60

type Poll = Callable[..., Awaitable[None]]
type Begin = Callable[..., Awaitable[Watch]]


@pytest.fixture
def arranged(hass: HomeAssistant) -> Arranged:
    """Return three miners."""
    return arrange(hass, HASHRATE, EXPECTED, HASHING)


@pytest.fixture
def poll(
    hass: HomeAssistant, arranged: Arranged, freezer: FrozenDateTimeFactory
) -> Poll:
    """Let time pass, and a poll of a miner tell something."""

    async def poll(
        hashrate: float | str,
        *,
        number: int = 0,
        hashing: str = "on",
        expected: float | str = 1.0,
        unit: str = "TH/s",
        expected_last: bool = False,
    ) -> None:
        freezer.tick(POLL)
        async_fire_time_changed(hass)
        hass.states.async_set(arranged.entities["hashing", number], hashing)
        told = [
            (arranged.entities["expected_hashrate", number], str(expected), unit),
            (arranged.included[number], str(hashrate), "TH/s"),
        ]
        for entity_id, value, of in reversed(told) if expected_last else told:
            hass.states.async_set(entity_id, value, {"unit_of_measurement": of})
        await hass.async_block_till_done()

    return poll


@pytest.fixture
def begin(arranged: Arranged, follow: Follow) -> Begin:
    """Begin to watch the trigger, without waiting unless told other."""

    async def begin(**options: Any) -> Watch:
        return await follow(
            "hashrate_fell", arranged.target(3), **{"for": 0, **options}
        )

    return begin


async def test_slow_for_long_enough(
    arranged: Arranged, poll: Poll, begin: Begin
) -> None:
    """It takes ten minutes below 80 % unless told other, and one good poll ends it."""
    await poll(1.0)
    usual = await begin(**{"for": {"minutes": 10}})
    quick = await begin(percentage=95, **{"for": {"seconds": 20}})
    await poll(0.9)
    await poll(0.8)
    await poll(0.799)
    assert quick.new() == [arranged.included[0]]
    for _ in range(38):
        await poll(0.7)
    await poll(0.85)
    await poll(0.75)
    for _ in range(39):
        await poll(0.7)
    assert usual.new() == []
    await poll(0.71)
    assert usual.new() == [arranged.included[0]]
    for _ in range(50):
        await poll(0.7)
    assert (usual.new(), quick.new()) == ([], [])


async def test_each_first_all(arranged: Arranged, poll: Poll, begin: Begin) -> None:
    """Several miners count each, the first only, or all together."""
    first, second, third = arranged.included
    for number in range(3):
        await poll(1.0, number=number)
    watches = [await begin(behavior=behavior) for behavior in ("each", "first", "all")]

    async def fires(number: int, hashrate: float) -> list[list[str]]:
        await poll(hashrate, number=number)
        return [watched.new() for watched in watches]

    assert await fires(0, 0.5) == [[first], [first], []]
    assert await fires(1, 0.5) == [[second], [], []]
    assert await fires(1, 0.6) == [[], [], []]
    assert await fires(2, 0.5) == [[third], [], [third]]
    assert await fires(2, 1.0) == [[], [], []]
    # A miner that is away is not counted.
    await poll(STATE_UNAVAILABLE, number=1)
    assert await fires(2, 0.5) == [[third], [], [third]]


async def test_a_gap(arranged: Arranged, poll: Poll, begin: Begin) -> None:
    """A miner that comes back slow counts, and what lasted before the gap does not."""
    for gap in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        await poll(1.0)
        watched = await begin(**{"for": 40})
        await poll(0.5)
        await poll(0.5)
        await poll(gap)
        await poll(0.5)
        await poll(0.5)
        await poll(0.5)
        assert watched.new() == []
        await poll(0.5)
        assert watched.new() == [arranged.included[0]], gap


async def test_a_pause(poll: Poll, begin: Begin) -> None:
    """A miner that does not work is not slow; one that starts slowly may stay so."""
    await poll(1.0)
    watched = await begin()
    await poll(0.3, hashing="off")
    await poll(0.0, hashing="off")
    await poll(0.2, hashing="off")
    assert watched.new() == []
    await poll(0.25)
    assert len(watched.new()) == 1
    await poll(0.3)
    assert watched.new() == []
    await poll(0.0)
    assert watched.new() == []
    assert watched.reasons == []


async def test_another_mode(poll: Poll, begin: Begin) -> None:
    """A miner that does not follow to a faster mode is slow from then on."""
    for expected_last in (False, True):
        await poll(1.0)
        watched = await begin()
        await poll(1.02)
        await poll(1.01, expected=1.5, expected_last=expected_last)
        await poll(1.02, expected=1.5)
        await poll(1.03, expected=1.5)
        assert len(watched.new()) == 1
        await poll(1.01)
        await poll(0.7)
        assert len(watched.new()) == 1


async def test_slow_already(poll: Poll, begin: Begin) -> None:
    """What was so when the automation began is nothing that happened."""
    await poll(0.5)
    watched = await begin()
    await poll(0.51)
    await poll(0.52)
    assert watched.new() == []
    await poll(1.0)
    await poll(0.51)
    assert len(watched.new()) == 1


async def test_reasons(
    hass: HomeAssistant, arranged: Arranged, poll: Poll, begin: Begin
) -> None:
    """The trace tells why a miner cannot be judged."""
    await poll(1.0)
    watched = await begin()
    await poll(0.5, expected=STATE_UNKNOWN)
    await poll(0.6, unit="kH/s")
    hass.states.async_remove(arranged.entities["expected_hashrate", 0])
    hass.states.async_set(arranged.included[0], "0.4")
    # An entity that somebody took from its device has nothing beside it.
    er.async_get(hass).async_update_entity(arranged.included[0], device_id=None)
    hass.states.async_set(arranged.included[0], "0.3")
    await hass.async_block_till_done()
    assert watched.new() == []
    assert watched.reasons == [
        "value_not_numeric",
        "units_differ",
        "expected_hashrate_not_found",
        "expected_hashrate_not_found",
    ]


async def test_the_options(hass: HomeAssistant, arranged: Arranged) -> None:
    """Nothing has to be given but the miners, and nonsense is refused."""
    config = {"platform": f"{DOMAIN}.hashrate_fell", "target": arranged.target(0)}
    (found,) = await async_validate_trigger_config(hass, [config])
    assert found["options"]["percentage"] == 80
    assert found["options"]["for"].total_seconds() == 10 * MINUTE
    for wrong in ({"percentage": 0}, {"percentage": 101}, {"percentage": "x"}):
        with pytest.raises(probatio.Invalid):
            await async_validate_trigger_config(hass, [{**config, "options": wrong}])
