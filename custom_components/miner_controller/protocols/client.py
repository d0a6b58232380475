"""What every miner's client offers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

from .errors import MinerUnsupportedError
from .model import Capabilities, MinerIdentity, MinerStatus, WorkMode
from .otp import OtpSession
from .pool_settings import PoolSettings
from .web_login import WebLogin


class Reply(Protocol):
    """An answer of a miner, which may hold private data."""

    def json(self) -> Mapping[str, Any]:
        """Return the answer as an object."""


type Heard = Callable[[MinerStatus], None]
"""Takes a status that the miner told unasked."""


class MinerClient(ABC):
    """A miner at an address.

    Commands that change a setting return the status that was read back, in which
    the change stands; where it does not, they raise MinerRefusedError. A family
    overrides the commands it has. Every method may raise MinerConnectionError,
    MinerTimeoutError, MinerProtocolError and MinerAuthenticationError.
    """

    identity: MinerIdentity
    """As last seen; known after `identify`, or given by who knew the miner before."""

    capabilities: Capabilities = Capabilities()
    """As last seen, like the identity."""

    otp: OtpSession
    """The session that a miner which locks itself opens for changes."""

    web_login: WebLogin | None = None
    """What the miner's web page asks for, as far as its owner told it."""

    last_reply: Reply | None = None
    """What the miner last answered to a poll, as it came."""

    def __init__(self) -> None:
        """Initialize without a session for changes."""
        self.otp = OtpSession()

    @property
    def needs_code(self) -> bool:
        """Return whether a change now would be refused for want of a code."""
        return False

    @property
    def present_address(self) -> str | None:
        """Return the address that the miner's name led to, where it was looked up."""
        return None

    @property
    def silence_limit(self) -> float | None:
        """Return after how many seconds a miner that tells its status is away.

        None for a miner that has to be asked.
        """
        return None

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Hand on what the miner tells unasked, until that is ended."""
        return lambda: None

    @abstractmethod
    async def identify(self) -> MinerIdentity:
        """Ask the miner who it is and what it can do."""

    @abstractmethod
    async def fetch(self) -> MinerStatus:
        """Poll the miner. Identity and capabilities follow what it says."""

    async def set_frequency(self, frequency: float) -> MinerStatus:
        """Set the frequency in MHz."""
        self._unsupported()

    async def set_core_voltage(self, core_voltage: float) -> MinerStatus:
        """Set the core voltage in V."""
        self._unsupported()

    async def set_work_mode(self, mode: WorkMode) -> MinerStatus:
        """Set frequency and core voltage in one step."""
        self._unsupported()

    async def set_named_mode(self, name: str) -> MinerStatus:
        """Set one of the modes that the firmware knows by name.

        Raises MinerCalibratingError while the miner calibrates another one.
        """
        self._unsupported()

    async def set_fan_speed(self, fan_speed: float) -> MinerStatus:
        """Run the fan at a fixed speed in %, which ends its automatic."""
        self._unsupported()

    async def set_automatic_fan(self, *, enabled: bool) -> MinerStatus:
        """Let the miner run its fan by temperature, or stop it from doing so."""
        self._unsupported()

    async def set_target_temperature(self, temperature: float) -> MinerStatus:
        """Set the temperature in °C that the automatic fan aims at."""
        self._unsupported()

    async def set_mining(self, *, enabled: bool) -> MinerStatus | None:
        """Start or stop mining. None where the miner restarts to do it."""
        self._unsupported()

    async def clear_overheat(self, mode: WorkMode) -> MinerStatus:
        """End the state after an overheating: this pair, automatic fan."""
        self._unsupported()

    async def restart(self) -> None:
        """Restart the miner, which is away for some seconds then."""
        self._unsupported()

    async def switch_pool(self, slot: int) -> MinerStatus:
        """Mine for the pool of a slot, which becomes the preferred one."""
        self._unsupported()

    async def set_pool_enabled(self, slot: int, *, enabled: bool) -> MinerStatus:
        """Let the miner use the pool of a slot, or keep it from doing so."""
        self._unsupported()

    async def set_pool_priorities(self, slots: Sequence[int]) -> MinerStatus:
        """Prefer the slots in this order. Those that are left out come last."""
        self._unsupported()

    async def set_pool(
        self, slot: int, pool: PoolSettings, *, whole_configuration: bool = False
    ) -> MinerStatus:
        """Fill a slot with another pool, for which the miner may restart.

        `whole_configuration` sends it together with all other settings, as the miner
        told them. Returns once the miner shows the pool. Raises MinerRefusedError for
        a pool that cannot be sent, MinerLoginError where the miner wants another
        login than `web_login`, and MinerUnconfirmedError where it was told and does
        not show the pool.
        """
        self._unsupported()

    async def use_pool(self, pool: PoolSettings) -> MinerStatus:
        """Mine for a pool, in the way that disturbs the miner least.

        A slot that holds the pool is preferred to one that has to be filled, and a
        miner that prefers the pool already does not restart for it. Returns once the
        pool is the preferred one. Raises MinerRefusedError for a pool that cannot be
        sent, MinerUnsupportedError for one that the firmware cannot speak to,
        MinerLoginError as `set_pool` does, and MinerUnconfirmedError where the miner
        was told and does not come back.
        """
        self._unsupported()

    async def set_pools(self, pools: Sequence[PoolSettings]) -> MinerStatus:
        """Fill the slots in this order: primary, fallback and further ones.

        Those that are more than the miner has slots are left out, and slots that are
        more than the pools stay as they are. The miner restarts once at most. Raises
        MinerRefusedError where there are no pools, and what `use_pool` raises.
        """
        self._unsupported()

    async def locate(self) -> None:
        """Let the miner show which one it is."""
        self._unsupported()

    async def unlock(self, code: str) -> None:
        """Open a session for changes with a one-time password.

        Raises MinerCodeRejectedError for a wrong code and MinerCodeLimitError where
        one more wrong code could lock the miner.
        """
        self._unsupported()

    @staticmethod
    def _unsupported() -> NoReturn:
        raise MinerUnsupportedError("This miner has no such command")
