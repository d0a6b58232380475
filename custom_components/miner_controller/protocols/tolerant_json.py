"""JSON that breaks the rules in ways that firmware is known to."""

import json
from typing import Any


def read_tolerant_json(text: str) -> Any:
    """Return the document in a text.

    A text in it may hold raw control characters, a number may be nan, which becomes
    None, and half a surrogate pair becomes a question mark, since nothing could store
    it. Raises ValueError or RecursionError for anything else that is wrong.
    """
    document = _read(text)
    if "\\ud" in text.lower():
        written = json.dumps(document, ensure_ascii=False)
        document = _read(written.encode(errors="replace").decode())
    return document


def _read(text: str) -> Any:
    """Return the document in a text."""
    return json.loads(text, strict=False, parse_constant=lambda _: None)
