"""What the checks share: the integration's source and its texts."""

from typing import Any

import pytest

from .literals import Source
from .source_tree import INTEGRATION, read_json, read_modules


@pytest.fixture(scope="session")
def source() -> Source:
    """Return the integration's Python source."""
    return Source(read_modules(INTEGRATION))


@pytest.fixture(scope="session")
def english() -> dict[str, Any]:
    """Return the English texts."""
    content: dict[str, Any] = read_json(INTEGRATION / "translations" / "en.json")
    return content
