"""Reads the configuration of the application that this integration follows.

That application keeps a file `config.yaml` with a list of miners and one of pools. Its
versions called the fields by different names, and people write such files by hand.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..protocols.address import parse_address
from ..protocols.pool_address import parse_pool_address
from ..protocols.stratum_address import (
    PortMissingError,
    StratumAddress,
    parse_stratum_address,
)
from .library import DEFAULT_PASSWORD, DEFAULT_PRIORITY, DEFAULT_WEIGHT
from .plain_yaml import PlainValue, PlainYamlError, TaggedText, read_plain_yaml
from .pool_checks import LONGEST_NAME

MOST_CHARACTERS: Final = 256 * 1024
# Each of them is looked for in the network.
_MOST_LINES: Final = 1000

_LARGEST_NUMBER: Final = 1000

_ADDRESS: Final = ("ip_address", "host", "ip", "address", "hostname")
_KIND: Final = ("miner_type", "type")
_NAME: Final = ("name", "title")
_PASSWORD: Final = ("password", "pass")
_PORT: Final = ("port",)
_PRIORITY: Final = ("priority",)
_URL: Final = ("url", "address", "host", "pool_url", "stratum_url")
_WEIGHT: Final = ("weight",)
_WORKER: Final = ("user", "username", "wallet", "worker", "pool_user")

# It is a program on a computer, and no miner that there is a client for.
_NO_MINER: Final = {"xmrig"}
# Its port is one that it broadcasts to, and nothing answers there.
_BROADCASTS: Final = {"nmminer"}

_PLACEHOLDER: Final = "{"
_WORKER_OF_MINER: Final = ".{miner}"


class OldConfigurationError(ValueError):
    """The text is not the configuration. `key` tells why.

    That is "configuration_too_large", "configuration_unreadable" for what is no YAML,
    or "configuration_empty" for what has neither miners nor pools.
    """

    def __init__(self, key: str) -> None:
        """Initialize with the key of the text for the form."""
        super().__init__(key)
        self.key = key


class LineKind(StrEnum):
    """What a line of the lists is about."""

    MINER = "miner"
    POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldMiner:
    """A miner of the old configuration, at an address as people type it.

    The name is empty where it has none there.
    """

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPool:
    """A pool of the old configuration. `worker` is a template."""

    name: str
    address: StratumAddress
    worker: str = field(repr=False)
    password: str = field(default=DEFAULT_PASSWORD, repr=False)
    priority: int = DEFAULT_PRIORITY
    weight: int = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFault:
    """A line that makes no sense, by its name or its number in the list."""

    kind: LineKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OldConfiguration:
    """What the old configuration lists."""

    miners: tuple[OldMiner, ...] = ()
    pools: tuple[OldPool, ...] = ()
    faults: tuple[OldFault, ...] = ()


type _Fields = Mapping[str, PlainValue]


def parse_old_configuration(text: str) -> OldConfiguration:
    """Return what the text of a configuration lists.

    A large one takes seconds. Raises OldConfigurationError.
    """
    if len(text) > MOST_CHARACTERS:
        raise OldConfigurationError("configuration_too_large")
    try:
        content = read_plain_yaml(text)
    except PlainYamlError:
        raise OldConfigurationError("configuration_unreadable") from None
    miner_lines, pool_lines = _list(content, "miners"), _list(content, "pools")
    if not miner_lines and not pool_lines:
        raise OldConfigurationError("configuration_empty")
    if len(miner_lines) + len(pool_lines) > _MOST_LINES:
        raise OldConfigurationError("configuration_too_large")
    miners, miner_faults = _parsed(LineKind.MINER, miner_lines, _miner)
    pools, pool_faults = _parsed(LineKind.POOL, pool_lines, _pool)
    return OldConfiguration(
        miners=miners, pools=pools, faults=(*miner_faults, *pool_faults)
    )


def _list(content: PlainValue, key: str) -> list[PlainValue]:
    """Return one of the lists, an empty one where it is missing."""
    found = content.get(key) if isinstance(content, dict) else None
    return found if isinstance(found, list) else []


def _parsed[LineT](
    kind: LineKind,
    lines: Iterable[PlainValue],
    parse: Callable[[str, _Fields], LineT],
) -> tuple[tuple[LineT, ...], tuple[OldFault, ...]]:
    """Return the lines of a list that make sense, and those that do not."""
    good: list[LineT] = []
    bad: list[OldFault] = []
    for number, line in enumerate(lines, 1):
        name = ""
        try:
            fields = _fields(line)
            name = _name(fields)
            good.append(parse(name, fields))
        except ValueError:
            bad.append(OldFault(kind=kind, name=name or f"#{number}"))
    return tuple(good), tuple(bad)


def _fields(line: PlainValue) -> _Fields:
    """Return the fields of a line, whatever the letters' case of their names."""
    if not isinstance(line, dict):
        raise ValueError("A line has fields")  # noqa: TRY004
    return {key.strip().lower(): value for key, value in line.items()}


