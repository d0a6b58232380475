"""Tests for the diagnostics of what a miner costs and earns."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.miner_controller.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.miner_controller.economics.diagnostics import (
    economics_diagnostics,
)
from simulator.mempool import MempoolServer
from tests.devices import StartDevice
from tests.integration import add_miner, poll

from . import add_network, economics_of, working


async def test_mode_table(
    hass: HomeAssistant,
    start_device: StartDevice,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is shown what each mode does, and whether the miner has shown it itself."""
    device = await start_device("axeos-2.15")
    working(device, power=20)
    await add_network(hass, network)
    entry = await add_miner(hass, device, poll_interval=300)
    for _ in range(3):
        await poll(hass, freezer, device, seconds=300)
    shown = (await async_get_config_entry_diagnostics(hass, entry))["economics"]
    assert shown["difficulty"] == 1.5e14
    assert shown["bitcoin_price"] == 80_000
    assert (shown["mode"], shown["cost_total"]) == ("standard", None)
    rows = {row["mode"]: row for row in shown["modes"]}
    assert set(rows) == {"off", "eco", "standard", "turbo", "oc"}
    assert rows["standard"]["learned"]
    assert rows["standard"]["samples"] == 1
    assert rows["standard"]["power"] == 20
    assert rows["standard"]["updated"].startswith("2026-11-10T10:20")
    assert not rows["eco"]["learned"]
    assert 5 < rows["eco"]["power"] < 20
    assert (rows["eco"]["samples"], rows["eco"]["updated"]) == (0, None)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert economics_diagnostics(hass, entry) == {}


async def test_miner_without_modes(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """A miner that has no modes to choose among is on, as its owner says it draws."""
    device = await start_device("cgminer-4.11")
    entry = await add_miner(hass, device, power_draw=100)
    assert economics_of(hass, entry).mode == "on"
    rows = {row["mode"]: row for row in economics_diagnostics(hass, entry)["modes"]}
    assert rows["on"]["power"] == pytest.approx(100)
