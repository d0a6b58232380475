"""What an AxeOS device keeps in flash: settings and pools."""

from dataclasses import dataclass, field

from simulator.identity import (
    FALLBACK_HOST,
    FALLBACK_PORT,
    POOL_HOST,
    POOL_PORT,
    WIFI_NAME,
    pool_user,
)

POOL_SLOTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """One pool and how to talk to it."""

    url: str = ""
    port: int = 3333
    user: str = ""
    password: str = "x"  # noqa: S105
    suggested_difficulty: int = 1000
    extranonce_subscribe: bool = False
    tls: int = 0
    certificate: str = ""
    decode_coinbase: bool = True
    protocol: str = "SV1"
    channel_type: str = "extended"
    authority_key: str = ""
    require_auth: bool = False


@dataclass(slots=True, kw_only=True)
class AxeOSSettings:
    """The settings as the flash holds them; some wait there for a restart."""

    frequency: float
    core_voltage: int
    hostname: str
    autofan: bool = True
    manual_fan: int = 100
    minimum_fan: int = 25
    target_temperature: int = 60
    overheat_mode: bool = False
    overclock: bool = False
    use_fallback: bool = False
    stats_frequency: int = 0
    ssid: str = WIFI_NAME
    display: str = "SSD1306 (128x32)"
    rotation: int = 0
    invert_screen: bool = False
    flip_screen: bool = True
    invert_fan_polarity: bool = True
    display_timeout: int = -1
    primary: int = 0
    secondary: int = 1
    pools: list[Pool] = field(default_factory=list)

    @property
    def pool(self) -> Pool:
        """Return the pool mined at as long as it answers."""
        return self.pools[self.primary]

    @property
    def fallback_pool(self) -> Pool:
        """Return the pool mined at when the first one does not answer."""
        return self.pools[self.secondary]


def default_pools(hostname: str) -> list[Pool]:
    """Return eight slots of which the first two are in use."""
    user = pool_user(hostname)
    used = [
        Pool(url=POOL_HOST, port=POOL_PORT, user=user),
        Pool(url=FALLBACK_HOST, port=FALLBACK_PORT, user=user),
    ]
    return used + [Pool() for _ in range(POOL_SLOTS - len(used))]
