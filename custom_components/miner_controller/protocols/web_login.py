"""The login of a miner's own web page."""

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLogin:
    """A user name and a password, which nothing shows."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def token(self) -> str:
        """Return what the Avalon Nano 3 takes for the password.

        Source: the web page of the Nano 3, which keeps it as a cookie.
        """
        return "ff0000ff" + sha256(self.password.encode()).hexdigest()[:24]
