"""Tests of the triggers and the condition for pools, with pools that come and go."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from simulator.stratum import Manners
from tests.integration.automation_entities import Follow, follow, holds

from .arrangement import (
    StartPool,
    add_fleet,
    entity_id_of,
    find_device,
    pass_time,
    pool,
    pool_id,
    reload,
    url_of,
)

__all__ = ["follow"]

# Long enough for the next probe with the longest jitter.
PERIOD = 362


async def test_pools(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_pool: StartPool,
    follow: Follow,
) -> None:
    """A pool goes and comes back, which is no miner that does; a reload is neither."""
    gold = await start_pool()
    fleet = await add_fleet(hass, pool("Gold", url_of(gold)))
    owner = pool_id(fleet, "Gold")
    device = find_device(hass, fleet, owner)
    assert device is not None
    target = {"device_id": device.id}
    watches = {
        trigger: await follow(trigger, target)
        for trigger in (
            "came_online",
            "pool_became_reachable",
            "pool_became_unreachable",
            "went_offline",
        )
    }
    reachable = entity_id_of(hass, "binary_sensor", owner, "reachable")

    async def fires() -> dict[str, list[str]]:
        await pass_time(hass, freezer, PERIOD)
        return {
            trigger: fired
            for trigger, watched in watches.items()
            if (fired := watched.new())
        }

    assert await fires() == {}
    assert await holds(hass, "is_pool_reachable", target)
    assert not await holds(hass, "is_online", target)
    gold.manners = Manners.REFUSES
    assert await fires() == {"pool_became_unreachable": [reachable]}
    assert not await holds(hass, "is_pool_reachable", target)
    await reload(hass, fleet)
    assert await fires() == {}
    gold.manners = Manners.SERVES
    assert await fires() == {"pool_became_reachable": [reachable]}
