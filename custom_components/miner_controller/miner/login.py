"""The login of a miner's web page as people enter it."""

from ..protocols.pool_settings import is_sendable


def login_error(value: str) -> str | None:
    """Return what is wrong with a user name or a password, as a key of texts."""
    if not value:
        return "login_incomplete"
    return None if is_sendable(value) else "cannot_be_sent"
