"""The NerdQAxe++ board: four BM1370 on a 12 V supply."""

from simulator.physics import Hardware

MODEL = "NerdQAxe++"
CHIP = "BM1370"
FREQUENCIES = (500, 515, 525, 550, 575, 590, 600)
VOLTAGES = (1120, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200)
DEFAULT_FREQUENCY = 600
DEFAULT_VOLTAGE = 1150
MAXIMUM_FREQUENCY = 800
MAXIMUM_VOLTAGE = 1400
POWER_RANGE = (52, 100)
SUPPLY_RANGE = (11, 13)
CURRENT_RANGE = (0, 8)
VR_LIMIT = 100.0
DEFAULT_VR_FREQUENCY = 25_000
COLOR = "#d06a1f"

HARDWARE = Hardware(
    chips=4,
    cores=2040,
    nominal_frequency=DEFAULT_FREQUENCY,
    nominal_voltage=DEFAULT_VOLTAGE,
    chip_watts=68.0,
    fixed_watts=9.0,
    supply_voltage=12000,
    fan_rpm=3300,
    pool_difficulty=8192,
)
