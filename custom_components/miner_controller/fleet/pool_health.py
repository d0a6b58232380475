"""Asks a pool from time to time whether it would serve a miner."""

from collections.abc import Sequence
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ssl import get_default_context

from ..protocols.pool_settings import PoolSettings
from ..protocols.stratum import Probe, probe
from ..protocols.stratum_address import StratumAddress
from .coordinator import FleetCoordinator
from .library import LibraryPool
from .rare_requests import RareCoordinator, async_keep_answer, async_recent_answer
from .runtime import FleetConfigEntry
from .worker_template import probe_worker


class PoolHealthCoordinator(RareCoordinator[Probe]):
    """How a pool answers, for all pools of the library at one address.

    None while it was not asked, or is not asked any more because no miner uses it.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        totals: FleetCoordinator,
        pools: Sequence[LibraryPool],
    ) -> None:
        """Initialize for the pools at one address."""
        super().__init__(hass, entry, pools[0].name, pools[0].address)
        self._totals = totals
        self._pools = pools

    @property
    @override
    def _is_wanted(self) -> bool:
        miners = self._totals.data.pool_miners
        return any(
            pool.probe_unused or miners.get(pool.subentry_id) for pool in self._pools
        )

    @override
    def _is_failure(self, answer: Probe) -> bool:
        return not answer.serves

    @override
    async def _async_ask(self) -> Probe:
        waiting = next((pool for pool in self._pools if pool.wait_for_work), None)
        return await _async_probe(self._pools[0].address, waiting)


@callback
def async_group_by_address(
    pools: Sequence[LibraryPool],
) -> dict[StratumAddress, list[LibraryPool]]:
    """Return the pools by their address, each of which is asked once for all."""
    groups: dict[StratumAddress, list[LibraryPool]] = {}
    for pool in pools:
        groups.setdefault(pool.address, []).append(pool)
    return groups


async def async_try_pool(hass: HomeAssistant, pool: LibraryPool) -> Probe:
    """Try a pool that somebody typed, unless it is known to answer.

    A person who mends what is wrong need not wait for the next probe.
    """
    known: Probe | None = async_recent_answer(hass, pool.address)
    if known is not None and known.serves:
        was_asked = known.working is not None or not pool.wait_for_work
        if was_asked or pool.address.version == 2:
            return known
    result = await _async_probe(pool.address, pool if pool.wait_for_work else None)
    async_keep_answer(hass, pool.address, result)
    return result


async def _async_probe(address: StratumAddress, waiting: LibraryPool | None) -> Probe:
    """Ask at an address. A pool that shall give work gets a worker named "probe"."""
    worker = None
    if waiting is not None:
        worker = PoolSettings(
            url=str(address),
            worker=probe_worker(waiting.worker),
            password=waiting.password,
        )
    return await probe(
        address,
        tls=get_default_context(),
        wait_for_work=waiting is not None,
        worker=worker,
    )
