"""What the hardware does: heat, power, fan and hashrate, moved on in small steps."""

from dataclasses import dataclass
import math
import random

from simulator.shares import ShareCounter

# Shorter than the chip's own lag by far, so that exact steps stay accurate.
CHIP_LAG = 40.0
VR_LAG = 60.0
AVERAGE_WINDOWS = {"1m": 60.0, "10m": 600.0, "1h": 3600.0, "1d": 86400.0}

_NOISE_MEMORY = 0.85
_BASE_REJECTS = 0.002
_BASE_ERRORS = 0.15

# What a caller may set from outside by name, all of them plain numbers.
ADJUSTABLE = frozenset(
    {
        "ambient",
        "chip_temperature",
        "vr_temperature",
        "fan_percent",
        "input_voltage",
        "wifi_rssi",
        "ping_ms",
        "pool_difficulty",
        "network_difficulty",
        "best_difficulty",
        "blocks_found",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """The constants of one board, all electrical ones for the whole board."""

    chips: int
    cores: int
    nominal_frequency: float
    nominal_voltage: float
    chip_watts: float
    fixed_watts: float
    supply_voltage: float
    fan_rpm: float
    pool_difficulty: float
    # How far the chips get above the room at nominal power: with the fan at full
    # speed, and on top of it when the air stands still.
    cooled_rise: float = 22.0
    still_air_rise: float = 39.0
    noise: float = 0.025

    @property
    def nominal_watts(self) -> float:
        """Return the power the cooler was made for."""
        return self.chip_watts + self.fixed_watts


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """What the firmware asks of the hardware at one moment."""

    frequency: float
    core_voltage: float
    hashing: bool
    powered: bool
    target_temperature: float | None
    manual_fan: float
    minimum_fan: float


class RigModel:
    """The state of one miner's hardware and its pool session."""

    def __init__(self, hardware: Hardware, rng: random.Random) -> None:
        """Start cold, with a past that the seed decides."""
        self.hardware = hardware
        self.rng = rng
        self.ambient = 24.0
        self.chip_temperature = self.ambient
        self.vr_temperature = self.ambient
        self.fan_percent = 60.0
        self.input_voltage = hardware.supply_voltage * rng.uniform(1.0, 1.025)
        self.wifi_rssi = float(rng.randint(-68, -42))
        self.ping_ms = rng.uniform(8.0, 35.0)
        self.network_difficulty = 128_000_000_000_000.0
        self.power_fault: str | None = None
        self.hardware_fault: str | None = None
        self.shares = ShareCounter(
            best_ever=float(int(10 ** rng.uniform(8.0, 10.3))),
            pool_difficulty=hardware.pool_difficulty,
        )
        self.power = hardware.fixed_watts
        self.core_voltage_actual = 0.0
        self.frequency_actual = 0.0
        self.hashrate = 0.0
        self.averages = dict.fromkeys(AVERAGE_WINDOWS, 0.0)
        self.errors = 0.0
        self.error_count = 0.0
        self._hashing_for = 0.0
        self._noise = 0.0
        self._previous_chip = self.chip_temperature

    @property
    def pool_difficulty(self) -> float:
        """Return how difficult a share has to be for the pool to count it."""
        return self.shares.pool_difficulty

    @pool_difficulty.setter
    def pool_difficulty(self, value: float) -> None:
        self.shares.pool_difficulty = value

    @property
    def best_difficulty(self) -> float:
        """Return the best difficulty the device ever reached."""
        return self.shares.best_ever

    @best_difficulty.setter
    def best_difficulty(self, value: float) -> None:
        self.shares.best_ever = value

    @property
    def blocks_found(self) -> int:
        """Return how many blocks were found in this session."""
        return self.shares.blocks_found

    @blocks_found.setter
    def blocks_found(self, value: int) -> None:
        self.shares.blocks_found_ever += max(0, value - self.shares.blocks_found)
        self.shares.blocks_found = value

    @property
    def chip_power(self) -> float:
        """Return the power that goes through the chips."""
        return max(0.0, self.power - self.hardware.fixed_watts)

    @property
    def fan_rpm(self) -> int:
        """Return the fan's speed, which wobbles a little as real ones do."""
        wobble = 1.0 + 0.01 * self._noise / self.hardware.noise
        return max(0, round(self.hardware.fan_rpm * self.fan_percent / 100 * wobble))

    def expected_hashrate(self, frequency: float) -> float:
        """Return the hashrate in GH/s that a frequency should give."""
        return frequency * self.hardware.cores * self.hardware.chips / 1000

    def start_session(self) -> None:
        """Forget what a reboot forgets; heat does not care about reboots."""
        self.shares.start_session()
        self.hashrate = 0.0
        self.averages = dict.fromkeys(AVERAGE_WINDOWS, 0.0)
        self.errors = 0.0
        self.error_count = 0.0
        self._hashing_for = 0.0

    def step(self, seconds: float, drive: Drive) -> None:
        """Move everything on by a short time under one drive."""
        self._step_electricity(drive)
        self._step_fan(seconds, drive)
        self._step_heat(seconds)
        self._step_hashrate(seconds, drive)

    def _step_electricity(self, drive: Drive) -> None:
        """Follow the core voltage and frequency at once, as the chips do."""
        hardware = self.hardware
        self.frequency_actual = drive.frequency if drive.powered else 0.0
        self.core_voltage_actual = (
            drive.core_voltage + self.rng.uniform(-4, 4) if drive.powered else 0.0
        )
        nominal = hardware.nominal_frequency * hardware.nominal_voltage**2
        load = self.frequency_actual * self.core_voltage_actual**2 / nominal
        self.power = hardware.fixed_watts + hardware.chip_watts * load

    def _step_fan(self, seconds: float, drive: Drive) -> None:
        """Set the fan by hand, or steer it towards the target temperature."""
        if drive.target_temperature is None:
            self.fan_percent = drive.manual_fan
        else:
            too_hot = self.chip_temperature - drive.target_temperature
            rising = self.chip_temperature - self._previous_chip
            wanted = self.fan_percent + 4.0 * rising + 0.15 * too_hot * seconds
            self.fan_percent = min(100.0, max(drive.minimum_fan, wanted))
        self._previous_chip = self.chip_temperature

    def _step_heat(self, seconds: float) -> None:
        """Let both temperatures lag towards what power and fan lead to."""
        still_air = (1.0 - self.fan_percent / 100.0) ** 2
        hardware = self.hardware
        rise = hardware.cooled_rise + hardware.still_air_rise * still_air
        resistance = rise / hardware.nominal_watts
        chip_end = self.ambient + resistance * self.power
        vr_end = self.ambient + 0.75 * resistance * self.power
        self.chip_temperature = chip_end + (
            self.chip_temperature - chip_end
        ) * math.exp(-seconds / CHIP_LAG)
        self.vr_temperature = vr_end + (self.vr_temperature - vr_end) * math.exp(
            -seconds / VR_LAG
        )

    def _step_hashrate(self, seconds: float, drive: Drive) -> None:
        """Hash as well as the voltage allows and submit what comes of it."""
        if not (drive.hashing and drive.powered):
            self.hashrate = 0.0
            self.errors = 0.0
            self._average(seconds)
            return
        missing = self._missing_voltage(drive)
        efficiency = max(0.0, 1.0 - missing / 150.0)
        fresh = math.sqrt(1.0 - _NOISE_MEMORY**2) * self.rng.gauss(
            0.0, self.hardware.noise
        )
        self._noise = _NOISE_MEMORY * self._noise + fresh
        expected = self.expected_hashrate(drive.frequency)
        self.hashrate = max(0.0, expected * efficiency * (1.0 + self._noise))
        self.errors = min(
            100.0, (_BASE_ERRORS + 0.25 * missing) * self.rng.uniform(0.8, 1.2)
        )
        self.error_count += self.errors / 100 * self.hashrate / 4.3 * seconds
        self._hashing_for += seconds
        self._average(seconds)
        rejects = min(0.5, _BASE_REJECTS + 0.003 * missing)
        self.shares.mine(self.rng, self.hashrate * 1e9 * seconds, rejects)

    def _missing_voltage(self, drive: Drive) -> float:
        """Return how many mV the chips lack to run stable at their frequency."""
        hardware = self.hardware
        needed = (
            hardware.nominal_voltage
            - 70.0
            + 0.9 * (drive.frequency - hardware.nominal_frequency)
        )
        return max(0.0, needed - drive.core_voltage)

    def _average(self, seconds: float) -> None:
        """Move the running averages, which early on cover the session only."""
        for name, window in AVERAGE_WINDOWS.items():
            covered = min(window, max(self._hashing_for, seconds))
            weight = min(1.0, seconds / covered)
            self.averages[name] += weight * (self.hashrate - self.averages[name])
