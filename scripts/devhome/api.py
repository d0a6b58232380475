"""What a person does in Home Assistant's pages, over its API."""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
import time
from typing import Any, Self

import aiohttp

_START_SECONDS = 120

_ENTRIES = "/api/config/config_entries/entry"
_FLOWS = "/api/config/config_entries/flow"
_OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
_SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"

USER = "dev"
PASSWORD = "dev"  # noqa: S105


class HomeAssistantCommandError(Exception):
    """Home Assistant refused a WebSocket command."""


class HomeAssistantApi:
    """A logged-in client of a Home Assistant."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Initialize for an address; `log_in` comes next."""
        self._session = session
        self._url = url
        self._refresh_token = ""
        self._token = ""
        self._token_until = 0.0

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, url: str) -> Self:
        """Return a client that is logged in, as the owner of a new instance."""
        api = cls(session, url)
        code = await (api._create_owner() if await api._is_new() else api._log_in())
        await api._redeem({"grant_type": "authorization_code", "code": code})
        await api.wait_until_running()
        return api

    async def _is_new(self) -> bool:
        """Return whether there is no user yet. Later on nobody answers that."""
        try:
            steps = await self._json("GET", "/api/onboarding", anonymous=True)
        except aiohttp.ClientResponseError as err:
            if err.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return any(step["step"] == "user" and not step["done"] for step in steps)

    async def wait_until_running(self) -> None:
        """Wait until Home Assistant has started.

        It answers before that, and what is changed then is lost if it is stopped.
        """
        async with asyncio.timeout(_START_SECONDS):
            # Another process says so only when it is asked.
            while (await self.get("/api/config"))["state"] != "RUNNING":  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    @property
    def _client_id(self) -> str:
        return f"{self._url}/"

    async def _create_owner(self) -> str:
        """Create the first user and return the code for a token."""
        reply = await self._json(
            "POST",
            "/api/onboarding/users",
            {
                "client_id": self._client_id,
                "language": "en",
                "name": USER,
                "password": PASSWORD,
                "username": USER,
            },
            anonymous=True,
        )
        return str(reply["auth_code"])

    async def _log_in(self) -> str:
        """Log the user in and return the code for a token."""
        flow = await self._json(
            "POST",
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self._client_id,
            },
            anonymous=True,
        )
        reply = await self._json(
            "POST",
            f"/auth/login_flow/{flow['flow_id']}",
            {"client_id": self._client_id, "password": PASSWORD, "username": USER},
            anonymous=True,
        )
        return str(reply["result"])

    async def _redeem(self, grant: Mapping[str, str]) -> None:
        """Exchange a code or a refresh token for an access token."""
        async with self._session.post(
            f"{self._url}/auth/token", data={"client_id": self._client_id, **grant}
        ) as response:
            response.raise_for_status()
            tokens = await response.json()
        self._refresh_token = tokens.get("refresh_token", self._refresh_token)
        self._token = tokens["access_token"]
        # It is renewed early, so that none ends in the middle of something.
        self._token_until = time.monotonic() + tokens["expires_in"] / 2

    async def access_token(self) -> str:
        """Return a token that is valid."""
        if time.monotonic() > self._token_until:
            await self._redeem(
                {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
            )
        return self._token

    async def _json(
        self, method: str, path: str, data: Any = None, *, anonymous: bool = False
    ) -> Any:
        """Return the JSON that a request is answered with."""
        headers = (
            {}
            if anonymous
            else {"Authorization": f"Bearer {await self.access_token()}"}
        )
        async with self._session.request(
            method, f"{self._url}{path}", json=data, headers=headers
        ) as response:
            response.raise_for_status()
            return await response.json()

    async def get(self, path: str) -> Any:
        """Return what is at a path."""
        return await self._json("GET", path)

    async def post(self, path: str, data: Mapping[str, Any]) -> Any:
        """Send data to a path and return the answer."""
        return await self._json("POST", path, data)

    async def delete(self, path: str) -> Any:
        """Delete what is at a path and return the answer."""
        return await self._json("DELETE", path)

    async def command(self, kind: str, **data: Any) -> Any:
        """Send a WebSocket command and return its result.

        Raises HomeAssistantCommandError where Home Assistant refuses it.
        """
        async with self._session.ws_connect(f"{self._url}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json(
                {"type": "auth", "access_token": await self.access_token()}
            )
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind, **data})
            reply = await socket.receive_json()
        if not reply["success"]:
            raise HomeAssistantCommandError(reply["error"]["message"])
        return reply["result"]

    async def state(self, entity_id: str) -> str:
        """Return the state of an entity."""
        return str((await self.get(f"/api/states/{entity_id}"))["state"])

    async def call(self, action: str, **data: Any) -> None:
        """Call an action such as "button.press"."""
        await self.post(f"/api/services/{action.replace('.', '/')}", data)

    async def count_entities(self, key: str) -> int:
        """Return how many entities of the integration there are of a kind."""
        entities = await self.command("config/entity_registry/list")
        return sum(
            entity["platform"] == "miner_controller"
            and entity["unique_id"].partition("_")[2] == key
            for entity in entities
        )

    async def remove_entries(self) -> None:
        """Remove all miners, tariffs and the fleet."""
        for entry in await self.get(f"{_ENTRIES}?domain=miner_controller"):
            await self.delete(f"{_ENTRIES}/{entry['entry_id']}")

    async def add_miner(self, address: str) -> Mapping[str, Any]:
        """Add a miner as the user would and return how the flow ended.

        One that was added before, at another address, is from now on at this one.
        """
        result = await self._add("address", {"host": address})
        if result.get("step_id") == "update_address":
            result = await self.post(f"{_FLOWS}/{result['flow_id']}", {})
        return result

    async def add_prices(self, region: str, url: str = "") -> Mapping[str, Any]:
        """Add the prices of a region and return how the flow ended.

        A tariff that is there already is set to the address, or to the real service
        without one.
        """
        form = {"region": region, "more": {"url": url} if url else {}}
        result = await self._add("prices", form)
        if result.get("reason") != "tariff_configured":
            return result
        for entry in await self.get(f"{_ENTRIES}?domain=miner_controller"):
            if "cheap_window" in entry["supported_subentry_types"]:
                flow = await self.post(
                    _FLOWS,
                    {"handler": "miner_controller", "entry_id": entry["entry_id"]},
                )
                result = await self.post(f"{_FLOWS}/{flow['flow_id']}", form)
        return result

    async def add_window(
        self, entry_id: str, name: str, **form: Any
    ) -> Mapping[str, Any]:
        """Add a cheap window to a tariff and return how the flow ended."""
        flow = await self.post(_SUBENTRY_FLOWS, {"handler": [entry_id, "cheap_window"]})
        usual = {"split": True, "minimum_run": 30, "unknown": "off"}
        result: Mapping[str, Any] = await self.post(
            f"{_SUBENTRY_FLOWS}/{flow['flow_id']}", {"name": name, **usual, **form}
        )
        return result

    async def add_fleet(self) -> Mapping[str, Any]:
        """Add the fleet and return how the flow ended.

        It does not know the Bitcoin network at first: the public service is not asked.
        """
        return await self._add("fleet", {"network": False})

    async def set_network(self, url: str) -> Mapping[str, Any]:
        """Have the fleet know the Bitcoin network from an address.

        Return how the flow ended, also where the network was known before.
        """
        entries = await self.get(f"{_ENTRIES}?domain=miner_controller")
        fleet = next(
            each for each in entries if "pool" in each["supported_subentry_types"]
        )
        flow = await self.post(_OPTIONS_FLOWS, {"handler": fleet["entry_id"]})
        path = f"{_OPTIONS_FLOWS}/{flow['flow_id']}"
        await self.post(path, {"next_step_id": "network"})
        result: Mapping[str, Any] = await self.post(path, {"enabled": True, "url": url})
        return result

    async def set_economics(self, title: str, **form: Any) -> Mapping[str, Any]:
        """Tell what is known of a miner's costs and earnings."""
        return await self._change(title, "economics", form)

    async def set_plan(self, title: str, **form: Any) -> Mapping[str, Any]:
        """Give a miner a plan. All that is not in the form stays as it is shown."""
        return await self._change(title, "plan", form)

    async def _change(
        self, title: str, step: str, form: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Fill in a form of a miner's options, and return how the flow ended."""
        entries = await self.get(f"{_ENTRIES}?domain=miner_controller")
        entry = next(each for each in entries if each["title"] == title)
        flow = await self.post(_OPTIONS_FLOWS, {"handler": entry["entry_id"]})
        path = f"{_OPTIONS_FLOWS}/{flow['flow_id']}"
        shown = await self.post(path, {"next_step_id": step})
        result: Mapping[str, Any] = await self.post(
            path, {**_suggested(shown["data_schema"]), **form}
        )
        return result

    async def add_pool(
        self, entry_id: str, name: str, url: str, **form: Any
    ) -> Mapping[str, Any]:
        """Add a pool to the fleet and return how the flow ended."""
        flow = await self.post(_SUBENTRY_FLOWS, {"handler": [entry_id, "pool"]})
        path = f"{_SUBENTRY_FLOWS}/{flow['flow_id']}"
        usual = {
            "worker": "bc1qexample.{miner}",
            "priority": 10,
            "weight": 1,
            "more": {"probe_unused": True, "wait_for_work": False},
            "statistics": {},
        }
        form = {"name": name, "url": url, **usual, **form}
        result: Mapping[str, Any] = await self.post(path, form)
        if result["type"] == "form" and result["errors"].keys() == {"url"}:
            # It does not answer, which it is kept in spite of.
            result = await self.post(path, {**form, "save_anyway": True})
        if result["type"] == "menu":
            result = await self.post(path, {"next_step_id": "save"})
        return result

    async def _add(self, step: str, form: Mapping[str, Any]) -> Mapping[str, Any]:
        """Choose what to add, fill the form in, and return how the flow ended."""
        flow = await self.post(_FLOWS, {"handler": "miner_controller"})
        path = f"{_FLOWS}/{flow['flow_id']}"
        result: Mapping[str, Any] = await self.post(path, {"next_step_id": step})
        # What there can be one of only has no form the second time.
        return await self.post(path, form) if result["type"] == "form" else result


def _suggested(fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a form is filled in with when it is opened."""
    found: dict[str, Any] = {}
    for field in fields:
        if "schema" in field:
            found[field["name"]] = _suggested(field["schema"])
        elif "suggested_value" in field.get("description", {}):
            found[field["name"]] = field["description"]["suggested_value"]
    return found
