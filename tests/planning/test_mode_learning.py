"""The figures of a mode come from steady times, and no outlier moves them."""

from datetime import timedelta
import json
import math
import random
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.mode_learning import (
    LearnedMode,
    ModeLearner,
)

from . import MIDNIGHT, at

POLL = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)


class Miner:
    """Polls a miner whose readings scatter, and lets the learner hear of them."""

    def __init__(self, learner: ModeLearner | None = None) -> None:
        """Initialize with a learner, a new one if not told."""
        self.learner = learner or ModeLearner()
        self.now = MIDNIGHT
        self.random = random.Random(8)  # noqa: S311

    def run(
        self,
        minutes: float,
        mode: str | None = "eco",
        *,
        hashrate: float | None = 1e12,
        power: float | None = 15,
        scatter: float = 0.0,
        setting: str = "",
    ) -> ModeLearner:
        """Let the miner do something for some minutes, with a poll at both ends."""
        end = self.now + minutes * MINUTE
        while self.now < end:
            self.now += POLL
            factor = self.random.gauss(1, scatter)
            self.learner.add(
                mode,
                None if hashrate is None else hashrate * factor,
                None if power is None else power * factor,
                self.now,
                setting=setting,
            )
        return self.learner


def learned(learner: ModeLearner, mode: str = "eco") -> tuple[float, float | None]:
    """Return hashrate and power of a mode."""
    found = learner.figures()[mode]
    return found.hashrate, found.power


def test_only_steady_time_counts() -> None:
    """Ten minutes have to pass, and five more for the first figure."""
    miner = Miner()
    miner.run(10, hashrate=7e11, power=40)
    assert miner.run(4.75).figures() == {}
    figures = miner.run(0.5).figures()
    assert figures == {
        "eco": LearnedMode(
            hashrate=1e12,
            power=15,
            samples=1,
            updated=MIDNIGHT + 15.25 * MINUTE,
        )
    }
    assert miner.run(5.25).figures()["eco"].samples == 2


@pytest.mark.parametrize(
    "break_",
    [
        pytest.param({"mode": None}, id="away or calibrating"),
        pytest.param({"hashrate": None}, id="unknown hashrate"),
        pytest.param({"hashrate": 0.0}, id="without work"),
        pytest.param({"hashrate": math.nan}, id="no number"),
        pytest.param({"mode": "turbo"}, id="another mode"),
        pytest.param({"setting": "450 MHz"}, id="another setting"),
    ],
)
def test_a_break_begins_anew(break_: dict[str, Any]) -> None:
    """Whatever interrupts a mode is none of it, nor is what follows at once."""
    miner = Miner()
    miner.run(14)
    miner.run(0.25, **break_)
    miner.run(10, hashrate=5e11, power=99)
    assert miner.learner.figures() == {}
    assert learned(miner.run(6)) == (1e12, 15)


@pytest.mark.parametrize("jump", [timedelta(minutes=20), -timedelta(minutes=1)])
def test_a_gap_begins_anew(jump: timedelta) -> None:
    """Nobody knows what happened in a gap, nor when a clock that was set is right."""
    miner = Miner()
    miner.run(14)
    miner.now += jump
    miner.run(9, hashrate=5e11)
    assert miner.learner.figures() == {}
    miner.run(7)
    assert learned(miner.learner) == (1e12, 15)


def test_slow_polls_are_no_gap() -> None:
    """A miner that is asked every ten minutes is learned all the same."""
    learner = ModeLearner()
    for poll in range(4):
        learner.add("eco", 1e12, 15, MIDNIGHT + poll * 10 * MINUTE)
    assert learned(learner) == (1e12, 15)


@given(st.lists(st.floats(0, 1e18), max_size=40), st.integers(0, 2**32))
@settings(max_examples=30)
def test_outliers_do_not_move_it(outliers: list[float], seed: int) -> None:
    """However wrong a few readings in a hundred are, the figures stay within 3 %."""
    learner = ModeLearner()
    source = random.Random(seed)  # noqa: S311
    wrong = dict(zip(source.sample(range(480), len(outliers)), outliers, strict=True))
    for poll in range(480):
        factor = source.gauss(1, 0.05)
        hashrate = max(wrong.get(poll, 1e12 * factor), 1.0)
        learner.add("eco", hashrate, 15 * factor, MIDNIGHT + poll * POLL)
    hashrate, power = learned(learner)
    assert hashrate == pytest.approx(1e12, rel=0.03)
    assert power == pytest.approx(15, rel=0.03)


