"""The session that a NerdQAxe++ opens for changes after a one-time password."""

import asyncio
from collections import deque
from collections.abc import Callable
import time

from .errors import MinerCodeLimitError, MinerCodeRejectedError, MinerProtocolError

# Five failures within 60 s lock the miner for five minutes, for valid codes too.
# Somebody else may fail as well, so the last try is never used up from here.
_WINDOW = 60.0
_MOST_FAILURES = 3

_DIGITS = 6

# How long a session lasts where the reply does not tell.
_DEFAULT_LIFE = 24 * 3600.0


def is_code(text: str) -> bool:
    """Return whether a text can be a one-time password; others count as failures."""
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


class OtpSession:
    """A token in memory, and the count of failures before it.

    A token is never stored: it opens the miner to whoever holds it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Initialize without a session. The clock counts seconds."""
        self.lock = asyncio.Lock()
        """Held while a code or a token is tried: failures are counted in turn."""
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=_MOST_FAILURES)
        self._token: str | None = None
        self._expires = 0.0

    def token(self) -> str | None:
        """Return the token of a session that is still open."""
        if self._token is not None and self._clock() >= self._expires:
            self.close()
        return self._token

    def open(self, token: str | None, life: float | None) -> None:
        """Keep the token of a new session, which lasts `life` seconds."""
        if token is None:
            raise MinerProtocolError("The miner opened no session")
        self._token = token
        self._expires = self._clock() + (life or _DEFAULT_LIFE)

    def close(self) -> None:
        """Forget the session."""
        self._token = None

    def check_attempt(self) -> None:
        """Raise MinerCodeLimitError where too many codes failed just now."""
        if (
            len(self._failures) == _MOST_FAILURES
            and self._clock() - self._failures[0] < _WINDOW
        ):
            raise MinerCodeLimitError("Too many wrong codes within a minute")

    def refuse(self) -> None:
        """Forget a session that the miner took for wrong, which it counts as well."""
        self._failures.append(self._clock())
        self.close()

    def fail(self) -> None:
        """Count a code that was not accepted and raise MinerCodeRejectedError."""
        self._failures.append(self._clock())
        raise MinerCodeRejectedError("The miner did not accept the code")
