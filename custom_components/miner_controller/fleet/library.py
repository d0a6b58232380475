"""The pools that the home knows, in the order of their priority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_PASSWORD, CONF_URL
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..miner.entries import entry_identity
from ..protocols.model import Pool
from ..protocols.pool_settings import PoolSettings
from ..protocols.stratum_address import StratumAddress, parse_stratum_address
from ..sources.pool_statistics import PoolService
from .entries import SUBENTRY_POOL, async_fleet_entry
from .worker_template import WorkerTemplateError, worker_name

CONF_NOTE: Final = "note"
CONF_PRIORITY: Final = "priority"
CONF_PROBE_UNUSED: Final = "probe_unused"
CONF_SECRET: Final = "secret"  # noqa: S105
CONF_SERVICE: Final = "service"
CONF_STATISTICS: Final = "statistics"
CONF_WAIT_FOR_WORK: Final = "wait_for_work"
CONF_WEIGHT: Final = "weight"
CONF_WORKER: Final = "worker"

SIGNAL_POOLS_CHANGED: Final = f"{DOMAIN}_pools_changed"
"""Sent when a pool was added, changed or removed, and with the fleet itself."""

# What most pools take as the password of a worker that has none.
DEFAULT_PASSWORD: Final = "x"  # noqa: S105
DEFAULT_PRIORITY: Final = 10
DEFAULT_WEIGHT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsSource:
    """Where a pool tells what it sees of its user's miners.

    `secret` is a payout address, or the token of an account.
    """

    service: PoolService
    secret: str = field(repr=False)
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPool:
    """A pool that miners can be told to use.

    `worker` is a template. The smaller `priority` is preferred; `weight` is what part
    of the miners it should have where they are shared out.
    """

    subentry_id: str
    name: str
    address: StratumAddress
    worker: str = field(repr=False)
    password: str = field(default=DEFAULT_PASSWORD, repr=False)
    priority: int = DEFAULT_PRIORITY
    weight: int = DEFAULT_WEIGHT
    note: str = ""
    probe_unused: bool = True
    """Its health is asked for also while no miner uses it."""
    wait_for_work: bool = False
    """It counts as reachable only if it gives work, for which a probe logs in."""
    statistics: StatisticsSource | None = None

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Return the pool that a subentry keeps."""
        data = subentry.data
        return cls(
            subentry_id=subentry.subentry_id,
            name=subentry.title,
            # What is stored was checked before.
            address=parse_stratum_address(data[CONF_URL]),
            worker=data[CONF_WORKER],
            password=data[CONF_PASSWORD],
            priority=data[CONF_PRIORITY],
            weight=data[CONF_WEIGHT],
            note=data[CONF_NOTE],
            probe_unused=data[CONF_PROBE_UNUSED],
            wait_for_work=data[CONF_WAIT_FOR_WORK],
            statistics=_statistics(data.get(CONF_STATISTICS)),
        )

    def is_at(self, pool: Pool) -> bool:
        """Return whether a miner means this pool, whatever the worker."""
        return pool.host == self.address.host and pool.port == self.address.port

    def settings_for(self, entry: ConfigEntry) -> PoolSettings:
        """Return what the miner of an entry is told. Raises WorkerTemplateError."""
        return PoolSettings(
            url=str(self.address),
            worker=worker_name(
                self.worker, miner=entry.title, identity=entry_identity(entry)
            ),
            password=self.password,
        )


def _statistics(data: Mapping[str, Any] | None) -> StatisticsSource | None:
    """Return where a pool tells more, if its user said so."""
    if data is None:
        return None
    return StatisticsSource(
        service=PoolService(data[CONF_SERVICE]),
        secret=data[CONF_SECRET],
        url=data.get(CONF_URL),
    )


def pool_data(
    *,
    url: str,
    worker: str,
    password: str = DEFAULT_PASSWORD,
    priority: int = DEFAULT_PRIORITY,
    weight: int = DEFAULT_WEIGHT,
    note: str = "",
    probe_unused: bool = True,
    wait_for_work: bool = False,
    statistics: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the data of a subentry. The name of a pool is the subentry's title."""
    data: dict[str, Any] = {
        CONF_URL: url,
        CONF_WORKER: worker,
        CONF_PASSWORD: password,
        CONF_PRIORITY: priority,
        CONF_WEIGHT: weight,
        CONF_NOTE: note,
        CONF_PROBE_UNUSED: probe_unused,
        CONF_WAIT_FOR_WORK: wait_for_work,
    }
    return data if statistics is None else {**data, CONF_STATISTICS: dict(statistics)}


@callback
def pools_of(entry: ConfigEntry) -> tuple[LibraryPool, ...]:
    """Return the pools of the fleet, the preferred one first."""
    pools = map(LibraryPool.from_subentry, entry.get_subentries_of_type(SUBENTRY_POOL))
    return tuple(sorted(pools, key=lambda pool: (pool.priority, pool.name.lower())))


@callback
def async_pools(hass: HomeAssistant) -> tuple[LibraryPool, ...]:
    """Return the pools that the home knows, none where it has no fleet in use."""
    entry = async_fleet_entry(hass)
    return () if entry is None or entry.disabled_by is not None else pools_of(entry)


def find_pool(pools: Iterable[LibraryPool], name: str) -> LibraryPool | None:
    """Return the pool with a name, whatever its letters' case."""
    wanted = name.strip().lower()
    return next((pool for pool in pools if pool.name.lower() == wanted), None)


def pool_in_use(
    pools: Iterable[LibraryPool], used: Pool | None, entry: ConfigEntry
) -> LibraryPool | None:
    """Return the pool that the miner of an entry uses, if the home knows it.

    Where several pools are at one address, the worker tells which of them it is.
    """
    if used is None:
        return None
    found = [pool for pool in pools if pool.is_at(used)]
    if len(found) < 2:
        return found[0] if found else None
    return next((pool for pool in found if _works_as(pool, used, entry)), found[0])


def _works_as(pool: LibraryPool, used: Pool, entry: ConfigEntry) -> bool:
    """Return whether a miner works under the name that a pool has for it."""
    try:
        return pool.settings_for(entry).worker == used.user
    except WorkerTemplateError:
        return False
