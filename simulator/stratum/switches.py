"""The pools as plain values, for whoever has only the control port."""

from collections.abc import Mapping
from typing import Any

from simulator.stratum.pool import Manners, StratumPool
from simulator.wire import JsonObject


def show(name: str, pool: StratumPool) -> JsonObject:
    """Return where a pool is, how it treats miners, and how many came."""
    return {
        "name": name,
        "url": f"stratum+tcp://{pool.host}:{pool.port}",
        "manners": pool.manners,
        "connections": pool.connections,
    }


def change(pool: StratumPool, values: Mapping[str, Any]) -> None:
    """Change how a pool treats miners. Raises ValueError."""
    if values.keys() != {"manners"} or values["manners"] not in list(Manners):
        msg = f"manners is one of {', '.join(Manners)}"
        raise ValueError(msg)
    pool.manners = Manners(values["manners"])
