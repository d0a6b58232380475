"""The boards that NMMiner runs on."""

from dataclasses import dataclass

from simulator.physics import Hardware


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board: what the firmware calls it, and its hardware.

    `slug` is the middle of the device's name. A board without `thermometer` reads
    nothing, and only one with an ASIC of its own knows its power.
    """

    board_type: str
    slug: str
    thermometer: bool
    free_heap: float
    screen: tuple[int, int]
    hardware: Hardware
    asic: bool = False


# An ESP32 gets warm without a fan. Its "frequency" is chosen so that it makes
# frequency times a million hashes each second.
_ESP32 = Hardware(
    chips=1,
    cores=1,
    nominal_frequency=1.0,
    nominal_voltage=1100,
    chip_watts=0.7,
    fixed_watts=0.5,
    supply_voltage=5000,
    fan_rpm=0,
    pool_difficulty=0.005,
    cooled_rise=2.0,
    still_air_rise=23.0,
)

BOARDS = {
    "cyd28": Board(
        board_type="cyd 2.8",
        slug="cyd-28",
        thermometer=False,
        free_heap=63.2,
        screen=(320, 240),
        hardware=_ESP32,
    ),
    "cydc5": Board(
        board_type="cyd c5",
        slug="cyd-c5",
        thermometer=True,
        free_heap=115.7,
        screen=(320, 240),
        hardware=_ESP32,
    ),
    "nmlotto": Board(
        board_type="NMLotto",
        slug="nmlotto",
        thermometer=True,
        free_heap=8203.9,
        screen=(320, 170),
        hardware=_ESP32,
    ),
    # A bare ESP32: neither a thermometer nor a screen.
    "devkit": Board(
        board_type="ESP32 Devkit",
        slug="devkit",
        thermometer=False,
        free_heap=91.5,
        screen=(0, 0),
        hardware=_ESP32,
    ),
    "nmaxe": Board(
        board_type="NMAxe",
        slug="nmaxe",
        thermometer=True,
        free_heap=8011.4,
        screen=(160, 80),
        hardware=Hardware(
            chips=1,
            cores=894,
            nominal_frequency=560,
            nominal_voltage=1200,
            chip_watts=9.8,
            fixed_watts=2.5,
            supply_voltage=5000,
            fan_rpm=6000,
            pool_difficulty=2048,
        ),
        asic=True,
    ),
}
