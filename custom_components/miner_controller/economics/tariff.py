"""Finds the tariff that a miner's power is bought with."""

from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ..prices.coordinator import PriceConfigEntry, PriceCoordinator
from ..prices.entries import async_tariff_entries
from .options import EconomicsOptions


def tariff_among(
    tariffs: Iterable[PriceConfigEntry], chosen: str | None
) -> PriceConfigEntry | None:
    """Return the tariff whose id was chosen, else the first, which is the oldest.

    One that was disabled is none. One that is just being set up is: for these moments
    another tariff would be the wrong one.
    """
    present = [tariff for tariff in tariffs if tariff.disabled_by is None]
    return next(
        (tariff for tariff in present if tariff.entry_id == chosen),
        next(iter(present), None),
    )


@callback
def async_tariff_of(hass: HomeAssistant, entry: ConfigEntry) -> PriceCoordinator | None:
    """Return the prices of a miner's tariff, None while there is none set up."""
    chosen = EconomicsOptions.of(entry).tariff
    return prices_of(tariff_among(async_tariff_entries(hass), chosen))


def prices_of(tariff: PriceConfigEntry | None) -> PriceCoordinator | None:
    """Return the prices of a tariff, None while it is not set up."""
    if tariff is None or tariff.state is not ConfigEntryState.LOADED:
        return None
    return tariff.runtime_data
