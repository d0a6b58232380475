"""The one-time code in front of a NerdQAxe++'s settings."""

from collections import deque
import random

from simulator import totp
from simulator.clock import Clock
from simulator.identity import random_token

FAILURES = 5
WINDOW_SECONDS = 60.0
BLOCK_SECONDS = 300.0
SESSION_SECONDS = 24 * 60 * 60

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class OtpLock:
    """Check codes and session tokens, and shut for a while after wrong ones."""

    def __init__(self, secret: str, clock: Clock, rng: random.Random) -> None:
        """Lock a device with a base32 secret."""
        self._secret = secret
        self._clock = clock
        self._rng = rng
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._blocked_until = 0.0
        self._sessions: dict[str, float] = {}

    @property
    def blocked(self) -> bool:
        """Tell whether even a right code is refused."""
        return self._clock() < self._blocked_until

    def current_code(self) -> str:
        """Return the code that is right now."""
        return totp.code_at(self._secret, self._clock.unix_time())

    def admits(self, code: str | None, token: str | None) -> bool:
        """Tell whether a request may pass, and remember it if it may not.

        A request without any code counts as a failure like one with a wrong code.
        """
        if self.blocked:
            return False
        if token is not None and self._sessions.get(token, 0.0) > self._clock():
            return True
        if code is not None and totp.matches(
            self._secret, code, self._clock.unix_time()
        ):
            return True
        self._fail()
        return False

    def open_session(self, seconds: int) -> str:
        """Return a token that stands for a code for a while."""
        payload = random_token(self._rng, 20, _BASE32)
        token = f"{payload}.{random_token(self._rng, 52, _BASE32)}"
        self._sessions[token] = self._clock() + seconds
        return token

    def _fail(self) -> None:
        """Count a failure; too many in a short time start the block."""
        now = self._clock()
        self._failures.append(now)
        full = len(self._failures) == FAILURES
        if full and now - self._failures[0] < WINDOW_SECONDS:
            self._blocked_until = now + BLOCK_SECONDS
            self._failures.clear()
