"""The names under which miners work for a pool, made from a template.

A pool tells miners apart by what follows its owner's address or account:
"bc1q….{miner}" gives each miner a worker of its own.
"""

import re
from typing import Final

from homeassistant.util import slugify

from ..protocols.model import MinerIdentity

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_BRACES: Final = re.compile(r"[{}]")

_MINER: Final = "miner"
_MAC: Final = "mac"
_MODEL: Final = "model"
_KNOWN: Final = {_MINER, _MAC, _MODEL}


class WorkerTemplateError(ValueError):
    """The base of what can be wrong with a template."""


class PlaceholderUnknownError(WorkerTemplateError):
    """The template has a placeholder that stands for nothing."""


class MacUnknownError(WorkerTemplateError):
    """The template wants the MAC address of a miner that does not tell it."""


def check_template(template: str) -> None:
    """Raise PlaceholderUnknownError for what can never be resolved."""
    if not _KNOWN.issuperset(_PLACEHOLDER.findall(template)):
        raise PlaceholderUnknownError
    if _BRACES.search(_PLACEHOLDER.sub("", template)):
        raise PlaceholderUnknownError


def worker_name(template: str, *, miner: str, identity: MinerIdentity) -> str:
    """Return the worker that a template means for a miner.

    `miner` is the name of the miner in Home Assistant. Names are reduced to letters,
    digits and hyphens, which all pools and all firmware take. Raises
    WorkerTemplateError.
    """
    check_template(template)
    if f"{{{_MAC}}}" in template and identity.mac is None:
        raise MacUnknownError
    values = {
        _MINER: slugify(miner, separator="-"),
        _MAC: (identity.mac or "").replace(":", ""),
        _MODEL: slugify(identity.model, separator="-"),
    }
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def probe_worker(template: str) -> str:
    """Return the worker that a template means for nobody in particular."""
    return _PLACEHOLDER.sub("probe", template)
