"""The newest firmware release of each family, shared by all its miners."""

from datetime import timedelta
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..protocols.model import MinerFamily
from ..sources.firmware import Release, ReleaseError, fetch_newest_release

_INTERVAL = timedelta(hours=12)

_COORDINATORS: HassKey[dict[MinerFamily, ReleaseCoordinator]] = HassKey(
    f"{DOMAIN}_releases"
)


class ReleaseCoordinator(DataUpdateCoordinator[Release | None]):
    """The newest release of a family; the last one known while there is no network."""

    def __init__(self, hass: HomeAssistant, family: MinerFamily) -> None:
        """Initialize for a family."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=None,
            name=f"{family} firmware releases",
            update_interval=_INTERVAL,
        )
        self._family = family
        self._asked = False

    async def async_ask_once(self) -> None:
        """Ask for the first time. Later the interval alone decides."""
        if not self._asked:
            self._asked = True
            await self.async_refresh()

    @override
    async def _async_update_data(self) -> Release | None:
        """Ask for the newest release."""
        try:
            return await fetch_newest_release(
                async_get_clientsession(self.hass), self._family
            )
        except ReleaseError as err:
            # A home without internet is no reason to complain.
            self.logger.debug("No %s: %s", self.name, err)
            return self.data


@callback
def async_get_releases(hass: HomeAssistant, family: MinerFamily) -> ReleaseCoordinator:
    """Return the coordinator that all miners of a family share."""
    coordinators = hass.data.setdefault(_COORDINATORS, {})
    if family not in coordinators:
        coordinators[family] = ReleaseCoordinator(hass, family)
    return coordinators[family]
