"""The dashboard of the integration, as somebody would create it by a click."""

from scripts.devhome.api import HomeAssistantApi

URL_PATH = "miner-controller"


async def create_dashboard(api: HomeAssistantApi) -> None:
    """Create the dashboard, or leave the one that is there."""
    dashboards = await api.command("lovelace/dashboards/list")
    if any(item["url_path"] == URL_PATH for item in dashboards):
        return
    await api.command(
        "lovelace/dashboards/create",
        icon="mdi:pickaxe",
        mode="storage",
        title="Miners",
        url_path=URL_PATH,
    )
    await api.command(
        "lovelace/config/save",
        url_path=URL_PATH,
        config={"strategy": {"type": "custom:miner-controller"}},
    )
