"""One-time codes by time, as RFC 6238 describes them."""

import base64
import hmac

STEP_SECONDS = 30
_DIGITS = 6


def code_at(secret: str, unix_time: float) -> str:
    """Return the six digits that a base32 secret gives at a time of day."""
    padding = "=" * (-len(secret) % 8)
    key = base64.b32decode(secret.upper() + padding)
    counter = int(unix_time // STEP_SECONDS).to_bytes(8)
    digest = hmac.digest(key, counter, "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def matches(secret: str, code: str, unix_time: float, *, steps: int = 1) -> bool:
    """Tell whether a code is right now, or a few steps earlier or later."""
    return any(
        hmac.compare_digest(
            code_at(secret, unix_time + step * STEP_SECONDS).encode(), code.encode()
        )
        for step in range(-steps, steps + 1)
    )
