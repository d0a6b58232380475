"""The action that tells what plans would have cost and earned."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_MODE
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN
from ..economics.coordinator import MinerEconomics
from ..economics.runtime import async_economics
from ..economics.tariff import async_tariff_of
from ..miner.entries import async_miner_entries
from ..planning.backtest import Backtest, BacktestRequest, past_slots, simulate
from ..planning.backtest_slots import last_given
from ..planning.slots import Slot, day_span
from ..prices.actions import async_slots
from .simulated import Wishes, async_request
from .simulation_shown import shown_simulation

SERVICE_SIMULATE_PLAN: Final = "simulate_plan"

ATTR_BUDGET: Final = "budget"
ATTR_DAYS: Final = "days"
ATTR_EARLIEST: Final = "earliest"
ATTR_END: Final = "end"
ATTR_HOURS: Final = "hours"
ATTR_LATEST: Final = "latest"
ATTR_PRICE: Final = "price"
ATTR_PRICE_LIMIT: Final = "price_limit"
ATTR_SLOTS: Final = "slots"
ATTR_START: Final = "start"

# Past prices are kept for a year and a day.
_MOST_DAYS: Final = 365
_LONGEST: Final = timedelta(days=_MOST_DAYS + 1)
_MOST_SLOTS: Final = 20_000

# A year of budgets takes a minute or two, and more on a small computer.
_LONGEST_TIME: Final = 300.0

# Each simulation keeps a processor busy.
_LOCK: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_simulate_plan")

_PRICE: Final = probatio.All(
    probatio.Coerce(float), probatio.Range(min=-1000, max=1000)
)
SIMULATE_PLAN_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): cv.string,
        probatio.Optional(ATTR_DAYS, default=30): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=_MOST_DAYS)
        ),
        probatio.Optional(ATTR_SLOTS): probatio.All(
            probatio.Length(min=1, max=_MOST_SLOTS),
            [
                probatio.Schema(
                    {
                        probatio.Required(ATTR_START): cv.datetime,
                        probatio.Required(ATTR_END): cv.datetime,
                        probatio.Required(ATTR_PRICE): _PRICE,
                    }
                )
            ],
        ),
        probatio.Optional(ATTR_BUDGET): probatio.All(
            probatio.Coerce(float), probatio.Range(min=0, max=1_000_000)
        ),
        probatio.Optional(ATTR_HOURS): probatio.All(
            probatio.Coerce(float), probatio.Range(min=0, min_included=False, max=24)
        ),
        probatio.Optional(ATTR_MODE): cv.string,
        probatio.Optional(ATTR_EARLIEST): cv.time,
        probatio.Optional(ATTR_LATEST): cv.time,
        probatio.Optional(ATTR_PRICE_LIMIT): _PRICE,
    }
)


@callback
def async_setup_simulate_action(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SIMULATE_PLAN,
        _async_simulate_plan,
        schema=SIMULATE_PLAN_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_simulate_plan(call: ServiceCall) -> ServiceResponse:
    """Return what each goal, and each way without a plan, would have come to."""
    hass = call.hass
    economics = _async_economics(call)
    if ATTR_SLOTS in call.data:
        slots, start, end = await hass.async_add_executor_job(
            _given_slots, call.data[ATTR_SLOTS]
        )
        currency = hass.config.currency
    else:
        slots, start, end, currency = await _async_past_slots(call, economics)
    if not slots:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_prices_then"
        )
    request = async_request(economics, _wishes(call), currency)
    async with hass.data.setdefault(_LOCK, asyncio.Lock()):
        time_is_up = Event()
        timer = hass.loop.call_later(_LONGEST_TIME, time_is_up.set)
        try:
            tried, request = await hass.async_add_executor_job(
                partial(_simulate, hass, request, slots, start, end, time_is_up)
            )
        finally:
            timer.cancel()
    return shown_simulation(economics, request, tried, currency, start, end)


def _simulate(
    hass: HomeAssistant,
    request: BacktestRequest,
    slots: tuple[Slot, ...],
    start: datetime,
    end: datetime,
    time_is_up: Event,
) -> tuple[Backtest, BacktestRequest]:
    """Try everything, unless it takes too long or Home Assistant is to stop."""
    request = request.with_slots(past_slots(slots, start, end, request.zone))
    tried = simulate(request, lambda: not (hass.is_stopping or time_is_up.is_set()))
    return tried, request


@callback
def _async_economics(call: ServiceCall) -> MinerEconomics:
    """Return what the miner of a call costs and earns."""
    device_id = call.data[ATTR_DEVICE_ID]
    device = dr.async_get(call.hass).async_get(device_id)
    entry = next(
        (
            entry
            for entry in async_miner_entries(call.hass)
            if device is not None and entry.entry_id == device.config_entry_id
        ),
        None,
    )
    if entry is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_miner",
            translation_placeholders={"device": device_id},
        )
    if (economics := async_economics(call.hass, entry.entry_id)) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="miner_not_loaded",
            translation_placeholders={"miner": entry.title},
        )
    return economics


def _wishes(call: ServiceCall) -> Wishes:
    """Return the numbers that a call has."""
    data = call.data
    return Wishes(
        budget=data.get(ATTR_BUDGET),
        hours=timedelta(hours=data[ATTR_HOURS]) if ATTR_HOURS in data else None,
        mode=data.get(ATTR_MODE),
        earliest=data.get(ATTR_EARLIEST),
        latest=data.get(ATTR_LATEST),
        price_limit=data.get(ATTR_PRICE_LIMIT),
    )


async def _async_past_slots(
    call: ServiceCall, economics: MinerEconomics
) -> tuple[tuple[Slot, ...], datetime, datetime, str]:
    """Return the prices of whole days until today, and their currency."""
    tariff = async_tariff_of(call.hass, economics.miner.config_entry)
    if tariff is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_tariff"
        )
    now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
    start = day_span(now, zone, -call.data[ATTR_DAYS]).start
    end = day_span(now, zone).start
    slots = await async_slots(tariff, start, end, now)
    return slots, start, end, tariff.tariff.currency


def _given_slots(
    given: list[dict[str, Any]],
) -> tuple[tuple[Slot, ...], datetime, datetime]:
    """Return the slots of a call, in order, and where they begin and end.

    A time without a zone is one of the local clock. There may be many thousands, so
    this is done in a thread.
    """
    slots = last_given([_given_slot(slot) for slot in given])
    start, end = slots[0].start, slots[-1].end
    if end - start > _LONGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_long_a_simulation",
            translation_placeholders={"days": str(_LONGEST.days)},
        )
    return slots, start, end


def _given_slot(given: dict[str, Any]) -> Slot:
    """Return a slot of a call."""
    try:
        start, end = dt_util.as_utc(given[ATTR_START]), dt_util.as_utc(given[ATTR_END])
        # What is reckoned with them has to be moments too.
        _ = (start - _LONGEST, end + _LONGEST)
    except OverflowError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="moment_too_far"
        ) from err
    try:
        return Slot(start=start, end=end, price=given[ATTR_PRICE])
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="ends_before_start"
        ) from err
