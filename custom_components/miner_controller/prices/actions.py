"""The actions that tell prices, and when power is cheapest."""

from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.util import dt as dt_util
import probatio

from ..const import DOMAIN
from ..planning.cheapest import Selection, find_cheapest
from ..planning.slots import Slot, day_span, is_complete, overlapping, slot_at
from ..sources.tariff import TariffError
from .coordinator import PriceCoordinator
from .entries import async_tariff_entries
from .history import LONGEST_PAST
from .shown import shown_slots, shown_span

SERVICE_FIND_CHEAPEST: Final = "find_cheapest"
SERVICE_GET_PRICES: Final = "get_prices"

ATTR_EARLIEST: Final = "earliest"
ATTR_FROM: Final = "from"
ATTR_HOURS: Final = "hours"
ATTR_LATEST: Final = "latest"
ATTR_MAXIMUM_PRICE: Final = "maximum_price"
ATTR_MINIMUM_BLOCK: Final = "minimum_block"
ATTR_SPLIT: Final = "split"
ATTR_TO: Final = "to"

_LONGEST_AHEAD: Final = timedelta(days=7)

_MOMENT: Final = timedelta(minutes=1)

# More than this is nobody's wish, and the search takes time and room for each slot.
_MOST_HOURS: Final = 7 * 24

GET_PRICES_SCHEMA = probatio.Schema(
    {
        probatio.Optional(ATTR_DEVICE_ID): cv.string,
        probatio.Optional(ATTR_FROM): cv.datetime,
        probatio.Optional(ATTR_TO): cv.datetime,
    }
)
FIND_CHEAPEST_SCHEMA = probatio.Schema(
    {
        probatio.Optional(ATTR_DEVICE_ID): cv.string,
        probatio.Required(ATTR_HOURS): probatio.All(
            probatio.Coerce(float),
            probatio.Range(min=0, min_included=False, max=_MOST_HOURS),
        ),
        probatio.Optional(ATTR_EARLIEST): cv.datetime,
        probatio.Optional(ATTR_LATEST): cv.datetime,
        probatio.Optional(ATTR_SPLIT, default=False): cv.boolean,
        probatio.Optional(ATTR_MINIMUM_BLOCK, default=0): probatio.All(
            probatio.Coerce(float), probatio.Range(min=0, max=_MOST_HOURS)
        ),
        probatio.Optional(ATTR_MAXIMUM_PRICE): probatio.All(
            probatio.Coerce(float), probatio.Range(min=-1000, max=1000)
        ),
    }
)


@callback
def async_setup_price_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_PRICES,
        _async_get_prices,
        schema=GET_PRICES_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_FIND_CHEAPEST,
        _async_find_cheapest,
        schema=FIND_CHEAPEST_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_get_prices(call: ServiceCall) -> ServiceResponse:
    """Return the prices of a period, of the past too."""
    coordinator = _async_coordinator(call)
    now = dt_util.utcnow()
    today = day_span(now, dt_util.get_default_time_zone())
    start = _moment(call, ATTR_FROM, today.start)
    end = _moment(call, ATTR_TO, max(start, now) + _LONGEST_AHEAD)
    _check_order(start, end)
    if start < now - LONGEST_PAST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_long_ago",
            translation_placeholders={"days": str(LONGEST_PAST.days)},
        )
    slots = await async_slots(coordinator, start, end, now)
    # A year of them takes a while to be written down.
    shown = await call.hass.async_add_executor_job(shown_slots, slots)
    until = slots[-1].end if slots else start
    asked_until = end if ATTR_TO in call.data else max(until, start)
    response: ServiceResponse = {
        "unit": coordinator.tariff.unit,
        "complete": bool(slots) and is_complete(slots, start, asked_until),
        "slots": [*shown],
    }
    return response


