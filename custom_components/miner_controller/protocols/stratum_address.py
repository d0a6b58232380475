"""The addresses of pools as people type them, with how they are spoken to."""

from dataclasses import dataclass
import re
from typing import Final, override

from .pool_address import parse_pool_address

# What miners and pools write in front of the host. Without anything it is plain TCP.
_PLAIN: Final = {"", "stratum", "stratum+tcp", "tcp"}
_TLS: Final = {"ssl", "stratum+ssl", "stratum+tls", "tls"}
_SECOND_VERSION: Final = {"stratum2", "stratum2+tcp", "sv2", "sv2+tcp"}

_SCHEME: Final = re.compile(r"\s*(?:(?P<scheme>[a-z0-9+.-]{1,20})://)?", re.IGNORECASE)


class StratumAddressError(ValueError):
    """The base of what can be wrong with the address of a pool."""


class AddressUnreadableError(StratumAddressError):
    """The address is none."""


class PortMissingError(StratumAddressError):
    """The address has no port, and there is none that is usual."""


class SchemeUnknownError(StratumAddressError):
    """What is in front of the host is no way to speak to a pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumAddress:
    """Where a pool is, and how it is spoken to."""

    host: str
    port: int
    tls: bool = False
    version: int = 1
    """Of the stratum protocol. The second one is encrypted by itself."""

    @override
    def __str__(self) -> str:
        """Return the address as miners take it."""
        scheme = "stratum+tls" if self.tls else "stratum+tcp"
        if self.version == 2:
            scheme = "stratum2+tcp"
        return f"{scheme}://{self.host}:{self.port}"


def has_second_version(text: str) -> bool:
    """Return whether an address says that Stratum V2 is spoken there."""
    return _scheme(text) in _SECOND_VERSION


def parse_stratum_address(text: str) -> StratumAddress:
    """Return what an address such as "stratum+tls://pool.example:4333" means.

    A user in it is left out. Raises StratumAddressError.
    """
    scheme = _scheme(text)
    if scheme not in _PLAIN | _TLS | _SECOND_VERSION:
        raise SchemeUnknownError
    pool = parse_pool_address(text)
    if pool is None:
        raise AddressUnreadableError
    if pool.port is None:
        raise PortMissingError
    return StratumAddress(
        host=pool.host,
        port=pool.port,
        tls=scheme in _TLS,
        version=2 if scheme in _SECOND_VERSION else 1,
    )


def _scheme(text: str) -> str:
    """Return what is in front of the host, in lower case."""
    match = _SCHEME.match(text)
    return ((match and match["scheme"]) or "").lower()
