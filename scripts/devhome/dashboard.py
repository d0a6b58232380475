"""A dashboard of miners, pools and prices, out of Home Assistant's own cards."""

from collections.abc import Iterable, Mapping
from typing import Any

from scripts.devhome.api import HomeAssistantApi

URL_PATH = "dev-miners"

# What is worth a look at once, by the end of its unique id.
_TILES = (
    *("hashrate", "temperature", "power", "efficiency", "shares_accepted"),
    *("planned_mode", "plan_followed", "break_even_price", "profit", "cost_today"),
    *(
        "current_price",
        "next_price",
        "price_rank",
        "cheapest_slot",
        "tomorrow_published",
    ),
    *("active", "next_start", "average_price"),
    *("total_hashrate", "total_power", "miners_online", "miners_needing_attention"),
    *("hottest_chip", "best_difficulty", "reachable", "response_time", "miners"),
    *("bitcoin_price", "hashprice", "total_profit", "total_cost_today"),
)

# What can be chosen on the dashboard itself.
_CHOICES = ("mode", "pool")


async def create_dashboard(api: HomeAssistantApi) -> None:
    """Create the dashboard, or bring the one that is there up to date."""
    dashboards = await api.command("lovelace/dashboards/list")
    if not any(item["url_path"] == URL_PATH for item in dashboards):
        await api.command(
            "lovelace/dashboards/create",
            icon="mdi:pickaxe",
            mode="storage",
            title="Miners",
            url_path=URL_PATH,
        )
    devices = await api.command("config/device_registry/list")
    entities = await api.command("config/entity_registry/list")
    ours = [item for item in entities if item["platform"] == "miner_controller"]
    sections = [
        _section(device, (e for e in ours if e["device_id"] == device["id"]))
        # Prices come before the miners that follow them.
        for device in sorted(devices, key=lambda each: each["entry_type"] is None)
        if any(e["device_id"] == device["id"] for e in ours)
    ]
    await api.command(
        "lovelace/config/save",
        url_path=URL_PATH,
        config={
            "views": [{"title": "Miners", "type": "sections", "sections": sections}]
        },
    )


def _section(
    device: Mapping[str, Any], entities: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the section of a miner, a pool, a tariff or whatever else is a device."""
    by_key = {item["unique_id"].partition("_")[2]: item for item in entities}
    cards: list[dict[str, Any]] = [
        {"type": "heading", "heading": device["name_by_user"] or device["name"]}
    ]
    cards += [
        {"type": "tile", "entity": by_key[key]["entity_id"], "name": {"type": "entity"}}
        for key in _TILES
        if key in by_key
    ]
    cards += [
        {
            "type": "tile",
            "entity": by_key[key]["entity_id"],
            "features": [{"type": "select-options"}],
            "name": {"type": "entity"},
        }
        for key in _CHOICES
        if key in by_key
    ]
    return {"type": "grid", "cards": cards}
