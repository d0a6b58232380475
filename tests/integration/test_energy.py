"""Tests for the energy that a miner has used."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
import pytest
from pytest_homeassistant_custom_component.common import (
    mock_restore_cache_with_extra_data,
)

from simulator.faults import Fault
from tests.devices import StartDevice

from . import full_state, overridden, poll, restart_home_assistant, state
from .conftest import AddMiner

# 3600 W are 1 Wh a second.
POWER = 3600
ENERGY = "sensor.bench_energy"


def remember(hass: HomeAssistant, native_value: object) -> None:
    """Let Home Assistant have stored a total before it was restarted."""
    mock_restore_cache_with_extra_data(
        hass,
        (
            (
                State(ENERGY, str(native_value)),
                {
                    "native_value": native_value,
                    "native_unit_of_measurement": "kWh",
                },
            ),
        ),
    )


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_integration(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """The energy is the integral of the power, by trapezoids between polls."""
    device = await start_device(profile)
    told = overridden(device)
    told["power"] = POWER
    entry = await add(device)
    assert float(state(hass, entry, "sensor", "energy")) == 0
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.015"
    told["power"] = 2 * POWER
    await poll(hass, freezer, device)
    # 15 s at the mean of 3600 W and 7200 W.
    assert float(state(hass, entry, "sensor", "energy")) == pytest.approx(
        0.0375, abs=0.0006
    )
    await poll(hass, freezer, device)
    assert float(state(hass, entry, "sensor", "energy")) == pytest.approx(
        0.0675, abs=0.0006
    )


async def test_true_power(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Ten minutes of a Bitaxe are its own mean power for that time."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    powers = [float(state(hass, entry, "sensor", "power"))]
    for _ in range(40):
        await poll(hass, freezer, device)
        powers.append(float(state(hass, entry, "sensor", "power")))
    mean = (sum(powers) - (powers[0] + powers[-1]) / 2) / 40
    assert 14 < mean < 22
    assert float(state(hass, entry, "sensor", "energy")) == pytest.approx(
        mean / 1000 / 6, abs=0.0006
    )


async def test_restored(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The total goes on after a restart from where it was."""
    remember(hass, 12.345)
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    assert state(hass, entry, "sensor", "energy") == "12.345"
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "12.36"


@pytest.mark.parametrize("stored", [None, "many"])
async def test_nothing_to_restore(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, stored: object
) -> None:
    """What was stored and is no number starts the total anew."""
    remember(hass, stored)
    entry = await add(await start_device("axeos-2.15"))
    assert float(state(hass, entry, "sensor", "energy")) == 0


async def test_reload(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A reload keeps the total and counts nothing for the time it took."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    await poll(hass, freezer, device)
    freezer.tick(30)
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "sensor", "energy") == "0.015"
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.03"


async def test_restart_while_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The total is shown although the miner is away after a restart."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    await poll(hass, freezer, device)
    await device.set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "sensor", "energy") == "0.015"


async def test_gap_while_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing is counted for the time in which the miner did not answer."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    await poll(hass, freezer, device)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.015"
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "sensor", "energy") == "0.015"
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.03"


async def test_gap_without_polls(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing is counted for a long time without a poll, as when a host slept."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    await poll(hass, freezer, device, seconds=44)
    assert state(hass, entry, "sensor", "energy") == "0.044"
    await poll(hass, freezer, device, seconds=46)
    assert state(hass, entry, "sensor", "energy") == "0.044"


async def test_gap_without_power(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing is counted where the miner answers without telling its power."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told["power"] = POWER
    entry = await add(device)
    told["power"] = "much"
    await poll(hass, freezer, device)
    told["power"] = POWER
    await poll(hass, freezer, device)
    assert float(state(hass, entry, "sensor", "energy")) == 0
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.015"


@pytest.mark.parametrize("nonsense", [-5000, 1e300, 0, None, "a", 10**30])
async def test_total_never_falls(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    nonsense: object,
) -> None:
    """Nonsense for the power neither lowers the total nor blows it up."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told["power"] = POWER
    entry = await add(device)
    await poll(hass, freezer, device)
    told["power"] = nonsense
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.015"


async def test_command_between_polls(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The status that a command brings counts like a poll, and not twice."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = POWER
    entry = await add(device)
    freezer.tick(10)
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.bench_frequency", "value": 500},
        blocking=True,
    )
    assert state(hass, entry, "sensor", "energy") == "0.01"
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "energy") == "0.025"


async def test_for_the_energy_dashboard(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The energy is a total that the energy dashboard takes."""
    entry = await add(await start_device("axeos-2.15"))
    attributes = full_state(hass, entry, "sensor", "energy").attributes
    assert attributes["device_class"] == "energy"
    assert attributes["state_class"] == "total_increasing"
    assert attributes["unit_of_measurement"] == "kWh"
