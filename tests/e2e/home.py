"""A Home Assistant under test and the miners that were added to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.instance import HomeAssistantInstance

from .log import HomeAssistantLog
from .miners import Miner
from .waiting import until

DOMAIN = "miner_controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedMiner:
    """What Home Assistant made of a miner."""

    title: str
    entry_id: str
    device_id: str
    entity_ids: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Home:
    """A running Home Assistant, its API and its log."""

    instance: HomeAssistantInstance
    api: HomeAssistantApi
    log: HomeAssistantLog

    @property
    def url(self) -> str:
        """Return the address of the pages."""
        return self.instance.url

    async def entry(self, title: str) -> dict[str, Any]:
        """Return the config entry with a title."""
        entries = await self.api.command("config_entries/get", domain=DOMAIN)
        entry: dict[str, Any] = next(e for e in entries if e["title"] == title)
        return entry

    async def added(self, title: str) -> AddedMiner:
        """Return what was added with a title."""
        entry_id = (await self.entry(title))["entry_id"]
        devices = await self.api.command("config/device_registry/list")
        entities = await self.api.command("config/entity_registry/list")
        return AddedMiner(
            title=title,
            entry_id=entry_id,
            device_id=next(
                device["id"]
                for device in devices
                if entry_id in device["config_entries"]
            ),
            entity_ids={
                item["unique_id"].partition("_")[2]: item["entity_id"]
                for item in entities
                if item["config_entry_id"] == entry_id and not item["disabled_by"]
            },
        )

    @asynccontextmanager
    async def with_miner(self, address: str) -> AsyncIterator[AddedMiner]:
        """Add a miner over the API, to be polled often, and remove it in the end."""
        result = await self.api.add_miner(address)
        assert result["type"] == "create_entry", result
        async with self.removing(result["title"]) as entry_id:
            flows = "/api/config/config_entries/options/flow"
            flow = await self.api.post(flows, {"handler": entry_id})
            path = f"{flows}/{flow['flow_id']}"
            await self.api.post(path, {"next_step_id": "miner"})
            await self.api.post(path, {"poll_interval": 10})
            yield await self.added(result["title"])

    @asynccontextmanager
    async def removing(self, title: str) -> AsyncIterator[str]:
        """Remove a miner in the end, so that nobody asks it any more."""
        entry_id = (await self.entry(title))["entry_id"]
        try:
            yield entry_id
        finally:
            await self.api.delete(f"/api/config/config_entries/entry/{entry_id}")

    async def state(self, miner: AddedMiner, key: str) -> str:
        """Return the state of one of a miner's entities."""
        return await self.api.state(miner.entity_ids[key])

    async def until_state(
        self, miner: AddedMiner, key: str, wanted: str, seconds: float = 20
    ) -> None:
        """Wait for the state of one of a miner's entities."""

        async def reached() -> bool:
            return await self.state(miner, key) == wanted

        await until(reached, f"{key} of {miner.title} is {wanted}", seconds)

    async def discoveries(self) -> list[str]:
        """Return the flows of miners that were discovered."""
        flows = await self.api.command("config_entries/flow/progress")
        return [flow["flow_id"] for flow in flows if flow["handler"] == DOMAIN]

    async def dismiss_discoveries(self) -> None:
        """Have the miners forgotten that were discovered and not added."""
        for flow_id in await self.discoveries():
            await self.api.delete(f"/api/config/config_entries/flow/{flow_id}")

    async def issues(self) -> list[dict[str, Any]]:
        """Return the repairs that the integration asks for."""
        issues = (await self.api.command("repairs/list_issues"))["issues"]
        return [issue for issue in issues if issue["domain"] == DOMAIN]

    async def restart(self, between: Callable[[], Awaitable[None]]) -> None:
        """Restart the process, and do something while there is none."""
        await self.instance.stop()
        await between()
        await self.instance.start()
        await self.api.wait_until_running()


@dataclass(slots=True, kw_only=True)
class LateMiner:
    """A miner that was off when Home Assistant started."""

    added: AddedMiner
    device: Miner
    is_on: bool = False

    async def switch_on(self) -> None:
        """Give the miner its power back, at the same address."""
        if not self.is_on:
            await self.device.start(self.device.host, self.device.port)
            self.device.reboot()
            self.is_on = True
