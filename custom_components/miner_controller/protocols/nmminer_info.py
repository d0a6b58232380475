"""What an NMMiner with firmware 2.0 or later tells of itself over HTTP.

Source: the documents of firmware 2.0.04.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import parse
from .model import MinerStatus, Pool
from .nmminer_values import read_temperature, sane_hashrate
from .pool_address import parse_pool_address


def is_nmminer(info: Mapping[str, Any]) -> bool:
    """Return whether a reply of /api/system/info is from an NMMiner.

    AxeOS answers under the same path with flat objects.
    """
    return parse.text(parse.section(info, "identity"), "hwModel") is not None


def read_info(info: Mapping[str, Any]) -> MinerStatus:
    """Return what a reply of /api/system/info tells."""
    identity, miner = parse.section(info, "identity"), parse.section(info, "miner")
    temperatures = parse.section(info, "temps")
    # `asic` is null on every board without a chip for mining.
    chip = read_temperature(temperatures, "asic")
    return MinerStatus(
        hashrate=sane_hashrate(
            parse.number(miner, "hashRate", maximum=1e15, scale=1e9),
            has_asic=chip is not None,
        ),
        temperature=read_temperature(temperatures, "vcore") if chip is None else chip,
        shares_accepted=parse.count(miner, "sAccepted"),
        shares_rejected=parse.count(miner, "sRejected"),
        best_difficulty=parse.difficulty(miner, "bestDiffEver", digits=6),
        best_session_difficulty=parse.difficulty(miner, "bestDiffSession", digits=6),
        # Zero until a pool has told them.
        pool_difficulty=parse.difficulty(miner, "poolDiff", digits=6) or None,
        network_difficulty=parse.difficulty(miner, "networkDiff") or None,
        blocks_found=parse.count(miner, "blkhits"),
        uptime=parse.number(miner, "uptimeSeconds", maximum=1e10, digits=0),
        signal_strength=parse.number(identity, "rssi", minimum=-120, maximum=-1),
        active_pool=_read_pool(parse.section(info, "stratum")),
        free_heap=parse.count(miner, "freeHeap"),
    )


def _read_pool(stratum: Mapping[str, Any]) -> Pool | None:
    """Return the pool that the miner is connected to, with its worker."""
    pool = parse_pool_address(parse.text(stratum, "url") or "")
    return pool and replace(pool, user=parse.text(stratum, "user"))


def uses_pool(status: MinerStatus, pool: Pool | None) -> bool:
    """Return whether a miner is connected to a pool."""
    used = status.active_pool
    return (
        used is not None
        and pool is not None
        and used.host == pool.host
        and pool.port in (None, used.port)
    )
