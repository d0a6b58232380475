"""Knows what one miner costs and earns. Nothing is asked: all of it is told anyway."""

from datetime import datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfPower
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import PowerConverter

from ..const import LOGGER
from ..miner.coordinator import MinerConfigEntry, MinerCoordinator
from ..miner.drawn_power import count_energy, drawn_power
from ..miner.energy import EnergyMeter
from ..planning import economics
from ..planning.economics import Network, Terms
from ..planning.energy_cost import hour_start
from ..planning.mode_learning import ModeLearner
from ..planning.plan_model import OFF
from ..planning.slots import slot_at
from ..prices.coordinator import PriceConfigEntry
from ..protocols.model import MinerStatus
from .figures import Economics
from .memory import Account
from .options import EconomicsOptions
from .present_mode import present_mode, present_settings
from .tariff import prices_of, tariff_among

if TYPE_CHECKING:
    from .bookkeeper import Bookkeeper

# One share in a few says nothing of how many of them are rejected.
_ENOUGH_SHARES = 100


class MinerEconomics(DataUpdateCoordinator[Economics]):
    """What one miner costs and earns, with each of its polls and with other prices."""

    config_entry: MinerConfigEntry

    def __init__(
        self, miner: MinerCoordinator, account: Account, keeper: Bookkeeper
    ) -> None:
        """Initialize with what was kept."""
        entry = miner.config_entry
        super().__init__(miner.hass, LOGGER, config_entry=entry, name=entry.title)
        self.miner = miner
        self.options = EconomicsOptions.of(entry)
        self.account = account
        self.tariff_entry: PriceConfigEntry | None = None
        """The tariff that the miner's power is bought with, set up or not."""
        self.power: float | None = None
        """What the miner draws in W, also known while its switch keeps it off."""
        self.mode: str | None = None
        """See `present_mode`."""
        self._keeper = keeper
        self._meter = EnergyMeter()
        self._counted_at = 0.0
        self._was_metered = False
        self._uptime: float | None = None
        self._reject_rate = 0.0

    @property
    def learner(self) -> ModeLearner:
        """Return what the miner's modes really do."""
        return self.account.learner

    @property
    def settings(self) -> dict[str, str] | None:
        """Return what the modes are set to, for `ModeLearner.figures`."""
        return present_settings(self.miner) or None

    @property
    def terms(self) -> Terms:
        """Return on what terms the miner mines."""
        return Terms(
            pool_fee=self.options.pool_fee,
            reject_rate=self._reject_rate,
            heat_value=self.options.heat_value,
        )

    @property
    def network(self) -> Network | None:
        """Return what the network asks for and pays, None where it is not known."""
        return self._keeper.network

    def cost_between(self, start: datetime, end: datetime) -> float | None:
        """Return what the miner has cost in a time of the last 25 hours."""
        return self.account.ledger.cost_between(start, end)

    def spent_today(self, now: datetime) -> float | None:
        """Return what the miner has cost since the local midnight."""
        return self.account.ledger.today(now, dt_util.get_default_time_zone())

    @callback
    def async_start(self) -> None:
        """Follow the miner from now on."""
        self.async_find_tariff(self._keeper.tariffs)
        self._keeper.async_pay(self.account)
        now = dt_util.utcnow()
        self._read(now)
        self.data = self._figures(now)
        self.config_entry.async_on_unload(
            self.miner.async_add_listener(self._async_polled)
        )

    @callback
    def async_find_tariff(self, tariffs: list[PriceConfigEntry]) -> None:
        """Find the miner's tariff among those that there are now, and its prices."""
        self.tariff_entry = tariff_among(tariffs, self.options.tariff)
        if self.tariff_entry is not None:
            self.account.tariff = self.tariff_entry.entry_id
        if (prices := prices_of(self.tariff_entry)) is not None:
            self.account.use_currency(prices.tariff.currency)

    @callback
    def async_look(self, now: datetime) -> None:
        """Show what holds now."""
        self.async_set_updated_data(self._figures(now))

    @callback
    def _async_polled(self) -> None:
        """Take in what the miner tells, or that it does not answer."""
        now = dt_util.utcnow()
        changed = self._read(now)
        self.async_look(now)
        if changed:
            self._keeper.async_keep()

    def _read(self, now: datetime) -> bool:
        """Count the energy since the last poll, and learn what the mode does.

        Return whether there is anything new to be kept.
        """
        self.power = drawn_power(self.miner)
        self._was_metered |= self.power is not None
        self.mode = present_mode(self.miner)
        at = self.hass.loop.time()
        energy = count_energy(self._meter, self.miner)
        start = now - timedelta(seconds=at - self._counted_at)
        self._counted_at = at
        counted = bool(energy) and self.account.currency is not None
        if counted and self.tariff_entry:
            prices = prices_of(self.tariff_entry)
            self.account.ledger.add(
                start, now, energy, prices.slots if prices else (), solar=self._solar()
            )
        return self._learn(now) or counted

    def _learn(self, now: datetime) -> bool:
        """Learn what the mode does, unless the miner does not do what it is set to.

        Return whether anything was learned.
        """
        miner, mode = self.miner, self.mode
        if miner.powered_off:
            self._uptime = None
            return self.learner.add(OFF, 0.0, 0.0, now)
        if not (miner.last_update_success and miner.answered):
            return self.learner.add(None, None, None, now)
        status = miner.data
        if status.reject_rate is not None and _shares(status) >= _ENOUGH_SHARES:
            self._reject_rate = status.reject_rate / 100
        uptime, self._uptime = self._uptime, status.uptime
        if uptime is not None and status.uptime is not None and status.uptime < uptime:
            mode = None
        if mode == OFF:
            return self.learner.add(OFF, 0.0, status.power, now)
        if mode is None or not miner.hashing:
            return self.learner.add(None, None, None, now)
        setting = present_settings(miner).get(mode, "")
        return self.learner.add(
            mode, status.hashrate, status.power, now, setting=setting
        )

    def _solar(self) -> tuple[float, float] | None:
        """Return what own surplus is worth, and its share of the miners' power."""
        options = self.options
        if (
            options.solar_price is None
            or options.export_sensor is None
            or self.account.currency != self.hass.config.currency
            or (exported := self._exported_power(options.export_sensor)) is None
        ):
            return None
        return (
            options.solar_price,
            economics.solar_share(exported, self._keeper.power_drawn),
        )

    def _exported_power(self, entity_id: str) -> float | None:
        """Return the power in W that a sensor tells, None where it tells none.

        Also "nan" and "1e400" can be read as numbers.
        """
        if (state := self.hass.states.get(entity_id)) is None:
            return None
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UnitOfPower.WATT)
        try:
            power = PowerConverter.convert(float(state.state), unit, UnitOfPower.WATT)
        except HomeAssistantError, ValueError:
            return None
        return power if isfinite(power) else None

    def _figures(self, now: datetime) -> Economics:
        """Return what the miner costs and earns now."""
        zone = dt_util.get_default_time_zone()
        network, terms = self.network, self.terms
        hashrate, price = self._hashrate(), self._price(now)
        shown: dict[str, Any] = {}
        ledger = self.account.ledger
        # It is not known to cost nothing where nobody ever knew what it draws.
        is_counted = self._was_metered or ledger.total or ledger.unpriced_energy
        if (currency := self.account.currency) is not None and is_counted:
            shown |= {
                "cost_total": ledger.total,
                "cost_today": ledger.today(now, zone),
                "cost_this_hour": ledger.this_hour(now, zone),
            }
        if network is not None and hashrate is not None:
            shown |= {
                "sats_per_day": economics.sats_per_day(hashrate, network, terms),
                "revenue_per_day": economics.revenue_per_day(hashrate, network, terms),
            }
            drawn = self.power
            if drawn is None and self.mode == OFF:
                # Asleep, some tell no power. A plan too takes it to be next to nothing.
                drawn = 0.0
            if drawn is not None:
                shown["profit_per_hour"] = economics.profit_per_hour(
                    hashrate, drawn, price, network, terms
                )
        power = None
        if hashrate and self.mode != OFF:
            rate, power = self._mode_figures(hashrate)
            if network is not None and power is not None:
                shown["break_even_price"] = economics.break_even_price(
                    rate, power, network, terms
                )
        return Economics(
            currency=self.hass.config.currency,
            cost_currency=currency,
            day=dt_util.start_of_local_day(dt_util.as_local(now)),
            hour=hour_start(now, zone),
            hashrate=hashrate,
            network=network,
            price=price,
            power=power,
            terms=terms,
            **shown,
        )

    def _hashrate(self) -> float | None:
        """Return the hashrate in H/s that earns something, None while it is not known.

        What a miner does on average is steadier than what it does now, and no less true
        unless it does nothing now.
        """
        if self.miner.powered_off:
            return 0.0
        if not (self.miner.last_update_success and self.miner.answered):
            return None
        if self.miner.hashing is False:
            return 0.0
        status = self.miner.data
        return status.hashrate_average or status.hashrate

    def _mode_figures(self, hashrate: float) -> tuple[float, float | None]:
        """Return hashrate and power of the present mode, as learned if possible."""
        if self.mode is not None:
            learned = self.learner.figures(self.settings).get(self.mode)
            if learned is not None and learned.hashrate and learned.power:
                return learned.hashrate, learned.power
        return hashrate, self.power

    def _price(self, now: datetime) -> float | None:
        """Return what one more kWh costs now, None where that is not known.

        That of a tariff in another currency than the home's says nothing here.
        """
        prices = prices_of(self.tariff_entry)
        if prices is None or prices.tariff.currency != self.hass.config.currency:
            return None
        slot = slot_at(prices.slots, now)
        price = None if slot is None else slot.price
        if (solar := self._solar()) is None:
            return price
        return economics.marginal_price(price, *solar)


def _shares(status: MinerStatus) -> int:
    """Return how many shares the pool has judged."""
    return (status.shares_accepted or 0) + (status.shares_rejected or 0)
