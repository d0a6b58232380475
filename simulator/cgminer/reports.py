"""The rows of cgminer's reports, which all miners have in common."""

from simulator.cgminer.pools import Pool
from simulator.cgminer.state import MinerState
from simulator.cgminer.wire import Fixed
from simulator.wire import JsonObject

_TIMES = {
    "Calls": 0,
    "Wait": Fixed(0, 6),
    "Max": Fixed(0, 6),
    "Min": Fixed(99999999, 6),
}


def share(part: float, whole: float) -> Fixed:
    """Return a part in percent, printed with four decimals."""
    return Fixed(100 * part / whole if whole else 0.0, 4)


def summary(state: MinerState) -> JsonObject:
    """Return the totals of all pools and devices."""
    pools = list(state.pools)
    accepted = sum(pool.accepted for pool in pools)
    rejected = sum(pool.rejected for pool in pools)
    stale = sum(pool.stale for pool in pools)
    diff_accepted = sum(pool.difficulty_accepted for pool in pools)
    diff_rejected = sum(pool.difficulty_rejected for pool in pools)
    diff_stale = sum(pool.difficulty_stale for pool in pools)
    diff_all = diff_accepted + diff_rejected + diff_stale
    minutes = max(1.0, state.uptime) / 60
    return {
        "Elapsed": state.elapsed,
        **rates(state),
        "Found Blocks": state.model.blocks_found,
        "Getworks": sum(pool.getworks for pool in pools),
        "Accepted": accepted,
        "Rejected": rejected,
        "Hardware Errors": state.hardware_errors,
        "Utility": Fixed(accepted / minutes, 2),
        "Discarded": 0,
        "Stale": stale,
        "Get Failures": 0,
        "Local Work": sum(pool.works for pool in pools) * 2,
        "Remote Failures": 0,
        "Network Blocks": state.blocks_seen,
        "Total MH": Fixed(int(state.megahashes), 4),
        "Work Utility": Fixed(diff_all / minutes, 2),
        "Difficulty Accepted": Fixed(diff_accepted, 8),
        "Difficulty Rejected": Fixed(diff_rejected, 8),
        "Difficulty Stale": Fixed(diff_stale, 8),
        "Best Share": int(max(pool.best_share for pool in pools)),
        "Device Hardware%": share(
            state.hardware_errors, state.hardware_errors + diff_all
        ),
        "Device Rejected%": share(diff_rejected, diff_all),
        "Pool Rejected%": share(diff_rejected, diff_all),
        "Pool Stale%": share(diff_stale, diff_all),
        "Last getwork": 0,
    }


def rates(state: MinerState) -> JsonObject:
    """Return the hashrates in MH/s, of which the short ones jump wildly."""
    return {"MHS av": Fixed(state.average, 2)} | {
        f"MHS {name}": Fixed(value, 2) for name, value in state.rates.values.items()
    }


def config(state: MinerState, device_code: str) -> JsonObject:
    """Return how cgminer was started."""
    return {
        "ASC Count": 1,
        "PGA Count": 0,
        "Pool Count": len(state.pools),
        "Strategy": "Failover",
        "Log Interval": 5,
        "Device Code": device_code,
        "OS": "Linux",
        "Hotplug": "None",
    }


def devs(state: MinerState, name: str) -> JsonObject:
    """Return the one device that cgminer drives."""
    total = summary(state)
    last = max(state.pools, key=lambda pool: pool.last_share_time)
    return {
        "ASC": 0,
        "Name": name,
        "ID": 0,
        "Enabled": "Y",
        "Status": "Alive",
        "Temperature": Fixed(0, 2),
        **rates(state),
        "Accepted": total["Accepted"],
        "Rejected": total["Rejected"],
        "Hardware Errors": total["Hardware Errors"],
        "Utility": total["Utility"],
        "Last Share Pool": list(state.pools).index(last),
        "Last Share Time": last.last_share_time,
        "Total MH": total["Total MH"],
        "Diff1 Work": int(state.model.shares.session_hashes / 2**32),
        "Difficulty Accepted": total["Difficulty Accepted"],
        "Difficulty Rejected": total["Difficulty Rejected"],
        "Last Share Difficulty": Fixed(last.difficulty, 8),
        "Last Valid Work": last.last_share_time,
        "Device Hardware%": total["Device Hardware%"],
        "Device Rejected%": total["Device Rejected%"],
        "Device Elapsed": state.elapsed,
    }


def devdetails(name: str) -> JsonObject:
    """Return what driver is in use."""
    return {
        "DEVDETAILS": 0,
        "Name": name,
        "ID": 0,
        "Driver": name.lower(),
        "Kernel": "",
        "Model": "",
        "Device Path": "",
    }