def test_old_conditions_fade() -> None:
    """After two hours in a mode, nothing is left of how it was before."""
    miner = Miner()
    miner.run(400, hashrate=2e12, power=30, scatter=0.02)
    assert miner.learner.figures()["eco"].samples == 24
    miner.run(140, scatter=0.02)
    hashrate, power = learned(miner.learner)
    assert hashrate == pytest.approx(1e12, rel=0.01)
    assert power == pytest.approx(15, rel=0.01)
    assert miner.learner.figures()["eco"].samples == 24


def test_each_mode_has_its_own() -> None:
    """Half-hours in turn teach both modes, and off with its standby power as well."""
    miner = Miner()
    for _ in range(3):
        miner.run(30)
        miner.run(30, "turbo", hashrate=1.3e12, power=24)
        miner.run(30, "off", hashrate=None, power=3)
    assert learned(miner.learner) == (1e12, 15)
    assert learned(miner.learner, "turbo") == (1.3e12, 24)
    assert learned(miner.learner, "off") == (0, 3)


def test_without_a_meter() -> None:
    """The power stays unknown, and a reading of it counts as soon as there is one."""
    miner = Miner()
    miner.run(20, power=None)
    assert learned(miner.learner) == (1e12, None)
    miner.run(10)
    assert learned(miner.learner) == (1e12, 15)


def test_another_setting_is_another_mode() -> None:
    """A preset that its owner changes is learned anew, and the old one not told."""
    miner = Miner()
    miner.run(60, setting="400 MHz 1.1 V")
    learner = miner.learner
    assert set(learner.figures({"eco": "400 MHz 1.1 V", "turbo": ""})) == {"eco"}
    assert learner.figures({"eco": "450 MHz 1.1 V"}) == {}
    assert learner.figures({"turbo": "400 MHz 1.1 V"}) == {}
    miner.run(16, hashrate=1.1e12, power=17, setting="450 MHz 1.1 V")
    found = learner.figures({"eco": "450 MHz 1.1 V"})["eco"]
    assert (found.hashrate, found.power, found.samples) == (1.1e12, 17, 1)
    learner.forget("eco")
    learner.forget("eco")
    assert learner.figures() == {}


def test_forgotten_names_go() -> None:
    """Of very many modes those are kept that were used last."""
    miner = Miner()
    for number in range(20):
        miner.run(16, f"mode {number}")
    assert set(miner.learner.figures()) == {f"mode {n}" for n in range(4, 20)}


def test_a_restart() -> None:
    """What is learned survives a restart, but a steady time does not."""
    miner = Miner()
    miner.run(33, setting="400 MHz", scatter=0.05)
    miner.run(33, "off", power=None)
    stored = json.loads(json.dumps(miner.learner.as_dict()))
    again = ModeLearner.from_dict(stored)
    assert again.figures() == miner.learner.figures()
    assert again.as_dict() == stored
    before = again.figures()
    later = Miner(again)
    later.now = at(24)
    assert later.run(10, "off", power=9).figures() == before
    assert later.run(6, "off", power=9).figures() != before


@pytest.mark.parametrize(
    "changes",
    [
        {"windows": None},
        {"windows": [[1]]},
        {"windows": [[1, 2, 3]]},
        {"windows": [["1", 2]]},
        {"windows": [[None, 2]]},
        {"windows": [[True, 2]]},
        {"windows": [[-1, 2]]},
        {"windows": [[1, math.nan]]},
        {"windows": [[10**400, 2]]},
        {"updated": "2026-01-15T00:00:00"},
        {"updated": None},
    ],
)
def test_nonsense(changes: dict[str, Any]) -> None:
    """What was never stored is told as such."""
    row = {"setting": "", "updated": MIDNIGHT.isoformat(), "windows": [[1e12, 15]]}
    assert learned(ModeLearner.from_dict({"eco": row})) == (1e12, 15)
    with pytest.raises((TypeError, ValueError, OverflowError)):
        ModeLearner.from_dict({"eco": row | changes})


def test_stored_without_windows() -> None:
    """A mode of which nothing is stored is not known, and very many make no more."""
    row = {"setting": "", "updated": MIDNIGHT.isoformat(), "windows": []}
    assert ModeLearner.from_dict({"eco": row}).figures() == {}
    many = row | {"windows": [[1e12, None]] * 99}
    assert ModeLearner.from_dict({"eco": many}).figures()["eco"].samples == 24


def test_what_is_worth_being_kept() -> None:
    """A miner that rests for hours tells nothing new with each window."""
    learner = ModeLearner()
    news = [
        learner.add("off", 0, 1 / 3, MIDNIGHT + minute * MINUTE)
        for minute in range(0, 600, 5)
    ]
    # Two readings make a window, from the tenth minute on.
    assert [minute for minute, new in enumerate(news) if new] == [*range(3, 51, 2)]
    assert learner.as_dict()["off"]["windows"][0] == [0.0, 0.33]
