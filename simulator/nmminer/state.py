"""One NMMiner without its sockets: settings, hardware, pool and what it is doing."""

import random

from simulator.firmware import Version
from simulator.identity import mac_address
from simulator.nmminer.boards import Board
from simulator.nmminer.settings import endpoint
from simulator.physics import Drive, RigModel
from simulator.wire import JsonObject

WARM_UP_SECONDS = 5.0

# The first firmwares hashed at a fraction of the speed that the later ones reached.
_FASTER_SINCE: Version = (1,)
_EARLY_SPEED = 0.2
_FAN_PERCENT = 60.0
_TARGET_TEMPERATURE = 60.0


class NMMinerState:
    """Everything an NMMiner knows of itself."""

    def __init__(
        self,
        *,
        board: Board,
        version: Version,
        settings: JsonObject,
        rng: random.Random,
    ) -> None:
        """Set up a device that has mined for a while already."""
        self.board = board
        self.version = version
        self.settings = settings
        self.model = RigModel(board.hardware, rng)
        self._rng = rng
        self._frequency = board.hardware.nominal_frequency
        if not board.asic:
            self.model.best_difficulty = 10 ** rng.uniform(2.0, 4.0)
            if version < _FASTER_SINCE:
                self._frequency *= _EARLY_SPEED
                self.model.pool_difficulty *= _EARLY_SPEED
        self.uptime = 0.0
        self.past_uptime = float(rng.randrange(90_000, 3_000_000))
        self.last_difficulty = 0.0
        self.primary_dead = False
        self._until_reconnect: float | None = None
        self.pools_in_use: JsonObject = {}
        self.connect()

    @property
    def pool_in_use(self) -> str:
        """Return the host and port of the pool that is mined at."""
        return endpoint(self.pools_in_use[f"{self._rank}Pool"])

    @property
    def user_in_use(self) -> str:
        """Return the account that is mined for."""
        return str(self.pools_in_use[f"{self._rank}Address"])

    @property
    def uptime_ever(self) -> float:
        """Return the time it was up in this session and in those before."""
        return self.past_uptime + self.uptime

    @property
    def temperature(self) -> float:
        """Return what the thermometer reads, which is 0 where there is none."""
        return self.model.chip_temperature if self.board.thermometer else 0.0

    @property
    def free_heap(self) -> float:
        """Return the free memory in KB, which differs from one moment to the next."""
        taken = self.model.shares.total_hashes / 2**20 % 1.0
        return self.board.free_heap * (1.0 - 0.02 * taken)

    @property
    def _rank(self) -> str:
        """Return which of the two pools is mined at."""
        dead = self.primary_dead or not endpoint(self.pools_in_use["PrimaryPool"])
        return "Secondary" if dead else "Primary"

    def pools_changed(self, seconds: float) -> None:
        """Connect anew after a while, unless that is what is in use already.

        Being told the same again does not put it off.
        """
        if self._until_reconnect is None and self._wanted() != self.pools_in_use:
            self._until_reconnect = seconds

    def connect(self) -> None:
        """Mine at the pools that the settings name."""
        self._until_reconnect = None
        self.pools_in_use = self._wanted()

    def boot(self, *, keep_uptime: bool) -> None:
        """Begin a session and forget the counters of the last one."""
        if keep_uptime:
            self.past_uptime += self.uptime
        self.uptime = 0.0
        self.last_difficulty = 0.0
        self.model.start_session()
        self.connect()

    def tick(self, seconds: float, *, running: bool) -> None:
        """Move on by a short time in which the firmware was up, or was not."""
        if running:
            self.uptime += seconds
            if self._until_reconnect is not None:
                self._until_reconnect -= seconds
                if self._until_reconnect <= 0:
                    self.connect()
        shares = self.model.shares
        before = shares.accepted + shares.rejected
        self.model.step(seconds, self._drive(running=running))
        if shares.accepted + shares.rejected > before:
            difficulty = shares.pool_difficulty / max(self._rng.random(), 1e-6)
            self.last_difficulty = min(difficulty, shares.best_session)

    def _wanted(self) -> JsonObject:
        """Return the pools that the settings name."""
        return {
            key: value
            for key, value in self.settings.items()
            if key.startswith(("Primary", "Secondary"))
        }

    def _drive(self, *, running: bool) -> Drive:
        """Return what the firmware asks of the hardware now."""
        return Drive(
            frequency=self._frequency,
            core_voltage=self.board.hardware.nominal_voltage,
            hashing=running and self.uptime >= WARM_UP_SECONDS,
            powered=running,
            target_temperature=_TARGET_TEMPERATURE if self.board.asic else None,
            manual_fan=_FAN_PERCENT if self.board.asic else 0.0,
            minimum_fan=25.0,
        )


def default_hostname(board: Board, board_name: str, seed: int) -> str:
    """Return the name of a device, which ends in half of its hidden MAC address."""
    tail = mac_address("nmminer", board_name, seed).replace(":", "")[-6:]
    return f"nm-{board.slug}-{tail.lower()}"
