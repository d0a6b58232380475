"""Tests for what miners cost and earn, with simulated miners, prices and network."""

from datetime import datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.economics.coordinator import MinerEconomics
from custom_components.miner_controller.economics.runtime import async_economics
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import Device
from tests.integration import add_miner, overridden, poll, set_up
from tests.integration.fleet.arrangement import add_fleet
from tests.integration.prices import price_at, tariff_entry

# 3600 W are 1 Wh a second.
POWER = 3600
TERAHASH = 1000
"""In GH/s, as a Bitaxe tells it."""


def working(
    device: Device, *, power: float = POWER, hashrate: float = TERAHASH
) -> dict[str, object]:
    """Let a Bitaxe tell power (W) and hashrate (GH/s), and whatever else is added."""
    told = overridden(device)
    told["power"] = power
    for key in ("hashRate", "hashRate_1m", "hashRate_10m", "hashRate_1h"):
        told[key] = hashrate
    return told


async def add_tariff(
    hass: HomeAssistant, prices: OctopusServer, region: str = "C"
) -> MockConfigEntry:
    """Set up a tariff, with the prices of today."""
    entry = tariff_entry(prices, region=region)
    entry.add_to_hass(hass)
    await set_up(hass, entry)
    return entry


async def add_network(hass: HomeAssistant, network: MempoolServer) -> MockConfigEntry:
    """Set up a fleet that knows the network."""
    return await add_fleet(
        hass, options={"network": {"enabled": True, "url": network.url}}
    )


async def add_bench(
    hass: HomeAssistant, device: Device, **economics: object
) -> MockConfigEntry:
    """Add a miner with options for its costs and earnings."""
    return await add_miner(hass, device, economics=economics)


def economics_of(hass: HomeAssistant, entry: MockConfigEntry) -> MinerEconomics:
    """Return what a miner costs and earns."""
    found = async_economics(hass, entry.entry_id)
    assert found is not None
    return found


def price_now(prices: OctopusServer) -> float:
    """Return what a kWh costs now."""
    return price_at(prices, dt_util.utcnow())


async def begin_at(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, device: Device, at: datetime
) -> None:
    """Let it become a moment, to which nothing was counted, and poll."""
    freezer.move_to(at)
    await poll(hass, freezer, device, seconds=0)