async def async_slots(
    coordinator: PriceCoordinator, start: datetime, end: datetime, now: datetime
) -> tuple[Slot, ...]:
    """Return the prices of a period, asking for past ones that are not known.

    Raises HomeAssistantError, translated.
    """
    over = min(end, now)
    if start >= over or is_complete(coordinator.slots, start, over):
        return tuple(overlapping(coordinator.slots, start, end))
    try:
        past = await coordinator.history.async_prices(
            coordinator.slots, start, over, now
        )
    except TariffError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="prices_failed",
            translation_placeholders={"error": str(err)},
        ) from err
    known = past[-1].end if past else now
    return (*past, *overlapping(coordinator.slots, max(start, known), end))


async def _async_find_cheapest(call: ServiceCall) -> ServiceResponse:
    """Return when power is cheapest among the prices that are known."""
    coordinator = _async_coordinator(call)
    now = dt_util.utcnow()
    earliest = _moment(call, ATTR_EARLIEST, _slot_start(coordinator, now))
    latest = _moment(call, ATTR_LATEST, max(earliest, now) + _LONGEST_AHEAD)
    _check_order(earliest, latest)
    found = await call.hass.async_add_executor_job(
        _find_cheapest, call.data, coordinator.slots, earliest, latest
    )
    return {
        "unit": coordinator.tariff.unit,
        "start": None,
        "end": None,
        "average": None,
        "periods": [],
        "slots": [],
        **(_shown(found) if found else {}),
    }


def _slot_start(coordinator: PriceCoordinator, now: datetime) -> datetime:
    """Return the start of the current slot while it has hardly begun, or now.

    An automation that begins with the slot runs a moment later, and means all of it.
    """
    current = slot_at(coordinator.slots, now)
    has_hardly_begun = current is not None and now - current.start < _MOMENT
    return current.start if current and has_hardly_begun else now


def _find_cheapest(
    data: dict[str, Any],
    slots: tuple[Slot, ...],
    earliest: datetime,
    latest: datetime,
) -> Selection | None:
    """Return the cheapest time."""
    return find_cheapest(
        slots,
        # The least that there is, so that nothing is rounded to no time at all.
        duration=max(timedelta(hours=data[ATTR_HOURS]), timedelta.resolution),
        earliest=earliest,
        latest=latest,
        split=data[ATTR_SPLIT],
        minimum_run=timedelta(hours=data[ATTR_MINIMUM_BLOCK]),
        maximum_price=data.get(ATTR_MAXIMUM_PRICE),
    )


def _shown(found: Selection) -> dict[str, Any]:
    """Return the time that was found."""
    periods = [shown_span(period) for period in found.periods]
    return {
        "start": periods[0]["start"],
        "end": periods[-1]["end"],
        "average": round(found.average, 6),
        "periods": periods,
        "slots": shown_slots(found.slots),
    }


def _moment(call: ServiceCall, key: str, usual: datetime) -> datetime:
    """Return a moment of a call in UTC; without a zone it is of the local clock."""
    try:
        moment = dt_util.as_utc(call.data.get(key, usual))
        # What is reckoned with it has to be a moment too.
        _ = (moment - _LONGEST_AHEAD, moment + _LONGEST_AHEAD)
    except OverflowError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="moment_too_far"
        ) from err
    return moment


def _check_order(start: datetime, end: datetime) -> None:
    """Refuse a period that ends before it starts."""
    if end <= start:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="ends_before_start"
        )


@callback
def _async_coordinator(call: ServiceCall) -> PriceCoordinator:
    """Return the tariff of a call; without a device it is the only one there is."""
    loaded = [
        entry
        for entry in async_tariff_entries(call.hass)
        if entry.state is ConfigEntryState.LOADED
    ]
    if (device_id := call.data.get(ATTR_DEVICE_ID)) is not None:
        device = dr.async_get(call.hass).async_get(device_id)
        loaded = [
            entry
            for entry in loaded
            if device is not None and device.config_entry_id == entry.entry_id
        ]
    if len(loaded) == 1:
        return loaded[0].runtime_data
    if device_id is not None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_tariff",
            translation_placeholders={"device": device_id},
        )
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="several_tariffs" if loaded else "no_tariff",
    )
