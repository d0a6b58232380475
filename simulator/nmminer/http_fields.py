"""What firmware 2 of NMMiner tells over HTTP."""

from simulator.firmware import Version
from simulator.nmminer.state import NMMinerState
from simulator.nmminer.status import scaled
from simulator.wire import JsonObject, decimals

MODEL = "NMMiner"

_DECIMAL_SINCE: Version = (2, 0, 4)
_STORAGE_BYTES = 1048576


def difficulty(value: float, version: Version, places: int = 5) -> str:
    """Return a difficulty as a text, which firmware has written in two ways.

    Both ways are documented, but not which version writes which.
    """
    return f"{value:.{places}f}" if version >= _DECIMAL_SINCE else scaled(value, 4)


def probe(state: NMMinerState, firmware: str) -> JsonObject:
    """Return the short answer by which a device finds others of its kind."""
    width, height = state.board.screen
    model = state.model
    return {
        "model": MODEL,
        "hostname": state.settings["HostName"],
        "ver": f"v{firmware}",
        "sw": width,
        "sh": height,
        "hr": round(model.hashrate * 1e9),
        "sbd": decimals(model.shares.best_session, 4),
        "ebd": decimals(model.best_difficulty, 4),
        "ut": int(state.uptime),
    }


def system_info(state: NMMinerState, firmware: str) -> JsonObject:
    """Return everything a device tells of itself; its MAC is not part of it."""
    model = state.model
    shares = model.shares
    version = state.version
    heap = state.free_heap * 1024
    return {
        "identity": {
            "hwModel": MODEL,
            "hostName": state.settings["HostName"],
            "fwVersion": f"v{firmware}",
            "rssi": round(model.wifi_rssi),
        },
        "miner": {
            "hashRate": decimals(model.hashrate, 9),
            "sAccepted": shares.accepted,
            "sRejected": shares.rejected,
            "uptimeSeconds": int(state.uptime),
            "uptimeEver": int(state.uptime_ever),
            "networkDiff": difficulty(model.network_difficulty, version, 4),
            "poolDiff": difficulty(model.pool_difficulty, version),
            "lastDiff": difficulty(state.last_difficulty, version),
            "bestDiffSession": difficulty(shares.best_session, version),
            "bestDiffEver": difficulty(model.best_difficulty, version),
            "blkhits": model.blocks_found,
            "freeHeap": int(heap),
            "minFreeHeap": int(heap * 0.8),
        },
        "stratum": {"url": state.pool_in_use, "user": state.user_in_use},
        "temps": {
            "vcore": (
                decimals(state.temperature, 1) if state.board.thermometer else None
            ),
            "asic": None,
        },
        "storage": {"fsTotal": _STORAGE_BYTES, "fsUsed": _STORAGE_BYTES // 4},
    }


def alive(address: str) -> JsonObject:
    """Return which others of its kind a device knows of: itself only."""
    return {
        "self": address,
        "ips": [address],
        "scanning": False,
        "progress": 0,
        "total": 254,
        "next_scan_in": 60,
    }
