"""A miner's errors as translated errors."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..protocols.errors import (
    MinerAccessDeniedError,
    MinerAuthenticationError,
    MinerCalibratingError,
    MinerCodeLimitError,
    MinerCodeRejectedError,
    MinerConnectionError,
    MinerError,
    MinerLockedError,
    MinerLoginError,
    MinerProtocolError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnconfirmedError,
    MinerUnsupportedError,
)

# A kind comes before the kinds that it derives from.
_TRANSLATION_KEYS: tuple[tuple[type[MinerError], str], ...] = (
    (MinerCodeLimitError, "code_limit"),
    (MinerCodeRejectedError, "code_rejected"),
    (MinerLockedError, "locked"),
    (MinerLoginError, "login_rejected"),
    (MinerAccessDeniedError, "access_denied"),
    (MinerAuthenticationError, "access_refused"),
    (MinerTimeoutError, "timeout"),
    (MinerConnectionError, "cannot_connect"),
    (MinerProtocolError, "invalid_reply"),
    (MinerCalibratingError, "calibrating"),
    (MinerUnconfirmedError, "unconfirmed"),
    (MinerRefusedError, "refused"),
    (MinerUnsupportedError, "unsupported"),
)


def translation_key(error: MinerError) -> str:
    """Return the key that texts about an error have in common."""
    return next(key for kind, key in _TRANSLATION_KEYS if isinstance(error, kind))


def translated[ErrorT: HomeAssistantError](
    error: MinerError, miner: str, error_class: type[ErrorT]
) -> ErrorT:
    """Return a Home Assistant error that says what went wrong with which miner."""
    arguments: dict[str, Any] = {
        "translation_domain": DOMAIN,
        "translation_key": translation_key(error),
        "translation_placeholders": {"miner": miner, "error": str(error)},
    }
    return error_class(**arguments)
