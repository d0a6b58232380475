"""What a miner is, what it can do and what it reports."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class MinerFamily(StrEnum):
    """Miners that speak one protocol."""

    AXEOS = "axeos"
    NERDQAXE = "nerdqaxe"
    AVALON = "avalon"
    CGMINER = "cgminer"
    NMMINER = "nmminer"


def _known(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a stored object that this version knows.

    A later version may have stored more, and a home may go back to an earlier one.
    """
    names = {item.name for item in fields(kind)}
    return {key: value for key, value in data.items() if key in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerIdentity:
    """Who a miner is.

    `mac` is in lower case with colons, or None where the firmware does not tell it.
    `serial` is another number that no other miner has.
    `hostname` is the name that the miner's owner gave it on the miner itself.
    """

    family: MinerFamily
    manufacturer: str | None
    model: str
    mac: str | None = None
    firmware: str | None = None
    hardware: str | None = None
    hostname: str | None = None
    serial: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Return what tells this miner from all others, the best first."""
        return tuple(known for known in (self.mac, self.serial) if known)

    def as_dict(self) -> dict[str, Any]:
        """Return the identity as plain values that can be stored."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the identity that `as_dict` stored."""
        return cls(**{**_known(cls, data), "family": MinerFamily(data["family"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The values that a setting takes, both ends included."""

    minimum: float
    maximum: float
    step: float = 1

    def __contains__(self, value: float) -> bool:
        """Return whether a value lies inside."""
        return self.minimum <= value <= self.maximum

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Self | None:
        """Return the range that was stored as plain values."""
        return None if data is None else cls(**_known(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMode:
    """A named pair of frequency (MHz) and core voltage (V)."""

    name: str
    frequency: float
    core_voltage: float

    def matches(self, frequency: float | None, core_voltage: float | None) -> bool:
        """Return whether a miner that is set to this pair works in this mode."""
        return (
            frequency is not None
            and core_voltage is not None
            and abs(frequency - self.frequency) < 0.5
            and abs(core_voltage - self.core_voltage) < 0.0005
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a miner with its present firmware can be told to do.

    A setting whose range is None cannot be changed. `frequency` (MHz) and
    `core_voltage` (V) span the miner's own ladder; the `_limit` ranges are what is
    never exceeded. `work_modes` are the presets that fit this miner's ladder;
    `named_modes` are those that the firmware itself knows by a name.
    """

    frequency: Range | None = None
    frequency_limit: Range | None = None
    core_voltage: Range | None = None
    core_voltage_limit: Range | None = None
    fan_speed: Range | None = None
    target_temperature: Range | None = None
    automatic_fan: bool = False
    automatic_fan_told: bool = True
    """The miner tells whether its fan is automatic."""
    pause: bool = False
    """Mining can be paused and resumed at once."""
    shutdown: bool = False
    """Mining can be switched off, and only a restart undoes it."""
    locate: bool = False
    """The miner can show which one it is."""
    clear_overheat: bool = False
    restart: bool = True
    pool_slots: int = 0
    switch_pool: bool = False
    """The miner can be told which of its pool slots to use."""
    set_pool: bool = False
    """A pool slot can be filled anew."""
    restart_for_pool: bool = False
    """Another pool takes a restart."""
    whole_configuration: bool = False
    """A pool can be sent together with all other settings, as the miner told them."""
    web_login: bool = False
    """Changing a pool takes the login of the miner's web page."""
    work_modes: tuple[WorkMode, ...] = ()
    named_modes: tuple[str, ...] = ()

    def allows(self, mode: WorkMode) -> bool:
        """Return whether a pair is inside what is never exceeded."""
        return (
            self.frequency_limit is not None
            and self.core_voltage_limit is not None
            and mode.frequency in self.frequency_limit
            and mode.core_voltage in self.core_voltage_limit
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the capabilities as plain values that survive JSON unchanged."""
        data = asdict(self)
        data["work_modes"] = list(data["work_modes"])
        data["named_modes"] = list(data["named_modes"])
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the capabilities that `as_dict` stored."""
        ranges = {
            key: Range.from_dict(data.get(key))
            for key in (
                "core_voltage",
                "core_voltage_limit",
                "fan_speed",
                "frequency",
                "frequency_limit",
                "target_temperature",
            )
        }
        modes = tuple(WorkMode(**_known(WorkMode, mode)) for mode in data["work_modes"])
        named_modes = tuple(data.get("named_modes", ()))
        return cls(
            **{
                **_known(cls, data),
                **ranges,
                "work_modes": modes,
                "named_modes": named_modes,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool that a miner is set to use.

    `user` names the worker and often holds a payout address, so it is left out of
    the representation that logs and tracebacks show.
    """

    host: str
    port: int | None = None
    user: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return host and port, which hold nothing private."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


class PoolState(StrEnum):
    """How a miner finds the pool of a slot."""

    ALIVE = "alive"
    DEAD = "dead"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSlot:
    """One of the pools that a miner keeps in order. The first slot is number 0.

    The smaller `priority` is preferred.
    """

    number: int
    pool: Pool
    state: PoolState | None = None
    priority: int | None = None
    active: bool = False
    shares_accepted: int | None = None
    shares_rejected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerStatus:
    """Everything that one poll learns. A value that is not known is None.

    Hashrate in H/s, power in W, temperature in °C, voltage in V, frequency in MHz,
    difficulty as a number, uptime in s, signal in dBm, latency in ms, memory in
    bytes, rates and fan speed in %.
    """

    hashrate: float | None = None
    hashrate_average: float | None = None
    """Over ten minutes, or the nearest to it that the firmware has."""
    hashrate_since_start: float | None = None
    expected_hashrate: float | None = None
    power: float | None = None
    power_limit: float | None = None
    """What the miner is set to draw at most, which is no reading."""
    temperature: float | None = None
    """Of the hottest chip, or of all chips on average where that is told apart."""
    temperature_max: float | None = None
    inlet_temperature: float | None = None
    outlet_temperature: float | None = None
    temperature_2: float | None = None
    chip_temperatures: tuple[float | None, ...] = ()
    vr_temperature: float | None = None
    overheat_temperature: float | None = None
    """Where the miner stops by itself, if it tells."""
    fan_speed: float | None = None
    fan_rpms: tuple[float | None, ...] = ()
    automatic_fan: bool | None = None
    manual_fan_speed: float | None = None
    target_temperature: float | None = None
    input_voltage: float | None = None
    core_voltage: float | None = None
    """As set."""
    core_voltage_actual: float | None = None
    frequency: float | None = None
    """As set."""
    frequency_actual: float | None = None
    shares_accepted: int | None = None
    shares_rejected: int | None = None
    reject_reasons: tuple[tuple[str, int], ...] | None = None
    best_difficulty: float | None = None
    best_session_difficulty: float | None = None
    pool_difficulty: float | None = None
    network_difficulty: float | None = None
    block_height: int | None = None
    blocks_found: int | None = None
    hardware_errors: int | None = None
    error_rate: float | None = None
    last_share: datetime | None = None
    """When the last share was found, in UTC."""
    uptime: float | None = None
    signal_strength: float | None = None
    active_pool: Pool | None = None
    active_slot: PoolSlot | None = None
    fallback_pool: bool | None = None
    pool_slots: tuple[PoolSlot, ...] = ()
    pool_latency: float | None = None
    reset_reason: str | None = None
    free_heap: int | None = None
    work_mode: str | None = None
    """The name of the mode, where the firmware has names for them."""
    calibrating: bool | None = None
    mining: bool | None = None
    """False while mining is paused or switched off, whatever the hashrate says."""
    overheated: bool | None = None
    power_fault: bool | None = None
    hardware_fault: bool | None = None
    locked: bool | None = None
    """Changes are taken only with a one-time password."""

    @property
    def efficiency(self) -> float | None:
        """Return the energy for the work done in J/TH, while there is any."""
        hashrate = self.hashrate_average or self.hashrate
        if not self.power or not self.hashrate or not hashrate:
            return None
        return self.power / (hashrate / 1e12)

    @property
    def reject_rate(self) -> float | None:
        """Return the share of rejected among all shares in %, once there are any."""
        if self.shares_accepted is None or self.shares_rejected is None:
            return None
        if not (total := self.shares_accepted + self.shares_rejected):
            return None
        return 100 * self.shares_rejected / total

    def is_hashing(self, previous: MinerStatus | None) -> bool | None:
        """Return whether the miner does work, which takes more than an answer.

        Where the hashrate is not known, a share accepted since the previous status
        shows it. That there was none says nothing.
        """
        if self.mining is False or self.overheated:
            return False
        if self.hashrate is not None:
            return self.hashrate > 0
        if (
            previous is not None
            and self.shares_accepted is not None
            and previous.shares_accepted is not None
            and self.shares_accepted > previous.shares_accepted
        ):
            return True
        return None
