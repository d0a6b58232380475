"""Diagnostics of a tariff, without where anybody lives beyond the region."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_URL
from homeassistant.util import dt as dt_util

from .coordinator import PriceConfigEntry
from .shown import shown_slots, shown_span


def tariff_diagnostics(entry: PriceConfigEntry) -> dict[str, Any]:
    """Return what is needed to find out why prices or windows are as they are."""
    coordinator = entry.runtime_data
    now, state = dt_util.utcnow(), coordinator.fetch_state
    error = None if coordinator.last_update_success else coordinator.last_exception
    return {
        "tariff": _without_address(entry.data),
        "fetch": asdict(state),
        "complete": coordinator.tariff.is_complete(now, state),
        "next_fetch": coordinator.next_fetch(now),
        "next_alarm": coordinator.alarm_at,
        "last_update_success": coordinator.last_update_success,
        # The text of an error may name an address.
        "last_error": error and type(error.__cause__ or error).__name__,
        "prices": shown_slots(coordinator.slots),
        "windows": {
            key: {
                "settings": window.as_dict(),
                "decisions": [
                    {
                        "span": shown_span(decision.span),
                        "complete": decision.complete,
                        "periods": [shown_span(each) for each in decision.periods],
                    }
                    for decision in coordinator.decisions.get(key, ())
                ],
            }
            for key, window in coordinator.windows.items()
        },
    }


def _without_address(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an entry without an address that somebody typed."""
    return {key: REDACTED if key == CONF_URL else data[key] for key in data}
