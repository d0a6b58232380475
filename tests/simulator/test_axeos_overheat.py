"""What AxeOS does when it gets too hot: old firmware for good, newer for a while."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.axeos import AxeOSDevice
from simulator.device import SimulatedDevice

type Make = Callable[..., AxeOSDevice]
type Serve = Callable[[SimulatedDevice], Any]


@pytest.mark.parametrize("firmware", ["2.4", "2.9", "2.10"])
@pytest.mark.parametrize(
    ("sensor", "heat"), [("chip_temperature", 80), ("vr_temperature", 110)]
)
async def test_old_firmware_halts_until_cleared(
    serve: Serve,
    http: aiohttp.ClientSession,
    bitaxe: Make,
    firmware: str,
    sensor: str,
    heat: float,
) -> None:
    """Clearing the mark resumes hashing, at the frequency of the halt."""
    device = bitaxe(firmware)
    await serve(device)
    setattr(device.model, sensor, heat)
    device.advance(1)
    info = device.info()
    assert info["overheat_mode"] == 1
    assert (info["frequency"], info["coreVoltage"]) == (50, 1000)
    assert (info["autofanspeed"], info["fanspeed"]) == (0, 100)
    assert info["hashRate"] == 0
    assert info["temp"] == -1
    device.advance(3600)
    assert device.info()["overheat_mode"] == 1
    device.reboot()
    device.advance(60)
    assert device.info()["hashRate"] == 0
    await http.patch(f"{device.url}/api/system", json={"overheat_mode": 1})
    assert device.info()["overheat_mode"] == 1
    await http.patch(f"{device.url}/api/system", json={"overheat_mode": 0})
    device.advance(60)
    info = device.info()
    assert info["overheat_mode"] == 0
    assert (info["frequency"], info["coreVoltage"]) == (50, 1000)
    assert info["hashRate"] > 0
    assert (info["autofanspeed"], info["fanspeed"]) == (0, 100)


@pytest.mark.parametrize("firmware", ["2.11", "2.15"])
@pytest.mark.parametrize(
    ("sensor", "heat"), [("chip_temperature", 80), ("vr_temperature", 106)]
)
def test_newer_firmware_recovers_by_itself(
    bitaxe: Make, firmware: str, sensor: str, heat: float
) -> None:
    """It comes back slower, with the fan left at full speed."""
    device = bitaxe(firmware)
    setattr(device.model, sensor, heat)
    device.advance(1)
    info = device.info()
    assert info["overheat_mode"] == 1
    assert info["frequency"] == 525
    assert info["hashRate"] == 0
    device.advance(29)
    assert device.info()["overheat_mode"] == 1
    device.advance(5)
    info = device.info()
    assert info["overheat_mode"] == 0
    assert (info["frequency"], info["coreVoltage"]) == (425, 1050)
    assert (info["autofanspeed"], info["fanspeed"]) == (0, 100)
    assert info["manualFanSpeed"] == 100
    assert info["hashRate"] > 0
    device.reboot()
    assert device.info()["frequency"] == 425


def test_a_very_hot_regulator_prolongs_the_halt(bitaxe: Make) -> None:
    """Thirty seconds are the least."""
    device = bitaxe("2.12")
    device.model.ambient = 120
    device.model.vr_temperature = 150
    device.advance(120)
    assert device.info()["overheat_mode"] == 1
    device.model.ambient = 20
    device.advance(120)
    assert device.info()["overheat_mode"] == 0


def test_a_board_that_measures_beside_the_chip_waits_for_the_chip(
    bitaxe: Make,
) -> None:
    """A Supra still reads its temperature while off and needs 45 degrees."""
    device = bitaxe("2.12", "supra401")
    device.model.chip_temperature = 80
    device.advance(31)
    info = device.info()
    assert info["overheat_mode"] == 1
    assert info["temp"] > 24
    device.model.ambient = 60
    device.advance(600)
    assert device.info()["overheat_mode"] == 1
    device.model.ambient = 20
    device.advance(300)
    assert device.info()["overheat_mode"] == 0


def test_a_board_without_regulator_sensor_does_not_notice(bitaxe: Make) -> None:
    """Its VR temperature reads 0."""
    device = bitaxe("2.12", "supra401")
    device.model.vr_temperature = 120
    device.advance(1)
    assert device.info()["overheat_mode"] == 0


def test_a_hot_room_is_enough(bitaxe: Make) -> None:
    """No fan helps against 60 degrees of air."""
    device = bitaxe("2.10")
    device.model.ambient = 60
    device.advance(600)
    assert device.info()["overheat_mode"] == 1
