"""Addresses as people type or paste them."""

from dataclasses import dataclass
import ipaddress
import re

from yarl import URL

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A host, and a port where one was given."""

    host: str
    port: int | None = None


def parse_address(typed: str) -> Address:
    """Return the address in "host", "host:port" or a URL copied from a browser.

    Raises ValueError where there is no usable address in it.
    """
    typed = typed.strip()
    if not typed:
        raise ValueError("The address is empty")
    try:
        url = URL(typed if "://" in typed else f"http://{typed}")
        host, port = url.host, url.explicit_port
    except (ValueError, UnicodeError) as err:
        raise ValueError("The address cannot be read") from err
    if url.scheme not in ("http", "https") or not host or port == 0:
        raise ValueError("The address cannot be used")
    host = host.rstrip(".").lower()
    if not _is_host(host):
        raise ValueError("The host is neither a name nor an IPv4 address")
    return Address(host=host, port=port)


def _is_host(host: str) -> bool:
    """Return whether a host is an IPv4 address or a name that can exist.

    No miner serves IPv6.
    """
    try:
        return ipaddress.ip_address(host).version == 4
    except ValueError:
        labels = host.split(".")
        # A name made of digits only is an IP address with an error in it.
        return (
            len(host) <= 253
            and not labels[-1].isdigit()
            and all(_LABEL.fullmatch(label) for label in labels)
        )
