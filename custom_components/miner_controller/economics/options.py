"""What the owner of a miner says of its costs and earnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry

from ..const import CONF_TARIFF

CONF_ECONOMICS: Final = "economics"
"""Where the options of a miner's entry have what is said here."""

CONF_EXPORT_SENSOR: Final = "export_sensor"
CONF_HEAT_PRICE: Final = "heat_price"
CONF_HEAT_SHARE: Final = "heat_share"
CONF_POOL_FEE: Final = "pool_fee"
CONF_SOLAR_PRICE: Final = "solar_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomicsOptions:
    """What decides, besides prices, what a miner costs and earns.

    The fee and the share are from 0 to 1, prices in currency per kWh. Without a price
    for exported power, or a sensor that tells how much of it there is, all power costs
    what the tariff says.
    """

    pool_fee: float = 0.0
    heat_share: float = 0.0
    heat_price: float = 0.0
    solar_price: float | None = None
    export_sensor: str | None = None
    tariff: str | None = None
    """The id of the entry of the tariff, None for the oldest one."""

    @property
    def heat_value(self) -> float:
        """Return what the heat of a kWh is worth."""
        return self.heat_share * self.heat_price

    @classmethod
    def of(cls, entry: ConfigEntry) -> Self:
        """Return the options of a miner. Its entry has percentages."""
        stored: Mapping[str, Any] = entry.options.get(CONF_ECONOMICS, {})
        return cls(
            pool_fee=stored.get(CONF_POOL_FEE, 0.0) / 100,
            heat_share=stored.get(CONF_HEAT_SHARE, 0.0) / 100,
            heat_price=stored.get(CONF_HEAT_PRICE, 0.0),
            solar_price=stored.get(CONF_SOLAR_PRICE),
            export_sensor=stored.get(CONF_EXPORT_SENSOR),
            tariff=stored.get(CONF_TARIFF),
        )
