"""The Avalon home miners: what each of them is and can do."""

from dataclasses import dataclass
import math

from simulator.physics import Hardware

_REPORTS = ("version", "config", "devs", "edevs", "pools", "summary", "devdetails")
_STATISTICS = ("stats", "estats", "coin", "check", "lcd", "lockstats", "ascset")
_POOLS = ("switchpool", "poolpriority", "enablepool", "disablepool", "setpool")
_NEW_COMMANDS = frozenset((*_REPORTS, *_STATISTICS, *_POOLS, "litestats", "time"))
_OLD_COMMANDS = frozenset(
    (*_REPORTS, *_STATISTICS, *_POOLS, "addpool", "removepool", "privileged")
)

# The order in which the firmware's help lists them.
_NANO3S_OPTIONS = (
    "help",
    "voltage",
    "fan-spd",
    "ledmode",
    "ledset",
    "lcd",
    "nightlamp",
    "wallpaper",
    "hash-sn-read",
    "volt-adjust-switch",
    "workmode",
    "worklevel",
    "work_mode_lvl",
    "reboot",
    "filter-clean",
    "facopts",
    "faclock",
    "frequency",
    "loop",
    "password",
    "qr_auth",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to work: what it should draw and give, and the limit that is told."""

    watts: float
    gigahashes: float
    limit: int

    def frequency(self, hardware: Hardware) -> float:
        """Return the frequency in MHz that gives the hashrate."""
        return self.gigahashes / hardware.cores / hardware.chips * 1000

    def voltage(self, hardware: Hardware) -> float:
        """Return the voltage of a chip in mV that leads to the power."""
        load = (self.watts - hardware.fixed_watts) / hardware.chip_watts
        frequency = self.frequency(hardware) / hardware.nominal_frequency
        return hardware.nominal_voltage * math.sqrt(load / frequency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalonModel:
    """The constants of one model; the modes are in the order of their numbers."""

    key: str
    product: str
    name: str
    hardware_type: str
    software_type: str
    firmwares: tuple[str, ...]
    firmware_keys: tuple[str, ...]
    driver: str = "AVALON"
    stats_key: str = "MM ID0"
    has_mac: bool = True
    has_page: bool = False
    commands: frozenset[str] = _NEW_COMMANDS
    options: tuple[str, ...]
    core: str = "A3197S"
    fans: int = 1
    least_fan: int = 15
    target: int
    modes: tuple[Mode, ...]
    mode: int
    levels: tuple[int, int] = (-1, 0)
    nonce_difficulty: float
    hardware: Hardware


NANO3 = AvalonModel(
    key="nano3",
    product="Avalonnano",
    name="nano3",
    hardware_type="PMMv1_X1",
    software_type="MM318_X2",
    firmwares=("24071801_42c628d", "24032701", "25103101_0736b2e"),
    firmware_keys=("VERSION", "HVERSION"),
    driver="AVANANO",
    has_mac=False,
    has_page=True,
    commands=_OLD_COMMANDS,
    options=("worklevel", "fan-spd", "reboot", "led", "password"),
    core="A3198S",
    least_fan=0,
    target=85,
    modes=(
        Mode(watts=65, gigahashes=2300, limit=60),
        Mode(watts=92, gigahashes=3330, limit=90),
        Mode(watts=126, gigahashes=4100, limit=125),
    ),
    mode=1,
    levels=(0, 2),
    nonce_difficulty=1024.0,
    hardware=Hardware(
        chips=10,
        cores=716,
        nominal_frequency=572,
        nominal_voltage=346,
        chip_watts=121.0,
        fixed_watts=5.0,
        supply_voltage=27400,
        fan_rpm=7800,
        pool_difficulty=2048,
        cooled_rise=58.0,
        still_air_rise=78.0,
        noise=0.003,
    ),
)

NANO3S = AvalonModel(
    key="nano3s",
    product="Avalon Nano3s",
    name="Nano3s",
    hardware_type="N_MM1v1_X1",
    software_type="MM319",
    firmwares=("25021401_56abae7", "25061101_97e23a6"),
    firmware_keys=("LVERSION", "BVERSION", "CGVERSION"),
    options=_NANO3S_OPTIONS,
    target=90,
    modes=(
        Mode(watts=65, gigahashes=3400, limit=65),
        Mode(watts=100, gigahashes=5000, limit=99),
        Mode(watts=140, gigahashes=6600, limit=138),
    ),
    mode=2,
    nonce_difficulty=256.0,
    hardware=Hardware(
        chips=12,
        cores=1220,
        nominal_frequency=451,
        nominal_voltage=306,
        chip_watts=133.0,
        fixed_watts=7.0,
        supply_voltage=27300,
        fan_rpm=4770,
        pool_difficulty=8192,
        cooled_rise=45.0,
        still_air_rise=51.0,
        noise=0.003,
    ),
)

MINI3 = AvalonModel(
    key="mini3",
    product="Avalon Mini3",
    name="Mini3",
    hardware_type="M_MM1v1_X1",
    software_type="MM319",
    firmwares=("25011701_3f53b19", "25061801"),
    firmware_keys=("LVERSION", "BVERSION", "CGVERSION", "MCUVERSION"),
    has_page=True,
    options=(
        "help",
        "workmode",
        "worklevel",
        "reboot",
        "softoff",
        "softon",
        "limittemp",
        "lcd",
        "password",
    ),
    target=80,
    modes=(
        Mode(watts=815, gigahashes=37_500, limit=800),
        Mode(watts=800, gigahashes=37_000, limit=790),
        Mode(watts=450, gigahashes=24_000, limit=440),
    ),
    mode=1,
    nonce_difficulty=1024.0,
    hardware=Hardware(
        chips=66,
        cores=1168,
        nominal_frequency=486,
        nominal_voltage=316,
        chip_watts=795.0,
        fixed_watts=20.0,
        supply_voltage=230_000,
        fan_rpm=2600,
        pool_difficulty=32_768,
        cooled_rise=38.0,
        still_air_rise=60.0,
        noise=0.003,
    ),
)

Q = AvalonModel(
    key="q",
    product="Avalon Q",
    name="Q",
    hardware_type="Q_MM1v1_X1",
    software_type="MM319",
    firmwares=("25052801_14a19a2",),
    firmware_keys=(
        "LVERSION",
        "BVERSION",
        "CGVERSION",
        "HBMCUVERSION",
        "FANMCUVERSION",
    ),
    stats_key="MM ID0:Summary",
    options=(
        "help",
        "fan-spd",
        "workmode",
        "worklevel",
        "work_mode_lvl",
        "reboot",
        "softoff",
        "softon",
        "target-temp",
        "lcd",
        "password",
        "facopts",
        "faclock",
    ),
    fans=4,
    target=75,
    modes=(
        Mode(watts=834, gigahashes=53_000, limit=800),
        Mode(watts=1130, gigahashes=69_000, limit=1100),
        Mode(watts=1417, gigahashes=82_000, limit=1400),
    ),
    mode=0,
    nonce_difficulty=1024.0,
    hardware=Hardware(
        chips=80,
        cores=2135,
        nominal_frequency=480,
        nominal_voltage=300,
        chip_watts=1391.0,
        fixed_watts=26.0,
        supply_voltage=230_000,
        fan_rpm=3200,
        pool_difficulty=65_536,
        cooled_rise=40.0,
        still_air_rise=60.0,
        noise=0.003,
    ),
)

MODELS = {model.key: model for model in (NANO3, NANO3S, MINI3, Q)}
