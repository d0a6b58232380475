"""What the services tell of an account, each in its own shape."""

from datetime import datetime, timedelta

from simulator.pool_statistics.accounts import Account, PoolWorker, WorkerState
from simulator.wire import JsonObject, difficulty_text

_CKPOOL_WINDOWS = ("1m", "5m", "1hr", "1d", "7d")
_CHART_STEP = timedelta(minutes=10)
_CHART_STEPS = 144


def public_pool_client(account: Account, now: datetime) -> JsonObject:
    """Return what public-pool tells of an address, which nobody has to have mined for.

    The best difficulty of a worker is a text, that of the address is a number.
    """
    return {
        "bestDifficulty": account.best_difficulty,
        "workersCount": len(account.connected),
        "workers": [
            {
                "sessionId": f"{place:08x}",
                "name": worker.name,
                "bestDifficulty": f"{worker.best_difficulty:.2f}",
                "hashRate": worker.hashrate,
                "startTime": _iso(now - timedelta(hours=5)),
                "lastSeen": _iso(now - timedelta(seconds=20)),
            }
            for place, worker in enumerate(account.connected, 1)
        ],
    }


def public_pool_chart(account: Account, now: datetime) -> list[JsonObject]:
    """Return what public-pool draws of the last day, in steps of ten minutes."""
    return [
        {
            "label": _iso(now - step * _CHART_STEP),
            "data": sum(worker.hashrate for worker in account.connected),
        }
        for step in range(_CHART_STEPS, 0, -1)
    ]


def ckpool_user(address: str, account: Account, now: datetime) -> JsonObject:
    """Return what ckpool writes of an address.

    `workers` is a count of those that mine, `worker` a list of all that ever did.
    """
    return {
        **_ckpool_rates(account),
        "lastshare": int(now.timestamp()) - 20,
        "workers": len(account.connected),
        "shares": 7831260707329,
        "bestshare": account.best_difficulty,
        "bestever": int(account.best_difficulty),
        "authorised": 1721981103,
        "worker": [
            {
                "workername": f"{address}.{worker.name}",
                **_ckpool_rates(worker),
                "lastshare": int(now.timestamp()) - 20,
                "shares": 10267078458,
                "bestshare": worker.best_difficulty,
                "bestever": int(worker.best_difficulty),
            }
            for worker in account.workers
        ],
    }


def braiins_profile(account: Account) -> JsonObject:
    """Return what Braiins Pool tells of an account; amounts are texts."""
    return {
        "username": "simulated",
        "btc": {
            "all_time_reward": "0.12345678",
            "hash_rate_unit": "Gh/s",
            "hash_rate_5m": account.average("5m") / 1e9,
            "hash_rate_60m": account.average("1hr") / 1e9,
            "hash_rate_24h": account.average("1d") / 1e9,
            "hash_rate_yesterday": account.average("7d") / 1e9,
            **{f"{state}_workers": account.count(state) for state in WorkerState},
            "current_balance": account.balance,
            "today_reward": "0.00000123",
            "estimated_reward": "0.00000321",
        },
    }


def braiins_workers(account: Account, now: datetime) -> JsonObject:
    """Return what Braiins Pool tells of each worker; the state's case varies."""
    return {
        "btc": {
            "workers": {
                f"simulated.{worker.name}": {
                    "state": worker.state.upper() if place % 2 else worker.state,
                    "last_share": int(now.timestamp()) - 20,
                    "hash_rate_unit": "Gh/s",
                    "hash_rate_scoring": worker.hashrate / 1e9,
                    "hash_rate_5m": worker.average("5m") / 1e9,
                    "hash_rate_60m": worker.average("1hr") / 1e9,
                    "hash_rate_24h": worker.average("1d") / 1e9,
                }
                for place, worker in enumerate(account.workers)
            }
        }
    }


def _ckpool_rates(source: Account | PoolWorker) -> JsonObject:
    """Return averages as ckpool prints them, with three digits and a suffix."""
    return {
        f"hashrate{window}": difficulty_text(source.average(window)).replace("k", "K")
        for window in _CKPOOL_WINDOWS
    }


def _iso(moment: datetime) -> str:
    """Return a moment as JavaScript prints it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
