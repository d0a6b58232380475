"""Newest firmware releases, from the public release lists of their projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp

from ..protocols import parse
from ..protocols.model import MinerFamily
from ..protocols.parse import Reply
from .http_json import HttpError, get, read_object

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
        reply = await get(
            session,
            url,
            headers={"Accept": "application/vnd.github+json"},
            time_limit=_TIME_LIMIT,
            size_limit=_SIZE_LIMIT,
        )
        if reply.status != 200:
            raise ReleaseError(f"The service answered with status {reply.status}")
        return _read_release(read_object(reply.body))
    except HttpError as err:
        raise ReleaseError(str(err)) from err


def _read_release(release: Reply) -> Release:
    """Return the release in a reply, or raise ReleaseError if it is none."""
    version = parse.text(release, "tag_name")
    url = parse.text(release, "html_url")
    notes = release.get("body")
    if version is None or url is None:
        raise ReleaseError("The reply is no release")
    return Release(
        version=version, url=url, notes=notes if isinstance(notes, str) else ""
    )
