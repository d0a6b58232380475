"""The boards that AxeOS runs on."""

from dataclasses import dataclass

from simulator.physics import Hardware


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board: its chip, what the firmware says of it, and its hardware.

    `chip_diode` boards measure in the chip, which reads nothing while it is off;
    the others measure beside it. `regulator` boards have a TPS546, which knows its
    own temperature and the current it puts out, but not the one it draws.
    """

    version: str
    family: str
    color: str
    chip: str
    default_frequency: int
    frequencies: tuple[int, ...]
    default_voltage: int
    voltages: tuple[int, ...]
    maximum_power: int
    nominal_voltage: int
    hash_domains: int
    chip_diode: bool
    regulator: bool
    hardware: Hardware


BOARDS = {
    "gamma601": Board(
        version="601",
        family="Gamma",
        color="green",
        chip="BM1370",
        default_frequency=525,
        frequencies=(400, 490, 525, 550, 600, 625),
        default_voltage=1150,
        voltages=(1000, 1060, 1100, 1150, 1200, 1250),
        maximum_power=40,
        nominal_voltage=5,
        hash_domains=4,
        chip_diode=True,
        regulator=True,
        hardware=Hardware(
            chips=1,
            cores=2040,
            nominal_frequency=525,
            nominal_voltage=1150,
            chip_watts=12.6,
            fixed_watts=5.0,
            supply_voltage=5100,
            fan_rpm=7400,
            pool_difficulty=2048,
        ),
    ),
    "supra401": Board(
        version="401",
        family="Supra",
        color="blue",
        chip="BM1368",
        default_frequency=490,
        frequencies=(400, 425, 450, 475, 485, 490, 500, 525, 550, 575),
        default_voltage=1166,
        voltages=(1100, 1150, 1166, 1200, 1250, 1300),
        maximum_power=40,
        nominal_voltage=5,
        hash_domains=4,
        chip_diode=False,
        regulator=False,
        hardware=Hardware(
            chips=1,
            cores=1276,
            nominal_frequency=490,
            nominal_voltage=1166,
            chip_watts=11.4,
            fixed_watts=1.6,
            supply_voltage=5100,
            fan_rpm=7100,
            pool_difficulty=1024,
        ),
    ),
    "ultra204": Board(
        version="204",
        family="Ultra",
        color="purple",
        chip="BM1366",
        default_frequency=485,
        frequencies=(400, 425, 450, 475, 485, 500, 525, 550, 575),
        default_voltage=1200,
        voltages=(1100, 1150, 1200, 1250, 1300),
        maximum_power=25,
        nominal_voltage=5,
        hash_domains=4,
        chip_diode=False,
        regulator=False,
        hardware=Hardware(
            chips=1,
            cores=894,
            nominal_frequency=485,
            nominal_voltage=1200,
            chip_watts=10.2,
            fixed_watts=1.4,
            supply_voltage=5100,
            fan_rpm=6900,
            pool_difficulty=1024,
        ),
    ),
}
