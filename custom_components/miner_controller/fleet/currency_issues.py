"""Says where what is earned cannot be compared with what it costs."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from .tariff_watch import TariffWatch

_ISSUE: Final = "currency_differs"


class CurrencyIssues:
    """Has an issue for each tariff in another currency than that of Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Follow the tariffs."""
        self._hass = hass
        self._shown: set[str] = set()
        self._watch = TariffWatch(hass, self._async_look)
        self._async_look()

    @callback
    def async_close(self) -> None:
        """Take all issues back: nothing is compared any more."""
        self._watch.async_close()
        self._async_show({})

    @callback
    def _async_look(self) -> None:
        """Look at the currencies of the tariffs that there are now."""
        home = self._hass.config.currency
        self._async_show(
            {
                entry.entry_id: {
                    "tariff": entry.title,
                    "currency": coordinator.tariff.currency,
                    "home_currency": home,
                }
                for entry, coordinator in self._watch.tariffs.items()
                if coordinator is not None and coordinator.tariff.currency != home
            }
        )

    @callback
    def _async_show(self, wanted: dict[str, dict[str, str]]) -> None:
        """Have these issues, and no others."""
        for entry_id in self._shown - wanted.keys():
            ir.async_delete_issue(self._hass, DOMAIN, f"{_ISSUE}_{entry_id}")
        for entry_id, placeholders in wanted.items():
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                f"{_ISSUE}_{entry_id}",
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=_ISSUE,
                translation_placeholders=placeholders,
            )
        self._shown = set(wanted)
