"""How long the event loop is busy while 100 miners get new plans, in a whole home.

    .venv-latest/bin/python -m benchmarks.replan

Plans are made in a thread; the event loop gathers what they follow from, and shows
them. The least that showing takes is to tell the entities of each plan that there is
one: that is the floor, measured in the same run. All times are CPU time.
"""

import asyncio
import os
from pathlib import Path
import socket
import sys
import tempfile
from types import MappingProxyType

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_REGION, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from benchmarks.cpu import cpu_seconds
from benchmarks.home import add_miners, start_home
from benchmarks.server import serving
from custom_components.miner_controller.const import (
    CONF_PLAN,
    CONF_PRODUCT,
    CONF_TARIFF,
    DOMAIN,
)
from custom_components.miner_controller.miner.entries import async_miner_entries
from custom_components.miner_controller.plan.coordinator import MinerPlan
from custom_components.miner_controller.plan.keeper import (
    PlanKeeper,
    async_plan_keeper,
)
from custom_components.miner_controller.plan.order import PlanOrder
from custom_components.miner_controller.plan.shown import shown_course
from custom_components.miner_controller.planning.plan_together import plan_together
from custom_components.miner_controller.prices.entries import TARIFF_OCTOPUS_AGILE
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from simulator.octopus.products import CURRENT

_MINERS = 100
# What the project aims at: the most floors that are good enough.
_AIM = 2.5


async def _add_prices(
    hass: HomeAssistant, prices: OctopusServer, network: MempoolServer
) -> None:
    """Add a tariff, and a fleet that knows what mining earns."""
    await hass.config.async_update(currency="GBP")
    await hass.config_entries.async_add(
        ConfigEntry(
            data={
                CONF_TARIFF: TARIFF_OCTOPUS_AGILE,
                CONF_REGION: "C",
                CONF_PRODUCT: CURRENT,
                CONF_URL: prices.url,
            },
            discovery_keys=MappingProxyType({}),
            domain=DOMAIN,
            minor_version=1,
            options={},
            source="user",
            subentries_data=[],
            title="Agile",
            unique_id="octopus_C",
            version=1,
        )
    )
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": "user"})
    await flow.async_configure(result["flow_id"], {"next_step_id": "fleet"})
    result = await flow.async_configure(result["flow_id"], {})
    hass.config_entries.async_update_entry(
        result["result"],
        options={"network": {"enabled": True, "url": network.url}},
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def _add_plans(hass: HomeAssistant) -> PlanKeeper:
    """Give each miner a goal, and wait for the plans."""
    for entry in async_miner_entries(hass):
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, CONF_PLAN: {"goal": "profit"}}
        )
        await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return await async_plan_keeper(hass)


def _orders(keeper: PlanKeeper) -> dict[MinerPlan, PlanOrder]:
    """Return what new plans for all miners follow from."""
    now = dt_util.utcnow()
    asked = {plan: plan.async_order(now, anew=True) for plan in keeper.plans.values()}
    return {plan: order for plan, order in asked.items() if order is not None}


async def _measure() -> int:
    """Print the costs; return 1 if they are above the aim."""
    with (
        serving("axeos", _MINERS) as ports,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        async with OctopusServer() as prices, MempoolServer() as network:
            hass = await start_home(Path(folder), recorder=False)
            await _add_prices(hass, prices, network)
            await add_miners(hass, ports)
            keeper = await _add_plans(hass)
            orders = _orders(keeper)
            made = {
                plan: plan_together([order.request], None)[0]
                for plan, order in orders.items()
            }
            shown = {
                plan: (each, shown_course(each.slots)) for plan, each in made.items()
            }
            slots = sum(len(each.slots) for each in made.values())

            def replan() -> None:
                """Do what the event loop does of new plans for all miners."""
                for plan, order in _orders(keeper).items():
                    plan.async_take(shown[plan], order)

            def tell() -> None:
                """Tell the entities of all plans."""
                for plan in orders:
                    plan.async_update_listeners()

            cost, least = cpu_seconds(replan, 10), cpu_seconds(tell, 10)
            await hass.async_stop(force=True)
    missed = cost / least > _AIM
    print(
        f"{len(orders)} plans of {slots / max(len(orders), 1):.0f} slots: "
        f"{cost * 1e3:.1f} ms  floor {least * 1e3:.1f} ms  {cost / least:.2f} x  "
        f"aim ≤ {_AIM}: {'MISSED' if missed else 'kept'}"
    )
    return int(missed)


def main() -> int:
    """Measure in a Home Assistant of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        os.environ["SETUP_PORT"] = str(free.getsockname()[1])
    return asyncio.run(_measure())


if __name__ == "__main__":
    sys.exit(main())
