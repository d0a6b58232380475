"""Diagnostics of the fleet, without a pool's users and their secrets."""

from dataclasses import asdict
from typing import Any

from homeassistant.util import dt as dt_util

from ..sources.mempool import DEFAULT_URL
from .library import LibraryPool
from .mqtt_options import CONF_MQTT
from .network import NetworkCoordinator
from .runtime import FleetConfigEntry, FleetRuntime


def fleet_diagnostics(entry: FleetConfigEntry) -> dict[str, Any]:
    """Return what is needed to find out why totals or pools are as they are."""
    runtime = entry.runtime_data
    totals = asdict(runtime.totals.data)
    # The names of miners may tell where they are.
    for held in (totals["hottest_chip"], totals["best_difficulty"]):
        if held is not None:
            del held["miner"], held["entry_id"]
    totals["concerns"] = [concern["reasons"] for concern in totals["concerns"]]
    totals["pool_miners"] = [len(each) for each in totals["pool_miners"].values()]
    return {
        "time": dt_util.utcnow(),
        "publishes": CONF_MQTT in entry.options,
        "totals": totals,
        "network": runtime.network and _network(runtime.network),
        "pools": [_pool(pool, runtime) for pool in runtime.totals.pools],
    }


def _network(network: NetworkCoordinator) -> dict[str, Any]:
    """Return what is known of the network, not where the mempool is."""
    rounds = network.rounds
    error = None if rounds.last_update_success else rounds.last_exception
    return {
        "is_public": network.options.url == DEFAULT_URL,
        "own_price": network.options.bitcoin_sensor is not None,
        "currency": network.data.currency,
        "values": {
            key: {"value": value, "told": told}
            for key, (value, told) in network.memory.values.items()
        },
        "days_to_adjustment": network.data.days_to_adjustment,
        "bitcoin_price": network.data.facts.bitcoin_price,
        "next_round": str(rounds.update_interval),
        # The text of an error may name an address.
        "last_error": error and type(error.__cause__ or error).__name__,
    }


def _pool(pool: LibraryPool, runtime: FleetRuntime) -> dict[str, Any]:
    """Return what is known of a pool, not where it is: it may be at home."""
    health = runtime.health[pool.subentry_id]
    statistics = runtime.statistics.get(pool.subentry_id)
    error = None
    if statistics is not None and not statistics.last_update_success:
        error = statistics.last_exception
    return {
        "tls": pool.address.tls,
        "version": pool.address.version,
        "priority": pool.priority,
        "weight": pool.weight,
        "probe_unused": pool.probe_unused,
        "wait_for_work": pool.wait_for_work,
        "health": health.data and asdict(health.data),
        "next_probe": str(health.update_interval),
        "shares": asdict(runtime.totals.shares_through(pool.subentry_id)),
        "statistics": {
            "service": pool.statistics.service if pool.statistics else None,
            "told": bool(statistics and statistics.data),
            # The text of an error may name an address.
            "last_error": error and type(error.__cause__ or error).__name__,
        },
    }
