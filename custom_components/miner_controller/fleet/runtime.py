"""What a fleet that is set up consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

if TYPE_CHECKING:
    from .coordinator import FleetCoordinator
    from .network import NetworkCoordinator
    from .pool_health import PoolHealthCoordinator
    from .pool_statistics import PoolStatisticsCoordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRuntime:
    """The totals, and what is known of each pool, by the id of its subentry.

    What knows the network is None where its user does without.
    """

    totals: FleetCoordinator
    health: Mapping[str, PoolHealthCoordinator]
    statistics: Mapping[str, PoolStatisticsCoordinator]
    network: NetworkCoordinator | None = None


type FleetConfigEntry = ConfigEntry[FleetRuntime]
