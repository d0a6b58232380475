"""Ladders and work modes of the boards, and what is never exceeded."""

from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.boards import (
    Ladder,
    axeos_ladder,
    ladder_capabilities,
    nerdqaxe_ladder,
    reported_ladder,
)
from custom_components.miner_controller.protocols.model import Capabilities, Range

NERDQAXE: dict[str, Any] = {
    "defaultFrequency": 600,
    "defaultVoltage": 1150,
    "absMaxFrequency": 800,
    "absMaxVoltage": 1400,
    "ecoFrequency": 0,
    "ecoVoltage": 0,
    "frequencyOptions": [500, 515, 525, 550, 575, 590, 600],
    "voltageOptions": [1120, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200],
}

GAMMA_DUO: dict[str, Any] = {
    "defaultFrequency": 400,
    "defaultVoltage": 1150,
    "frequencyOptions": [350, 375, 380, 400, 410],
    "voltageOptions": [1000, 1060, 1100, 1150, 1200, 1250],
}


def modes(capabilities: Capabilities) -> dict[str, tuple[float, float]]:
    """Return the pairs of all work modes in MHz and mV, in their order."""
    return {
        mode.name: (mode.frequency, round(mode.core_voltage * 1000, 3))
        for mode in capabilities.work_modes
    }


@pytest.mark.parametrize(
    ("chip", "expected"),
    [
        (
            "BM1370",
            {
                "eco": (400, 1100),
                "standard": (525, 1150),
                "turbo": (575, 1200),
                "oc": (625, 1250),
            },
        ),
        (
            "BM1368",
            {
                "eco": (400, 1100),
                "standard": (490, 1166),
                "turbo": (525, 1250),
                "oc": (575, 1300),
            },
        ),
        (
            "BM1366",
            {
                "eco": (400, 1100),
                "standard": (485, 1200),
                "turbo": (525, 1250),
                "oc": (575, 1300),
            },
        ),
        (
            "BM1397",
            {
                "eco": (400, 1300),
                "standard": (425, 1400),
                "turbo": (500, 1450),
                "oc": (600, 1500),
            },
        ),
    ],
)
def test_modes_of_a_bitaxe(chip: str, expected: dict[str, tuple[float, float]]) -> None:
    """Each chip has its own pairs, from low power to the top of its ladder."""
    found = modes(ladder_capabilities(axeos_ladder(chip), chip))
    assert found == expected
    assert list(found) == ["eco", "standard", "turbo", "oc"]


@pytest.mark.parametrize(
    ("chip", "frequency", "core_voltage"),
    [
        ("BM1366", (400, 575), (1.1, 1.3)),
        ("BM1368", (400, 575), (1.1, 1.3)),
        ("BM1397", (400, 600), (1.1, 1.5)),
    ],
)
def test_a_chip_without_bounds_stays_inside_its_ladder(
    chip: str, frequency: tuple[float, float], core_voltage: tuple[float, float]
) -> None:
    """The limit equals the default range."""
    found = ladder_capabilities(axeos_ladder(chip), chip)
    assert found.frequency == Range(minimum=frequency[0], maximum=frequency[1])
    assert found.frequency_limit == found.frequency
    assert found.core_voltage == Range(
        minimum=core_voltage[0], maximum=core_voltage[1], step=0.001
    )
    assert found.core_voltage_limit == found.core_voltage


def test_limits_of_a_gamma() -> None:
    """The ladder is the default range, and 400 to 800 MHz, 1 to 1.4 V the limit."""
    found = ladder_capabilities(axeos_ladder("BM1370"), "BM1370")
    assert found.frequency == Range(minimum=400, maximum=625)
    assert found.frequency_limit == Range(minimum=400, maximum=800)
    assert found.core_voltage == Range(minimum=1.0, maximum=1.25, step=0.001)
    assert found.core_voltage_limit == Range(minimum=1.0, maximum=1.4, step=0.001)


@pytest.mark.parametrize(
    "ladder", [reported_ladder(NERDQAXE), nerdqaxe_ladder("NerdQAxe++")]
)
def test_a_nerdqaxe_has_eco_and_standard(ladder: Ladder | None) -> None:
    """Its default is the top of its ladder, and its own maximum is the limit."""
    found = ladder_capabilities(ladder, "BM1370")
    assert modes(found) == {"eco": (500, 1120), "standard": (600, 1150)}
    assert found.frequency == Range(minimum=500, maximum=600)
    assert found.frequency_limit == Range(minimum=400, maximum=800)
    assert found.core_voltage == Range(minimum=1.12, maximum=1.2, step=0.001)
    assert found.core_voltage_limit == Range(minimum=1.0, maximum=1.4, step=0.001)


def test_the_boards_own_eco_pair_is_taken() -> None:
    """A pair that is not zero counts, even below the ladder."""
    reply = {
        **NERDQAXE,
        "defaultFrequency": 777,
        "defaultVoltage": 1200,
        "frequencyOptions": [600, 700, 777],
        "ecoFrequency": 495,
        "ecoVoltage": 1085,
    }
    found = ladder_capabilities(reported_ladder(reply), "BM1370")
    assert modes(found) == {"eco": (495, 1085), "standard": (777, 1200)}