def pool_row(state: MinerState, number: int) -> JsonObject:
    """Return one pool; the miner asks the others for work from time to time too."""
    pool = state.pools[number]
    active = state.pools.active is pool
    known = pool.alive and state.uptime > 0
    return {
        "POOL": number,
        "URL": pool.url,
        "Status": pool.status,
        "Priority": pool.priority,
        "Quota": 1,
        "Long Poll": "N",
        "Getworks": pool.getworks,
        "Accepted": pool.accepted,
        "Rejected": pool.rejected,
        "Works": pool.works,
        "Discarded": 0,
        "Stale": pool.stale,
        "Get Failures": 0,
        "Remote Failures": 0,
        "User": pool.user,
        "Last Share Time": pool.last_share_time,
        "Diff1 Shares": int(_submitted(pool)),
        "Proxy Type": "",
        "Proxy": "",
        "Difficulty Accepted": Fixed(pool.difficulty_accepted, 8),
        "Difficulty Rejected": Fixed(pool.difficulty_rejected, 8),
        "Difficulty Stale": Fixed(pool.difficulty_stale, 8),
        "Last Share Difficulty": Fixed(pool.difficulty if pool.accepted else 0, 8),
        "Work Difficulty": Fixed(pool.difficulty, 8),
        "Has Stratum": True,
        "Stratum Active": active,
        "Stratum URL": pool.host if active else "",
        "Stratum Difficulty": Fixed(state.model.pool_difficulty if active else 0, 8),
        "Has Vmask": True,
        "Has GBT": False,
        "Best Share": int(pool.best_share),
        "Pool Rejected%": share(pool.difficulty_rejected, _submitted(pool)),
        "Pool Stale%": share(pool.difficulty_stale, _submitted(pool)),
        "Bad Work": 0,
        "Current Block Height": _height(state, active=active) if known else 0,
        "Current Block Version": 0x20000000 if known else 0,
    }


def coin(state: MinerState) -> JsonObject:
    """Return what is mined; the hash is of no block that ever was."""
    return {
        "Hash Method": "sha256",
        "Current Block Time": Fixed(state.uptime + 0.25, 6),
        "Current Block Hash": f"{state.first_height + state.blocks_seen:064x}",
        "LP": True,
        "Network Difficulty": Fixed(state.model.network_difficulty, 8),
    }


def device_stats(state: MinerState, name: str, extra: JsonObject) -> JsonObject:
    """Return the first row of the statistics, with what the driver adds."""
    return {"STATS": 0, "ID": name, "Elapsed": state.elapsed, **_TIMES, **extra}


def pool_stats(state: MinerState, number: int) -> JsonObject:
    """Return the row of a pool in the statistics."""
    pool = state.pools[number]
    sent = 3 + pool.accepted + pool.rejected
    received = 3 + sent + int(state.uptime / 30)
    return {
        "STATS": number + 1,
        "ID": f"POOL{number}",
        "Elapsed": state.elapsed,
        **_TIMES,
        "Pool Calls": 0,
        "Pool Attempts": 0,
        "Pool Wait": Fixed(0, 6),
        "Pool Max": Fixed(0, 6),
        "Pool Min": Fixed(99999999, 6),
        "Pool Av": Fixed(0, 6),
        "Work Had Roll Time": False,
        "Work Can Roll": False,
        "Work Had Expire": False,
        "Work Roll Time": 0,
        "Work Diff": Fixed(pool.difficulty, 8),
        "Min Diff": Fixed(pool.difficulty, 8),
        "Max Diff": Fixed(pool.difficulty, 8),
        "Min Diff Count": 1,
        "Max Diff Count": 1,
        "Times Sent": sent,
        "Bytes Sent": sent * 130,
        "Times Recv": received,
        "Bytes Recv": received * 320,
        "Net Bytes Sent": sent * 130,
        "Net Bytes Recv": received * 320,
    }


def lcd(state: MinerState) -> JsonObject:
    """Return what a small display would show."""
    pool = state.pools.active
    last = max(state.pools, key=lambda each: each.last_share_time)
    return {
        "Elapsed": state.elapsed,
        "GHS av": Fixed(state.average / 1000, 2),
        "GHS 5m": Fixed(state.rates.values["5m"] / 1000, 2),
        "GHS 5s": Fixed(state.rates.values["5s"] / 1000, 2),
        "Temperature": Fixed(0, 2),
        "Last Share Difficulty": Fixed(last.difficulty, 8),
        "Last Share Time": last.last_share_time,
        "Best Share": int(max(each.best_share for each in state.pools)),
        "Last Valid Work": last.last_share_time,
        "Found Blocks": state.model.blocks_found,
        "Current Pool": pool.url if pool else "none",
        "User": pool.user if pool else "",
    }


def _submitted(pool: Pool) -> float:
    """Return the difficulty of all shares that were found for a pool."""
    return pool.difficulty_accepted + pool.difficulty_rejected + pool.difficulty_stale


def _height(state: MinerState, *, active: bool) -> int:
    """Return the height a pool told last; one that stands by falls behind."""
    return state.first_height + (state.blocks_seen if active else 0)
