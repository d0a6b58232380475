"""Replies of the cgminer API, and the repair of those that break JSON's rules.

Source: API-README of cgminer, and the defects that its descendants are known for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any

import orjson

from . import parse
from .errors import (
    MinerAccessDeniedError,
    MinerForeignError,
    MinerProtocolError,
    MinerRefusedError,
    MinerUnsupportedError,
)
from .parse import Reply
from .tolerant_json import read_tolerant_json

_SUCCESS = ("S", "I")

_CODE_INVALID_COMMAND = 14
_CODE_ACCESS_DENIED = 45

_LONGEST_WORDS = 200

# A string comes first, so that nothing inside of one is ever touched. One that is
# never closed reaches to the end, which keeps the search linear.
_DEFECT = re.compile(
    r"""
      (?P<string>"(?:[^"\\]++|\\.)*+"?)
    | (?P<opening>[\[{])\s*(?:,\s*)+
    | (?P<commas>,[\s,]*+)(?P<closing>[\]}](?=\s*(?P<glued>[\[{])?))?
    | (?P<gap>[\]}])(?=\s*[\[{])
    | (?P<no_number>[+-]?\b(?:nan|inf(?:inity)?)\b)
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CgminerReply:
    """The answer to one command, which says that it was carried out.

    `document` is all of it; it may hold private data.
    """

    document: Mapping[str, Any] = field(repr=False)

    @property
    def message(self) -> str:
        """Return all that the miner said to it."""
        message = _status(self.document).get("Msg")
        return message if isinstance(message, str) else ""

    @property
    def when(self) -> int | None:
        """Return the miner's own clock, in s since 1970 where it knows the time."""
        return parse.count(_status(self.document), "When")

    def rows(self, name: str) -> list[Reply]:
        """Return the objects of a section such as SUMMARY or POOLS."""
        return list(parse.rows(self.document, name))

    def row(self, name: str) -> Reply:
        """Return the first object of a section, empty where there is none."""
        return next(parse.rows(self.document, name), {})


def read_reply(document: Mapping[str, Any]) -> CgminerReply:
    """Return the reply in a document, judged by the letter of its status.

    Raises MinerUnsupportedError for a command that the miner does not know,
    MinerAccessDeniedError for one that it does not take from this caller,
    MinerRefusedError with the miner's own words for any other refusal, and
    MinerProtocolError where there is no status.
    """
    status = _status(document)
    letter = status.get("STATUS")
    if letter in _SUCCESS:
        return CgminerReply(document=document)
    if not isinstance(letter, str):
        raise MinerProtocolError("The reply has no status")
    message = _message(status) or "The miner gives no reason"
    code = parse.count(status, "Code")
    if code == _CODE_INVALID_COMMAND:
        raise MinerUnsupportedError(message)
    if code == _CODE_ACCESS_DENIED or message.lower() == "access denied":
        raise MinerAccessDeniedError(message)
    raise MinerRefusedError(message)


def _status(document: Mapping[str, Any]) -> Reply:
    """Return the object that says how a command went, empty where there is none."""
    return next(parse.rows(document, "STATUS"), parse.section(document, "STATUS"))


def _message(status: Reply) -> str:
    """Return the words of a status, short enough to show."""
    return (parse.text(status, "Msg") or "")[:_LONGEST_WORDS]


def read_document(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a reply, repaired where it has a known defect.

    What is repaired is only how it is written: no value is made up, and a number
    that is none becomes null. Raises MinerForeignError for anything else than one
    object.
    """
    body = body.replace(b"\0", b"").strip()
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _repaired(body.decode(errors="replace"))
    if not isinstance(document, dict):
        raise MinerForeignError("The reply is no JSON object")
    return document


def _repaired(text: str) -> Any:
    """Read JSON after the repair of its known defects."""
    if text.startswith(","):
        # Some firmware answers with nothing but the end of a reply.
        text = "{" + text[1:]
    try:
        return read_tolerant_json(_DEFECT.sub(_repair, text))
    except ValueError, RecursionError:
        # The text of the error may quote the reply, which holds private data.
        raise MinerForeignError("The reply is no JSON") from None


def _repair(match: re.Match[str]) -> str:
    """Return what a defect should have been, and a string as it is."""
    if match["no_number"]:
        return "null"
    if match["opening"]:
        return match["opening"]
    if match["gap"]:
        return f"{match['gap']},"
    if match["commas"]:
        if (closing := match["closing"]) is None:
            return match["commas"]
        return f"{closing}," if match["glued"] else closing
    return match["string"]
