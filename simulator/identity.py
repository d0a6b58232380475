"""Invented addresses, names and accounts that belong to nobody."""

import random

POOL_HOST = "stratum.quarry-pool.example"
POOL_PORT = 3333
FALLBACK_HOST = "spare.gravel-pool.example"
FALLBACK_PORT = 3334
LAST_HOST = "last.pebble-pool.example"
LAST_PORT = 3335
LOCAL_PREFIX = (0x5A, 0x51)
PAYOUT = "bc1qsimulatednotarealaddress"
WIFI_NAME = "Simulated Wi-Fi"


def mac_address(
    family: str, board: str, seed: int, prefix: tuple[int, ...] = LOCAL_PREFIX
) -> str:
    """Return a MAC that is always the same for a seed, locally administered or not."""
    rng = random.Random(f"{family}/{board}/{seed}")
    tail = [rng.randrange(256) for _ in range(6 - len(prefix))]
    return ":".join(f"{octet:02X}" for octet in (*prefix, *tail))


def pool_user(hostname: str) -> str:
    """Return the pool account of a device: a made-up payout address and a name."""
    return f"{PAYOUT}.{hostname}"


def random_token(rng: random.Random, length: int, alphabet: str) -> str:
    """Return a reproducible string of characters from an alphabet."""
    return "".join(rng.choice(alphabet) for _ in range(length))
