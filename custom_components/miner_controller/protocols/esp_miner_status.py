"""The part of a status that AxeOS and its fork report under the same keys."""

from collections.abc import Mapping
from typing import Any

from . import parse
from .model import MinerStatus, Pool

# A miner shows a hashrate of several times what its chips can do now and then
# (ESP-Miner issue 1445). Twice the expected is beyond any real spread.
_HASHRATE_SPIKE = 2


_LONGEST_HOST = 240


def read_status(
    info: Mapping[str, Any], *, automatic_fan: bool | None, **others: Any
) -> MinerStatus:
    """Return what a reply of /api/system/info tells in any firmware, and the others.

    Which values of `autofanspeed` mean an automatic fan differs, so that is given.
    """
    asics = list(parse.rows(parse.section(info, "hashrateMonitor"), "asics"))
    chips = parse.count(info, "asicCount", maximum=1000) or len(asics) or None
    expected = _expected_hashrate(info, chips)
    fan_speed = parse.number(info, "fanspeed", maximum=100, digits=0)
    fallback = first_known(
        parse.flag(parse.section(info, "stratum"), "usingFallback"),
        parse.flag(info, "isUsingFallbackStratum"),
    )
    return MinerStatus(
        hashrate=_hashrate(info, "hashRate", expected),
        hashrate_average=first_known(
            _hashrate(info, "hashRate_10m", expected),
            _hashrate(info, "hashRate_1h", expected),
            _hashrate(info, "hashRate_1m", expected),
        ),
        expected_hashrate=expected,
        power=parse.positive(info, "power", maximum=10_000, digits=2),
        temperature=read_temperature(info, "temp"),
        vr_temperature=read_temperature(info, "vrTemp"),
        fan_speed=fan_speed,
        automatic_fan=automatic_fan,
        # Older firmware has one speed, which is the fan's own while it is automatic.
        manual_fan_speed=(
            parse.number(info, "manualFanSpeed", maximum=100, digits=0)
            if "manualFanSpeed" in info
            else None
            if automatic_fan
            else fan_speed
        ),
        input_voltage=parse.positive(info, "voltage", maximum=100, scale=1e-3),
        core_voltage=parse.positive(info, "coreVoltage", maximum=10, scale=1e-3),
        core_voltage_actual=parse.number(
            info, "coreVoltageActual", maximum=10, scale=1e-3
        ),
        frequency=parse.positive(info, "frequency", maximum=65535),
        shares_accepted=parse.count(info, "sharesAccepted"),
        shares_rejected=parse.count(info, "sharesRejected"),
        best_difficulty=parse.difficulty(info, "bestDiff"),
        best_session_difficulty=parse.difficulty(info, "bestSessionDiff"),
        # The pool's difficulty was called stratumDiff in older firmware.
        pool_difficulty=parse.positive(info, "poolDifficulty")
        or parse.positive(info, "stratumDiff"),
        network_difficulty=_network_difficulty(info),
        uptime=parse.number(info, "uptimeSeconds", maximum=1e10),
        signal_strength=_signal_strength(info),
        active_pool=_active_pool(info, fallback=bool(fallback)),
        fallback_pool=fallback,
        free_heap=parse.count(info, "freeHeap"),
        **others,
    )


def _hashrate(
    info: Mapping[str, Any], key: str, expected: float | None
) -> float | None:
    """Return a hashrate in H/s, or None for one that the chips cannot reach."""
    # A petahash per second is far beyond any miner with this firmware.
    hashrate = parse.number(info, key, maximum=1e15, scale=1e9, digits=0)
    if hashrate is not None and expected and hashrate > _HASHRATE_SPIKE * expected:
        return None
    return hashrate


def first_known[T](*values: T | None) -> T | None:
    """Return the first value that is not None."""
    return next((value for value in values if value is not None), None)


def _expected_hashrate(info: Mapping[str, Any], chips: int | None) -> float | None:
    """Return the hashrate in H/s that the set frequency gives.

    Every small core does one hash in a cycle.
    """
    if reported := parse.positive(
        info, "expectedHashrate", maximum=1e15, scale=1e9, digits=0
    ):
        return reported
    frequency = parse.positive(info, "frequency", maximum=65535)
    cores = parse.count(info, "smallCoreCount", maximum=100_000)
    return frequency * cores * chips * 1e6 if frequency and cores and chips else None


def _pool(info: Mapping[str, Any], prefix: str) -> Pool | None:
    """Return the pool whose flat keys start with a prefix."""
    # What was typed into the miner may be a whole URL, with a user in it.
    url = parse.text(info, f"{prefix}URL") or ""
    # Capitals make no difference to a host, and others tell it without.
    host = url.rpartition("://")[2].partition("/")[0].rpartition("@")[2].lower()
    if not host or len(host) > _LONGEST_HOST:
        return None
    return Pool(
        host=host,
        port=parse.count(info, f"{prefix}Port", maximum=65535) or None,
        user=parse.text(info, f"{prefix}User"),
    )


def read_temperature(info: Mapping[str, Any], key: str) -> float | None:
    """Return a temperature in °C; −1 and 0 stand for a sensor that is not there."""
    return parse.positive(info, key, maximum=200, digits=1)


def _signal_strength(info: Mapping[str, Any]) -> float | None:
    """Return the signal in dBm; −90 is what the firmware starts with."""
    rssi = parse.number(info, "wifiRSSI", minimum=-127, maximum=-1, digits=0)
    return None if rssi == -90 else rssi


def _active_pool(info: Mapping[str, Any], *, fallback: bool) -> Pool | None:
    """Return the pool in use, from the flat keys or the slots of AxeOS 2.15."""
    if pool := _pool(info, "fallbackStratum" if fallback else "stratum"):
        return pool
    slot = parse.count(info, "secondaryPoolIndex" if fallback else "primaryPoolIndex")
    if slot is None:
        return None
    return next(
        (
            _pool(row, "stratum")
            for row in parse.rows(info, "pools")
            if parse.count(row, "id") == slot
        ),
        None,
    )


def _network_difficulty(info: Mapping[str, Any]) -> float | None:
    """Return the difficulty, which NerdQAxe++ 1.0.35 tells only for its first pool."""
    if found := parse.positive(info, "networkDifficulty", maximum=1e30):
        return found
    for pool in parse.rows(parse.section(info, "stratum"), "pools"):
        return parse.positive(pool, "networkDifficulty", maximum=1e30)
    return None
