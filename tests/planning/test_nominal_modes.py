"""Until a mode is learned, it has the figures that follow from its model."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from custom_components.miner_controller.planning.mode_learning import LearnedMode
from custom_components.miner_controller.planning.nominal_modes import (
    best_known,
    nominal_modes,
    setting_of,
)
from custom_components.miner_controller.planning.plan_model import ModeFigures
from custom_components.miner_controller.protocols.model import (
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    WorkMode,
)

from . import MIDNIGHT

ECO = WorkMode(name="eco", frequency=400, core_voltage=1.1)
STANDARD = WorkMode(name="standard", frequency=500, core_voltage=1.1)
OC = WorkMode(name="oc", frequency=625, core_voltage=1.25)
PAIRS = {"eco": ECO, "standard": STANDARD, "oc": OC, "off": None}

BITAXE = MinerIdentity(
    family=MinerFamily.AXEOS, manufacturer="Bitaxe", model="Bitaxe Gamma"
)
NMMINER = MinerIdentity(
    family=MinerFamily.NMMINER, manufacturer="NMMiner", model="NMMiner"
)
RUNNING = MinerStatus(
    hashrate=1.1e12,
    hashrate_average=0.99e12,
    expected_hashrate=1e12,
    power=18,
    frequency=500,
    core_voltage=1.1,
)


def avalon(model: str) -> MinerIdentity:
    """Return an Avalon."""
    return MinerIdentity(family=MinerFamily.AVALON, manufacturer="Canaan", model=model)


def told(
    found: Mapping[str, ModeFigures | None],
) -> dict[str, tuple[float, float] | None]:
    """Return GH/s and W of each mode, none of which is learned."""
    assert not any(figures and figures.learned for figures in found.values())
    return {
        name: (round(figures.hashrate / 1e9, 3), round(figures.power, 3))
        if figures
        else None
        for name, figures in found.items()
    }


def learned(hashrate: float, power: float | None) -> LearnedMode:
    """Return figures that were learned."""
    return LearnedMode(hashrate=hashrate, power=power, samples=3, updated=MIDNIGHT)


def test_pairs_are_scaled() -> None:
    """The hashrate grows with the frequency, the power with the voltage as well."""
    found = nominal_modes(BITAXE, PAIRS, RUNNING)
    assert told(found) == {
        "eco": (800, 14.4),
        "standard": (1000, 18),
        # 625 / 500, and (1.25 / 1.1)² on top.
        "oc": (1250, 29.055),
        "off": (0, 0),
    }
    assert all(figures and figures.name == name for name, figures in found.items())


@pytest.mark.parametrize(
    ("status", "hashrate"),
    [
        (replace(RUNNING, expected_hashrate=None), 990),
        (replace(RUNNING, expected_hashrate=None, hashrate_average=None), 1100),
    ],
)
def test_the_best_hashrate_is_taken(status: MinerStatus, hashrate: float) -> None:
    """Where the firmware tells no expected hashrate, the measured one is scaled."""
    found = nominal_modes(BITAXE, {"standard": STANDARD}, status)
    assert told(found) == {"standard": (hashrate, 18)}


@pytest.mark.parametrize(
    "status",
    [
        None,
        replace(RUNNING, mining=False),
        replace(RUNNING, overheated=True),
        replace(RUNNING, hashrate=0.0),
        replace(RUNNING, power=None),
        replace(RUNNING, power=0.0),
        replace(RUNNING, frequency=None),
        replace(RUNNING, core_voltage=0.0),
        MinerStatus(power=18, frequency=500, core_voltage=1.1),
    ],
)
def test_nothing_to_scale_from(status: MinerStatus | None) -> None:
    """A miner that does not work tells nothing of its modes, but off is known."""
    assert told(nominal_modes(BITAXE, PAIRS, status)) == {
        "eco": None,
        "standard": None,
        "oc": None,
        "off": (0, 0),
    }


@pytest.mark.parametrize(
    ("model", "mode", "expected"),
    [
        ("Avalon Nano 3", "low", (2200, 60)),
        ("Avalon Nano 3", "high", (4200, 126)),
        ("Avalon Nano 3S", "high", (6400, 132)),
        ("Avalon Nano 3S", "low", None),
        ("Avalon Mini 3", "mining", (37500, 800)),
        ("Avalon Mini 3", "night", None),
        ("Avalon Q", "super", (90000, 1674)),
        ("Avalon X", "super", None),
    ],
)
def test_avalon(model: str, mode: str, expected: tuple[float, float] | None) -> None:
    """An Avalon has the figures that are documented for its model, working or not."""
    found = nominal_modes(avalon(model), {mode: None, "other": None}, None)
    assert told(found) == {mode: expected, "other": None}


def test_the_mode_that_a_miner_is_in() -> None:
    """What is not documented is what the miner does now, in this mode only."""
    status = MinerStatus(hashrate=52e12, power=834, work_mode="eco")
    modes = dict.fromkeys(("eco", "standard", "super", "off"))
    assert told(nominal_modes(avalon("Avalon Q"), modes, status)) == {
        "eco": (52000, 834),
        "standard": None,
        "super": (90000, 1674),
        "off": (0, 0),
    }


def test_an_only_mode() -> None:
    """A miner that is either on or off does what it does, at its owner's word."""
    status = MinerStatus(hashrate=1e6)
    modes = dict.fromkeys(("on", "off"))
    found = nominal_modes(NMMINER, modes, status, power_draw=1.5)
    assert told(found) == {"on": (0.001, 1.5), "off": (0, 0)}
    assert nominal_modes(NMMINER, modes, status)["on"] is None


def test_the_meter_knows_better() -> None:
    """The word of the owner counts where the miner has no meter."""
    pairs = {"standard": STANDARD}
    found = nominal_modes(BITAXE, pairs, RUNNING, power_draw=50)
    assert told(found) == {"standard": (1000, 18)}
    found = nominal_modes(BITAXE, pairs, replace(RUNNING, power=None), power_draw=50)
    assert told(found) == {"standard": (1000, 50)}


def test_what_is_learned_comes_first() -> None:
    """Learned figures are marked as such; without a meter the power stays nominal."""
    nominal = nominal_modes(BITAXE, PAIRS, RUNNING) | {"turbo": None, "boost": None}
    found = best_known(
        nominal,
        {
            "eco": learned(0.79e12, 13.5),
            "standard": learned(1.01e12, None),
            "turbo": learned(1.1e12, 21),
            "boost": learned(1.1e12, None),
            "gone": learned(1e12, 1),
        },
    )
    assert found == {
        "eco": ModeFigures(name="eco", hashrate=0.79e12, power=13.5, learned=True),
        "standard": ModeFigures(
            name="standard", hashrate=1.01e12, power=18, learned=False
        ),
        "oc": nominal["oc"],
        "off": nominal["off"],
        "turbo": ModeFigures(name="turbo", hashrate=1.1e12, power=21, learned=True),
    }


def test_a_setting() -> None:
    """A pair tells what stands behind a name; the firmware's own modes never change."""
    assert setting_of(OC) == "625 MHz 1.25 V"
    assert setting_of(None) == ""
