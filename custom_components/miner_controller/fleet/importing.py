"""Takes miners and pools over from the configuration of the old application."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, override

from homeassistant.config_entries import SOURCE_IMPORT, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType

from ..const import DOMAIN
from ..miner.connect import AddressError, FoundMiner, async_find_miner
from ..miner.entries import async_entry_at
from ..protocols.address import parse_address
from .entries import SUBENTRY_POOL
from .library import pool_data, pools_of
from .old_configuration import (
    LineKind,
    OldMiner,
    OldPool,
    parse_old_configuration,
)
from .pool_checks import pool_faults

_AT_ONCE: Final = 5
"""So many miners are asked at the same time."""


class ImportOutcome(StrEnum):
    """What became of a line of the old configuration."""

    ADDED = "added"
    ALREADY_THERE = "already_there"
    NOT_REACHED = "not_reached"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """A line of the old configuration and what became of it."""

    kind: LineKind
    name: str
    outcome: ImportOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _NamedMiner(FoundMiner):
    """A miner that was found, and what its owner has called it so far."""

    name: str

    @property
    @override
    def title(self) -> str:
        """Return the name that it has had, the miner's own where it had none."""
        return self.name or super().title


async def async_import(
    hass: HomeAssistant, fleet_entry: ConfigEntry, text: str
) -> tuple[ImportedLine, ...]:
    """Add what the old configuration lists, and return what became of each line.

    Miners come first, then pools, then what makes no sense. Raises
    OldConfigurationError.
    """
    old = await hass.async_add_executor_job(parse_old_configuration, text)
    miners = await _async_import_miners(hass, old.miners)
    pools = [_async_import_pool(hass, fleet_entry, pool) for pool in old.pools]
    faults = [
        ImportedLine(
            kind=fault.kind, name=fault.name, outcome=ImportOutcome.NOT_UNDERSTOOD
        )
        for fault in old.faults
    ]
    return (*miners, *pools, *faults)


async def _async_import_miners(
    hass: HomeAssistant, miners: tuple[OldMiner, ...]
) -> list[ImportedLine]:
    """Add miners, unless they are there already or do not answer."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def find(miner: OldMiner) -> FoundMiner | ImportOutcome:
        async with limit:
            return await _async_find(hass, miner)

    found = await asyncio.gather(*map(find, miners))
    # One after the other: two lines may be about one miner.
    return [
        ImportedLine(
            kind=LineKind.MINER,
            name=miner.name or miner.address,
            outcome=(
                result
                if isinstance(result, ImportOutcome)
                else await _async_add_miner(hass, result)
            ),
        )
        for miner, result in zip(miners, found, strict=True)
    ]


async def _async_find(
    hass: HomeAssistant, miner: OldMiner
) -> FoundMiner | ImportOutcome:
    """Return the miner at the address of a line."""
    address = parse_address(miner.address)
    if async_entry_at(hass, address.host, address.port):
        return ImportOutcome.ALREADY_THERE
    try:
        found = await async_find_miner(hass, miner.address)
    except AddressError:
        return ImportOutcome.NOT_REACHED
    return _NamedMiner(
        address=found.address,
        identity=found.identity,
        client=found.client,
        name=miner.name,
    )


async def _async_add_miner(hass: HomeAssistant, found: FoundMiner) -> ImportOutcome:
    """Add a miner through the same checks as those of a search."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_IMPORT}, data=found
    )
    if result["type"] is FlowResultType.CREATE_ENTRY:
        return ImportOutcome.ADDED
    return ImportOutcome.ALREADY_THERE


@callback
def _async_import_pool(
    hass: HomeAssistant, fleet_entry: ConfigEntry, pool: OldPool
) -> ImportedLine:
    """Add a pool, unless one with the same address and worker is there."""
    return ImportedLine(
        kind=LineKind.POOL,
        name=pool.name,
        outcome=_async_add_pool(hass, fleet_entry, pool),
    )


@callback
def _async_add_pool(
    hass: HomeAssistant, fleet_entry: ConfigEntry, pool: OldPool
) -> ImportOutcome:
    """Add a pool, under a name that no other one has."""
    known = pools_of(fleet_entry)
    if any(
        (other.address, other.worker) == (pool.address, pool.worker) for other in known
    ):
        return ImportOutcome.ALREADY_THERE
    url = str(pool.address)
    if pool_faults(pool.name, url, pool.worker, pool.password, others=()):
        return ImportOutcome.NOT_UNDERSTOOD
    taken = {other.name.lower() for other in known}
    name, number = pool.name, 1
    while name.lower() in taken:
        number += 1
        name = f"{pool.name} ({number})"
    hass.config_entries.async_add_subentry(
        fleet_entry,
        ConfigSubentry(
            subentry_type=SUBENTRY_POOL,
            title=name,
            unique_id=None,
            data=MappingProxyType(
                pool_data(
                    url=url,
                    worker=pool.worker,
                    password=pool.password,
                    priority=pool.priority,
                    weight=pool.weight,
                )
            ),
        ),
    )
    return ImportOutcome.ADDED
