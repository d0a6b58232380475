"""Tests for telling miners which pools to use, and not too often."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet.library import LibraryPool
from custom_components.miner_controller.fleet.pool_writing import (
    async_fill_pools,
    async_use_pool,
)
from custom_components.miner_controller.protocols.stratum_address import (
    parse_stratum_address,
)
from simulator.faults import Fault
from tests.devices import Device, StartDevice
from tests.integration import OTP_SECRET, restart_home_assistant, writes
from tests.integration.conftest import AddMiner

# Another pool counts on it at once.
LIVE = "nerdqaxe-1.1.0"

PASSWORD = "canary-password"


def library_pool(name: str, url: str | None = None, **other: str) -> LibraryPool:
    """Return a pool of the library."""
    return LibraryPool(
        subentry_id=name,
        name=name,
        address=parse_stratum_address(url or f"{name}.example:3333"),
        **{"worker": "canary.{miner}", "password": PASSWORD, **other},  # type: ignore[arg-type]
    )


GOLD, SILVER, BRONZE = (library_pool(name) for name in ("gold", "silver", "bronze"))


async def use(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pool: LibraryPool,
    *,
    forced: bool = False,
) -> None:
    """Let the miner of an entry use a pool."""
    await async_use_pool(entry.runtime_data, pool, forced=forced)


async def refused(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return what is said where a pool was written lately."""
    with pytest.raises(ServiceValidationError) as caught:
        await use(hass, entry, SILVER)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "pool_written_lately"
    assert caught.value.translation_placeholders is not None
    return caught.value.translation_placeholders


def pool_of(device: Device) -> str:
    """Return the host of the first pool of a NerdQAxe++."""
    return str(device.settings.pool.url)


async def test_cool_down(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner is told another pool once in two minutes, unless it is forced."""
    device = await start_device(LIVE)
    entry = await add(device)
    await use(hass, entry, GOLD)
    assert pool_of(device) == "gold.example"
    assert device.settings.pool.user == "canary.bench"
    sent = len(writes(device))
    freezer.tick(20)
    assert await refused(hass, entry) == {"miner": "Bench", "seconds": "100"}
    # A reload, which any new option causes, does not make a miner forget.
    await restart_home_assistant(hass, entry)
    freezer.tick(99)
    assert (await refused(hass, entry))["seconds"] == "1"
    assert len(writes(device)) == sent
    await use(hass, entry, BRONZE, forced=True)
    assert pool_of(device) == "bronze.example"
    assert (await refused(hass, entry))["seconds"] == "120"
    freezer.tick(120)
    await use(hass, entry, SILVER)
    assert pool_of(device) == "silver.example"


async def test_each_miner_has_its_own(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """That one miner was told another pool keeps nobody else from it."""
    devices = [await start_device(LIVE, seed=seed) for seed in (1, 2)]
    for device in devices:
        await use(hass, await add(device), GOLD)
    assert [pool_of(device) for device in devices] == ["gold.example"] * 2


async def test_two_at_once(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that is being told a pool is told no other one, not even by force."""
    device = await start_device(LIVE)
    entry = await add(device)
    results = await asyncio.gather(
        use(hass, entry, GOLD),
        use(hass, entry, SILVER, forced=True),
        return_exceptions=True,
    )
    assert results[0] is None
    assert isinstance(results[1], ServiceValidationError)
    assert results[1].translation_key == "pool_being_written"
    assert results[1].translation_placeholders == {"miner": "Bench"}
    assert pool_of(device) == "gold.example"
    await use(hass, entry, SILVER, forced=True)
    assert pool_of(device) == "silver.example"


async def test_what_did_not_reach_the_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A failure that changed nothing keeps nobody from trying again."""
    device = await start_device(LIVE, otp_secret=OTP_SECRET)
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(HomeAssistantError) as caught:
        await use(hass, entry, GOLD)
    assert caught.value.translation_key == "cannot_connect"
    await device.set_fault(None)
    with pytest.raises(HomeAssistantError) as caught:
        await use(hass, entry, GOLD)
    assert caught.value.translation_key == "locked"
    code = device.current_otp()
    assert code is not None
    await entry.runtime_data.async_unlock(code)
    await use(hass, entry, GOLD)
    assert pool_of(device) == "gold.example"

    plain = await start_device("axeos-2.10")
    entry = await add(plain)
    with pytest.raises(HomeAssistantError) as caught:
        await use(hass, entry, library_pool("safe", "stratum+tls://safe.example:1"))
    assert caught.value.translation_key == "unsupported"
    await use(hass, entry, GOLD)
    assert plain.settings.pool.url == "gold.example"


async def test_what_reached_the_miner(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A miner that did not do what it was told may have restarted for it."""
    device = await start_device(LIVE)
    entry = await add(device)
    client = entry.runtime_data.client
    monkeypatch.setattr(client, "_send_pools", _send_nothing)
    with pytest.raises(HomeAssistantError) as caught:
        await use(hass, entry, GOLD)
    assert caught.value.translation_key == "refused"
    assert PASSWORD not in str(caught.value.translation_placeholders)
    assert (await refused(hass, entry))["seconds"] == "120"


async def _send_nothing(*_: object) -> None:
    """Lose what shall be sent."""


async def test_fill_pools(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The slots are filled in order, as many as there are."""
    device = await start_device(LIVE)
    entry = await add(device)
    coordinator = entry.runtime_data
    assert await async_fill_pools(coordinator, [GOLD, SILVER, BRONZE]) == 2
    assert pool_of(device) == "gold.example"
    assert device.settings.fallback_pool.url == "silver.example"
    assert await async_fill_pools(coordinator, [BRONZE], forced=True) == 1
    assert device.settings.fallback_pool.url == "silver.example"


async def test_worker_that_cannot_be_told(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that does not tell its MAC address cannot be called by it."""
    device = await start_device("cgminer-4.11:privileged")
    entry = await add(device)
    with pytest.raises(ServiceValidationError) as caught:
        await use(hass, entry, library_pool("gold", worker="canary.{mac}"))
    assert caught.value.translation_key == "worker_unresolved"
    assert caught.value.translation_placeholders == {"miner": "Bench", "pool": "gold"}
    assert writes(device) == []