def _miner(name: str, fields: _Fields) -> OldMiner:
    """Return the miner of a line."""
    kind = (_text(fields, _KIND) or "").lower()
    if kind in _NO_MINER:
        raise ValueError("This is no miner")
    typed, port = _needed(fields, _ADDRESS), _port(fields)
    address = parse_address(typed)
    if address.host == "0.0.0.0":  # noqa: S104
        raise ValueError("This stands for all miners")
    if kind in _BROADCASTS:
        return OldMiner(name=name, address=address.host)
    port = address.port or port
    return OldMiner(
        name=name, address=address.host if port is None else f"{address.host}:{port}"
    )


def _pool(name: str, fields: _Fields) -> OldPool:
    """Return the pool of a line."""
    worker = _needed(fields, _WORKER)
    if _PLACEHOLDER not in worker:
        # The application has each miner work under its own name, after the user's.
        worker += _WORKER_OF_MINER
    address = _pool_address(_needed(fields, _URL), _port(fields))
    return OldPool(
        name=name or address.host,
        address=address,
        worker=worker,
        password=_text(fields, _PASSWORD) or DEFAULT_PASSWORD,
        # The application stores 0 for a pool that was given none.
        priority=_number(fields, _PRIORITY, 0) or DEFAULT_PRIORITY,
        weight=_number(fields, _WEIGHT, DEFAULT_WEIGHT),
    )


def _pool_address(url: str, port: int | None) -> StratumAddress:
    """Return the address of a pool, whose port may be a field of its own."""
    try:
        return parse_stratum_address(url)
    except PortMissingError:
        pool = parse_pool_address(url)
        if pool is None or port is None:
            raise
        scheme, separator, _ = url.rpartition("://")
        return parse_stratum_address(f"{scheme}{separator}{pool.host}:{port}")


def _name(fields: _Fields) -> str:
    """Return the name of a line, an empty one where it has none."""
    name = " ".join((_text(fields, _NAME) or "").split())
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise ValueError("This is no name")
    return name


def _text(fields: _Fields, spellings: Iterable[str]) -> str | None:
    """Return a field, whatever it is called there. None for one that is empty."""
    for spelling in spellings:
        value = fields.get(spelling)
        if value is None:
            continue
        if not isinstance(value, str) or isinstance(value, TaggedText):
            raise ValueError("A field is a text")  # noqa: TRY004
        if value.strip():
            return value.strip()
    return None


def _needed(fields: _Fields, spellings: Iterable[str]) -> str:
    """Return a field that there has to be."""
    if (text := _text(fields, spellings)) is None:
        raise ValueError("A field is missing")
    return text


def _port(fields: _Fields) -> int | None:
    """Return the port. None where there is none, which some versions write as 0."""
    port = _number(fields, _PORT, 0, largest=65535)
    return port or None


def _number(
    fields: _Fields,
    spellings: Iterable[str],
    default: int,
    *,
    largest: int = _LARGEST_NUMBER,
) -> int:
    """Return a whole number."""
    text = _text(fields, spellings)
    if text is None:
        return default
    if len(text) > 5 or not 0 <= (number := int(text)) <= largest:
        raise ValueError("A number is too large")
    return number
