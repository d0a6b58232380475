"""What a NerdQAxe++ keeps in flash."""

from dataclasses import dataclass

from simulator.identity import (
    FALLBACK_HOST,
    FALLBACK_PORT,
    POOL_HOST,
    POOL_PORT,
    WIFI_NAME,
    pool_user,
)

FAN_MANUAL = 0
FAN_LEGACY = 1
FAN_PID = 2
FAN_LINKED = 3

POOL_FAILOVER = 0
POOL_DUAL = 1


@dataclass(slots=True, kw_only=True)
class Pool:
    """One of the two pools."""

    url: str
    port: int
    user: str
    password: str = "x"  # noqa: S105
    enonce_subscribe: bool = False
    tls: bool = False
    protocol: int = 0


@dataclass(slots=True, kw_only=True)
class NerdQAxeSettings:
    """The settings; nearly all of them apply at once."""

    pool: Pool
    fallback_pool: Pool
    hostname: str = "nerdqaxe"
    ssid: str = WIFI_NAME
    frequency: int = 600
    core_voltage: int = 1150
    autofan: int = FAN_PID
    manual_fan: int = 70
    second_fan_mode: int = FAN_MANUAL
    second_fan: int = 40
    pid_target: int = 55
    pid_p: float = 6.0
    pid_i: float = 0.1
    pid_d: float = 10.0
    overheat_temperature: int = 70
    job_interval: int = 500
    stratum_difficulty: int = 1000
    stratum_keep: bool = True
    pool_mode: int = POOL_FAILOVER
    pool_balance: int = 50
    vr_frequency: int = 25_000
    flip_screen: bool = False
    invert_screen: bool = False
    auto_screen_off: bool = False
    invert_fan_polarity: bool = False


def default_settings() -> NerdQAxeSettings:
    """Return the settings of a device that mines for its new owner."""
    user = pool_user("nerdqaxe")
    return NerdQAxeSettings(
        pool=Pool(url=POOL_HOST, port=POOL_PORT, user=user),
        fallback_pool=Pool(url=FALLBACK_HOST, port=FALLBACK_PORT, user=user),
    )
