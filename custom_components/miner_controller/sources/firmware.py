"""Newest firmware releases, from the public release lists of their projects."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import orjson

from ..protocols import parse
from ..protocols.model import MinerFamily

API_URL: Final = "https://api.github.com"

REPOSITORIES: Final[Mapping[MinerFamily, str]] = {
    MinerFamily.AXEOS: "bitaxeorg/ESP-Miner",
    MinerFamily.NERDQAXE: "shufps/ESP-Miner-NerdQAxePlus",
}

_TIME_LIMIT = 15.0
_SIZE_LIMIT = 1024 * 1024


class ReleaseError(Exception):
    """The release list could not be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A published release of a firmware. `notes` are Markdown."""

    version: str
    url: str
    notes: str


async def fetch_newest_release(
    session: aiohttp.ClientSession, family: MinerFamily, api_url: str = API_URL
) -> Release:
    """Return the newest release of a family's firmware that is no pre-release.

    Raises ReleaseError where it cannot be had.
    """
    url = f"{api_url}/repos/{REPOSITORIES[family]}/releases/latest"
    try:
        async with (
            asyncio.timeout(_TIME_LIMIT),
            session.get(
                url,
                headers={"Accept": "application/vnd.github+json"},
                allow_redirects=False,
            ) as response,
        ):
            response.raise_for_status()
            body = await response.content.read(_SIZE_LIMIT)
            while chunk := await response.content.read(_SIZE_LIMIT):
                body += chunk
                if len(body) > _SIZE_LIMIT:
                    raise ReleaseError("The reply is too large")
        return _read_release(orjson.loads(body))
    except (aiohttp.ClientError, OSError, ValueError) as err:
        raise ReleaseError(str(err) or type(err).__name__) from err


def _read_release(document: Any) -> Release:
    """Return the release in a reply, or raise ReleaseError if it is none."""
    release = document if isinstance(document, dict) else {}
    version = parse.text(release, "tag_name")
    url = parse.text(release, "html_url")
    notes = release.get("body")
    if version is None or url is None:
        raise ReleaseError("The reply is no release")
    return Release(
        version=version, url=url, notes=notes if isinstance(notes, str) else ""
    )
