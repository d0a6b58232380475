"""The repairs that a tariff can raise."""

from enum import StrEnum

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN


class PriceIssue(StrEnum):
    """Why prices are missing."""

    NO_PRICES = "no_prices"
    """The service answers, and has no price for now."""
    PRICES_UNREACHABLE = "prices_unreachable"
    """The service does not answer, and there is no price for now."""
    PRODUCT_RETIRED = "product_retired"
    """Another product has taken over."""
    REGION_WITHOUT_RATES = "region_without_rates"
    """The product is not sold in the region."""


_FIXABLE = {PriceIssue.PRODUCT_RETIRED}


def issue_id(issue: PriceIssue, entry_id: str) -> str:
    """Return the id of an entry's issue."""
    return f"{issue}_{entry_id}"


@callback
def async_is_shown(hass: HomeAssistant, entry: ConfigEntry, issue: PriceIssue) -> bool:
    """Return whether a tariff has an issue, also since before a restart."""
    shown = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(issue, entry.entry_id))
    return shown is not None


@callback
def async_show_issue(
    hass: HomeAssistant,
    entry: ConfigEntry,
    issue: PriceIssue | None,
    product: str = "",
    replacement: str | None = None,
) -> None:
    """Raise the one issue that a tariff has, and take back all others."""
    for other in PriceIssue:
        if other is not issue:
            ir.async_delete_issue(hass, DOMAIN, issue_id(other, entry.entry_id))
    if issue is None:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(issue, entry.entry_id),
        data={"entry_id": entry.entry_id, "replacement": replacement},
        is_fixable=issue in _FIXABLE,
        # After a restart nothing may be asked for some hours, and it is still true.
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue.value,
        translation_placeholders={
            "tariff": entry.title,
            "product": product,
            "replacement": replacement or "",
        },
    )
