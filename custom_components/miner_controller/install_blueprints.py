"""Copies the automation blueprints of the integration to where Home Assistant looks.

Nothing is copied without being asked for, and nothing over what somebody changed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from homeassistant.const import SERVICE_RELOAD
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
import probatio

from .const import DOMAIN, LOGGER

SERVICE_INSTALL_BLUEPRINTS: Final = "install_blueprints"

SHIPPED: Final = Path(__file__).parent / "blueprints" / "automation"
"""Where the blueprints are that come with the integration."""

_AUTOMATION: Final = "automation"
_VERSION: Final = 1

# Two copies at once would not know of each other.
_LOCK: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_install_blueprints")

type Hashes = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What became of each blueprint, by the names of their files.

    `hashes` are those of the files that this integration wrote, of each its last one.
    """

    installed: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Somebody changed them, or they are somebody's own."""
    unchanged: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)


def copy_blueprints(source: Path, target: Path, known: Hashes) -> Installation:
    """Copy the blueprints of a folder to another one, which need not be there.

    A file that is not there is written, one that is as this integration wrote it, by
    its hash in `known`, is brought up to date, and any other is kept. Raises OSError.
    """
    result = Installation(hashes=dict(known))
    for path in sorted(source.glob("*.yaml")):
        name, content = path.name, path.read_bytes()
        present = _content(target / name)
        if present == content:
            outcome = result.unchanged
        elif present is None:
            outcome = result.installed
        elif known.get(name) == _hash(present):
            outcome = result.updated
        else:
            result.kept.append(name)
            continue
        if present != content:
            _write(target / name, content)
        outcome.append(name)
        result.hashes[name] = _hash(content)
    return result


def _content(path: Path) -> bytes | None:
    """Return what is in a file, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a file, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _hash(content: bytes) -> str:
    """Return what tells a content from others."""
    return sha256(content).hexdigest()


@callback
def async_setup_install_blueprints(hass: HomeAssistant) -> None:
    """Register the action, which writes files and so is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_INSTALL_BLUEPRINTS,
        _async_install_blueprints,
        schema=probatio.Schema({}),
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_install_blueprints(call: ServiceCall) -> ServiceResponse:
    """Copy the blueprints, and let automations use those that are new."""
    hass = call.hass
    async with hass.data.setdefault(_LOCK, asyncio.Lock()):
        result = await _async_copy(hass)
    if (result.installed or result.updated) and hass.services.has_service(
        _AUTOMATION, SERVICE_RELOAD
    ):
        # Home Assistant remembers the blueprints that it has read until then. Those
        # automations start anew whose configuration is another one now.
        await hass.services.async_call(
            _AUTOMATION, SERVICE_RELOAD, blocking=True, context=call.context
        )
    return {
        "installed": [*result.installed],
        "updated": [*result.updated],
        "kept": [*result.kept],
        "unchanged": [*result.unchanged],
    }


async def _async_copy(hass: HomeAssistant) -> Installation:
    """Copy the blueprints, and remember what was written."""
    store: Store[dict[str, Any]] = Store(hass, _VERSION, f"{DOMAIN}.blueprints")
    target = Path(hass.config.path("blueprints", _AUTOMATION, DOMAIN))
    known = await _async_hashes(store)
    try:
        result = await hass.async_add_executor_job(
            copy_blueprints, SHIPPED, target, known
        )
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="blueprints_not_written",
            translation_placeholders={"error": err.strerror or type(err).__name__},
        ) from err
    if result.hashes != known:
        await store.async_save({"hashes": result.hashes})
    return result


async def _async_hashes(store: Store[dict[str, Any]]) -> Hashes:
    """Return what was written before. Without it nothing is written over."""
    try:
        stored = ((await store.async_load()) or {}).get("hashes")
    except (AttributeError, HomeAssistantError, NotImplementedError) as err:
        LOGGER.warning(
            "What was stored of the blueprints cannot be read, so changed ones are "
            "kept (%s)",
            type(err).__name__,
        )
        stored = None
    return stored if isinstance(stored, dict) else {}
