"""Diagnostics of what a miner costs and earns, and of what its modes do."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import MODE_ON
from ..miner.mode_choice import modes_by_power
from ..miner.work_mode import work_modes
from ..planning.nominal_modes import best_known, nominal_modes
from ..planning.plan_model import OFF
from ..protocols.model import WorkMode
from .coordinator import MinerEconomics
from .runtime import async_economics


def economics_diagnostics(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Return what the costs and the earnings of a miner follow from."""
    if (economics := async_economics(hass, entry.entry_id)) is None:
        return {}
    data = economics.data
    network = data.network
    return {
        "currency": data.currency,
        "cost_currency": data.cost_currency,
        "cost_total": data.cost_total,
        "unpriced_energy": economics.account.ledger.unpriced_energy,
        "price": data.price,
        "power": economics.power,
        "hashrate": data.hashrate,
        "reject_rate": data.terms.reject_rate,
        "heat_value": data.terms.heat_value,
        "difficulty": network and network.difficulty,
        "reward": network and network.reward,
        "bitcoin_price": network and network.bitcoin_price,
        "mode": economics.mode,
        "modes": mode_table(economics),
    }


def mode_table(economics: MinerEconomics) -> list[dict[str, Any]]:
    """Return what is known of each mode and of being off, a row a mode.

    What was learned has the number of readings it is from; the rest is what the model
    does nominally. Hashrate in H/s, power in W.
    """
    miner = economics.miner
    options, capabilities = miner.config_entry.options, miner.capabilities
    pairs = work_modes(options, capabilities) if capabilities.work_modes else {}
    names = modes_by_power(options, capabilities) or (MODE_ON,)
    modes: dict[str, WorkMode | None] = {name: pairs.get(name) for name in names}
    nominal = nominal_modes(
        miner.identity,
        {OFF: None, **modes},
        miner.data if miner.answered else None,
        power_draw=miner.power_draw,
    )
    learned = economics.learner.figures(economics.settings)
    rows = []
    for name, figures in best_known(nominal, learned).items():
        known = learned.get(name)
        rows.append(
            {
                "mode": name,
                "hashrate": figures.hashrate,
                "power": figures.power,
                "learned": figures.learned,
                "samples": known.samples if known else 0,
                "updated": known.updated.isoformat() if known else None,
            }
        )
    return rows
