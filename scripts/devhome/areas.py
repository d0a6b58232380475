"""The areas of the simulated home, with its miners in them."""

from collections.abc import Mapping

from scripts.devhome.api import HomeAssistantApi

# The areas and the names of the miners in each.
AREAS = {
    "Ground floor": ("kitchen", "hall", "porch"),
    "Upstairs": ("office", "study", "bedroom", "landing"),
    "Attic": ("attic", "loft"),
    "Outbuildings": ("garage", "workshop"),
}


async def place_miners(api: HomeAssistantApi, titles: Mapping[str, str]) -> None:
    """Put miners into their areas, by their names and the titles of their entries.

    The others stay without an area, as some do in every home.
    """
    entries = await api.command("config_entries/get", domain="miner_controller")
    entry_ids = {entry["title"]: entry["entry_id"] for entry in entries}
    devices = {
        entry_id: device["id"]
        for device in await api.command("config/device_registry/list")
        for entry_id in device["config_entries"]
    }
    for area, names in AREAS.items():
        if not any(name in titles for name in names):
            continue
        area_id = await _area_id(api, area)
        for name in names:
            if name in titles:
                await api.command(
                    "config/device_registry/update",
                    device_id=devices[entry_ids[titles[name]]],
                    area_id=area_id,
                )


async def _area_id(api: HomeAssistantApi, name: str) -> str:
    """Return the id of an area, which is made if it is not there."""
    areas = await api.command("config/area_registry/list")
    found = [area["area_id"] for area in areas if area["name"] == name]
    if found:
        return str(found[0])
    return str((await api.command("config/area_registry/create", name=name))["area_id"])