@pytest.mark.parametrize(
    "eco", [{"ecoFrequency": 495}, {"ecoVoltage": 1085}, {"ecoFrequency": -495}]
)
def test_half_an_eco_pair_is_none(eco: dict[str, int]) -> None:
    """Where the board tells no whole pair the bottom of its ladder is used."""
    found = ladder_capabilities(reported_ladder({**NERDQAXE, **eco}), "BM1370")
    assert modes(found)["eco"] == (500, 1120)


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        (400, {"standard": (400, 1150), "turbo": (410, 1200), "oc": (410, 1250)}),
        (410, {"standard": (410, 1150)}),
    ],
)
def test_a_gamma_duo_keeps_to_its_own_ladder(
    default: int, expected: dict[str, tuple[float, float]]
) -> None:
    """A chip of another name has neither the Gamma's modes nor its limits."""
    reply = {**GAMMA_DUO, "defaultFrequency": default}
    found = ladder_capabilities(reported_ladder(reply), "BM1370XP")
    assert modes(found) == expected
    assert found.frequency == found.frequency_limit == Range(minimum=350, maximum=410)


def test_a_low_ladder_of_a_gamma_chip_has_no_modes_of_the_gamma() -> None:
    """The ladder decides and not the name of the chip; the default is its top."""
    reply = {**GAMMA_DUO, "defaultFrequency": 410}
    found = ladder_capabilities(reported_ladder(reply), "BM1370")
    assert modes(found) == {"eco": (400, 1100), "standard": (410, 1150)}
    assert found.frequency == Range(minimum=400, maximum=410)


def test_one_step_of_headroom_is_turbo_only() -> None:
    """Two modes of the same pair would be one too many."""
    reply = {**GAMMA_DUO, "voltageOptions": [1100, 1150]}
    found = ladder_capabilities(reported_ladder(reply), "BM1370XP")
    assert modes(found) == {"standard": (400, 1150), "turbo": (410, 1150)}


def test_a_board_without_ladder_has_no_ranges() -> None:
    """What is not known is not offered."""
    assert axeos_ladder("BM9999") is None
    assert axeos_ladder(None) is None
    assert nerdqaxe_ladder("NerdOther") is None
    assert nerdqaxe_ladder(None) is None
    assert ladder_capabilities(None, "BM1370") == Capabilities()


@pytest.mark.parametrize(
    "lacking",
    ["frequencyOptions", "voltageOptions", "defaultFrequency", "defaultVoltage"],
)
@pytest.mark.parametrize("value", [None, 0, [], [0], "525"])
def test_a_reported_ladder_is_whole_or_none(lacking: str, value: object) -> None:
    """A reply that lacks a part of the ladder tells no ladder."""
    assert reported_ladder({**NERDQAXE, lacking: value}) is None


@pytest.mark.parametrize(
    "nonsense",
    [
        {"absMaxFrequency": 100},
        {"absMaxVoltage": 10},
        {"frequencyOptions": [60000, 65000]},
        {"voltageOptions": [1, 2]},
    ],
)
def test_a_ladder_outside_of_the_limits_offers_nothing(
    nonsense: dict[str, Any],
) -> None:
    """There is no range whose ends are the wrong way round."""
    reply = {key: value for key, value in NERDQAXE.items() if "absMax" not in key}
    if "absMaxFrequency" in nonsense or "absMaxVoltage" in nonsense:
        reply = NERDQAXE
    found = ladder_capabilities(reported_ladder({**reply, **nonsense}), "BM1370")
    assert found == Capabilities()


ASIC_VALUES = (
    st.none()
    | st.integers(-10, 70_000)
    | st.floats()
    | st.text(max_size=3)
    | st.lists(st.integers(-10, 70_000) | st.floats() | st.none(), max_size=8)
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(NERDQAXE)), ASIC_VALUES),
    st.sampled_from(["BM1366", "BM1368", "BM1370", "BM1397", "BM9999"]),
)
def test_every_mode_is_inside_the_limits(changes: dict[str, Any], chip: str) -> None:
    """Whatever a board reports, ranges are ranges and modes keep to the limits."""
    found = ladder_capabilities(reported_ladder({**NERDQAXE, **changes}), chip)
    for inner, outer in (
        (found.frequency, found.frequency_limit),
        (found.core_voltage, found.core_voltage_limit),
    ):
        assert (inner is None) is (outer is None)
        if inner is None or outer is None:
            assert found.work_modes == ()
            continue
        assert 0 < outer.minimum <= inner.minimum <= inner.maximum <= outer.maximum
    for mode in found.work_modes:
        assert found.frequency_limit is not None
        assert found.core_voltage_limit is not None
        assert mode.frequency in found.frequency_limit
        assert mode.core_voltage in found.core_voltage_limit
