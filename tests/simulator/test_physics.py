"""The physical model: sensible numbers, sensible directions, the same every time."""

from collections.abc import Callable
import random

import pytest

from simulator.axeos import AxeOSDevice
from simulator.clock import ManualClock
from simulator.device import SimulatedDevice
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.shares import poisson

type Make = Callable[..., AxeOSDevice]


@pytest.mark.parametrize(
    ("device", "hashrate", "power", "temperature"),
    [
        (AxeOSDevice(clock=ManualClock()), 1071, 17.6, 60),
        (AxeOSDevice(board="supra401", clock=ManualClock()), 625, 13.0, 60),
        (AxeOSDevice(board="ultra204", clock=ManualClock()), 434, 11.6, 60),
        (NerdQAxeDevice(clock=ManualClock()), 4896, 77, 55),
    ],
)
def test_each_board_settles_where_real_ones_do(
    device: SimulatedDevice, hashrate: float, power: float, temperature: float
) -> None:
    """After a quarter of an hour at the factory settings."""
    device.advance(900)
    model = device.model
    assert model.averages["10m"] == pytest.approx(hashrate, rel=0.02)
    assert model.power == pytest.approx(power, rel=0.03)
    assert model.chip_temperature == pytest.approx(temperature, abs=2)
    assert 25 <= model.fan_percent <= 70


def test_heat_lags_behind_power() -> None:
    """It takes minutes, not a moment."""
    device = AxeOSDevice(clock=ManualClock())
    device.settings.autofan = False
    device.settings.manual_fan = 50
    device.advance(40)
    first = device.model.chip_temperature - 24
    device.advance(600)
    last = device.model.chip_temperature - 24
    assert first / last == pytest.approx(0.63, abs=0.03)


def test_frequency_and_voltage_cost_power(bitaxe: Make) -> None:
    """Power goes with f·V²."""
    device = bitaxe("2.15")
    results = []
    for frequency, voltage in ((400, 1100), (525, 1150), (625, 1250)):
        device.settings.frequency = frequency
        device.settings.core_voltage = voltage
        device.advance(600)
        results.append((device.model.power, device.model.averages["1m"]))
    eco, normal, fast = results
    assert eco[0] < normal[0] < fast[0]
    assert eco[1] < normal[1] < fast[1]
    assert fast[0] == pytest.approx(22.7, rel=0.03)


def test_too_little_voltage_makes_errors_and_rejects(bitaxe: Make) -> None:
    """The chips still run, badly."""
    device = bitaxe("2.15")
    device.advance(3600)
    good = device.info()
    device.reboot()
    device.settings.core_voltage = 1030
    device.advance(3600)
    bad = device.info()
    assert bad["hashRate_10m"] < 0.8 * good["hashRate_10m"]
    assert bad["errorPercentage"] > 10 * good["errorPercentage"]
    assert bad["sharesRejected"] > 5 * (good["sharesRejected"] + 1)
    assert (
        sum(r["count"] for r in bad["sharesRejectedReasons"]) == (bad["sharesRejected"])
    )
    device.settings.core_voltage = 800
    device.advance(60)
    assert device.info()["hashRate"] == 0


def test_the_fan_works_against_a_warm_room(bitaxe: Make) -> None:
    """The temperature stays, the fan does not."""
    device = bitaxe("2.15")
    device.advance(900)
    slow = device.model.fan_percent
    device.model.ambient = 32
    device.advance(900)
    assert device.model.fan_percent > slow + 10
    assert device.model.chip_temperature == pytest.approx(60, abs=2)


def test_shares_arrive_at_the_rate_of_the_difficulty(bitaxe: Make) -> None:
    """One TH/s finds one share of difficulty 2048 in some nine seconds."""
    device = bitaxe("2.15")
    device.advance(36_000)
    shares = device.model.shares
    expected = shares.session_hashes / (2048 * 2**32)
    assert shares.accepted + shares.rejected == pytest.approx(expected, rel=0.1)
    assert shares.best_session > 2048 * 100


def test_the_noise_is_a_few_percent(bitaxe: Make) -> None:
    """A single reading is off, the mean is not."""
    device = bitaxe("2.15")
    readings = []
    for _ in range(300):
        device.advance(5)
        readings.append(device.model.hashrate / 1071)
    mean = sum(readings) / len(readings)
    assert mean == pytest.approx(1, abs=0.01)
    assert 0.03 < max(readings) - min(readings) < 0.3


@pytest.mark.parametrize("firmware", ["2.4", "2.15"])
def test_the_same_seed_tells_the_same_story(bitaxe: Make, firmware: str) -> None:
    """However often it is asked in between."""
    often, seldom, other = (bitaxe(firmware, seed=seed) for seed in (7, 7, 8))
    for _ in range(60):
        often.advance(10)
        often.info()
    seldom.advance(600)
    other.advance(600)
    assert often.info() == seldom.info()
    assert often.info() != other.info()
    assert often.mac != other.mac


def test_a_long_absence_is_caught_up_in_coarse_steps() -> None:
    """A week passes in a moment, and the clock does not go back."""
    clock = ManualClock()
    device = NerdQAxeDevice(clock=clock)
    clock.advance(7 * 24 * 3600)
    info = device.info()
    assert info["uptimeSeconds"] == 7 * 24 * 3600
    assert info["hashRate_1d"] == pytest.approx(4896, rel=0.02)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)


@pytest.mark.parametrize("mean", [0.0, 0.3, 5.0, 400.0])
def test_poisson_has_its_mean(mean: float) -> None:
    """For rare and for frequent events alike."""
    rng = random.Random(3)  # noqa: S311
    drawn = [poisson(rng, mean) for _ in range(2000)]
    assert sum(drawn) / len(drawn) == pytest.approx(mean, rel=0.1)
