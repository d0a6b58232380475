"""An NMMiner with firmware 2, which speaks HTTP and JSON."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
import json
from typing import Any, override

from aiohttp import web

from simulator.clock import Clock
from simulator.device import RESTART_SECONDS
from simulator.firmware import parse_version
from simulator.http_device import Handler, HttpDevice, json_reply, text_reply
from simulator.nmminer.boards import BOARDS
from simulator.nmminer.http_fields import alive, probe, system_info
from simulator.nmminer.http_settings import GROUPS, change, show
from simulator.nmminer.settings import WIFI_KEYS, http_settings
from simulator.nmminer.state import NMMinerState, default_hostname
from simulator.physics import RigModel
from simulator.wire import JsonObject

HTTP_FIRMWARES = ("2.0.01", "2.0.04")

RECONNECT_SECONDS = 60.0
_SETTING_PATH = "/api/setting/"
_PAGE = "<!DOCTYPE html><title>NMMiner</title>"


class NMMinerHttpDevice(HttpDevice):
    """One simulated NMMiner with firmware 2.

    New pools are stored at once. One document says that they are used from the next
    connection to the pool on, another from the next boot on: here it connects anew
    after a minute, unless it boots before. Its settings of the market and of the
    weather are left out.
    """

    family = "nmminer"

    def __init__(
        self,
        *,
        board: str = "cydc5",
        firmware: str = "2.0.04",
        seed: int = 1,
        clock: Clock | None = None,
        hostname: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Plug in a board, with the settings of older firmware if it was updated."""
        if board not in BOARDS:
            msg = f"no NMMiner board {board!r}; there are {', '.join(BOARDS)}"
            raise ValueError(msg)
        if firmware not in HTTP_FIRMWARES:
            known = ", ".join(HTTP_FIRMWARES)
            msg = f"no NMMiner firmware {firmware!r} with HTTP; there are {known}"
            raise ValueError(msg)
        super().__init__(board=board, firmware=firmware, seed=seed, clock=clock)
        self.version = parse_version(firmware)
        self.board = BOARDS[board]
        name = hostname or default_hostname(self.board, board, seed)
        kept = http_settings(name, settings)
        if hostname is not None:
            kept["HostName"] = hostname
        self.state = NMMinerState(
            board=self.board, version=self.version, settings=kept, rng=self.rng
        )
        self._network = {key: kept[key] for key in WIFI_KEYS}
        self.finds = 0
        self.locked_out = False
        self._routes = self._known_routes()

    @property
    @override
    def model(self) -> RigModel:
        return self.state.model

    @property
    @override
    def online(self) -> bool:
        return super().online and not self.locked_out

    @property
    def settings(self) -> JsonObject:
        """Return the settings in flash, by their names in the protocol."""
        return self.state.settings

    @property
    def hostname(self) -> str:
        """Return the name of the device, the only one that an address does not give."""
        return str(self.settings["HostName"])

    @property
    def pool_in_use(self) -> str:
        """Return the host and port of the pool that is mined at."""
        self.catch_up()
        return self.state.pool_in_use

    @property
    def primary_dead(self) -> bool:
        """Tell whether the first pool cannot be reached."""
        return self.state.primary_dead

    @primary_dead.setter
    def primary_dead(self, dead: bool) -> None:
        self.state.primary_dead = dead

    @override
    def info(self) -> JsonObject:
        self.catch_up()
        return system_info(self.state, self.firmware_name)

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        self.state.tick(seconds, running=running)

    @override
    def _boot(self, reason: str) -> None:
        self.state.boot(keep_uptime=True)
        # It looks for a network that is not there, with a key that nobody knows.
        self.locked_out = any(
            self.settings[key] != used for key, used in self._network.items()
        )

    @override
    def _admits(self, request: web.BaseRequest) -> bool:
        return True

    @override
    def _origin_allowed(self, host: str) -> bool:
        return True

    @override
    async def _answer(self, request: web.BaseRequest) -> web.Response:
        reply = await super()._answer(request)
        reply.headers["Access-Control-Allow-Origin"] = "*"
        return reply

    @override
    def _find(self, method: str, path: str) -> Handler | None:
        if handler := self._routes.get((method, path)):
            return handler
        group = path.removeprefix(_SETTING_PATH)
        if path.startswith(_SETTING_PATH) and group in GROUPS:
            if method == "GET":
                return partial(self._get_settings, group)
            if method == "POST":
                return partial(self._post_settings, group)
        return None

    @override
    def _unknown(self, method: str, path: str) -> web.Response:
        return web.Response(text="Not Found", status=HTTPStatus.NOT_FOUND)

    def _known_routes(self) -> dict[tuple[str, str], Handler]:
        """Return every route but those of the settings."""
        return {
            ("GET", "/"): self._get_page,
            ("GET", "/api-doc"): self._get_page,
            ("GET", "/probe"): self._get_probe,
            ("GET", "/alive"): self._get_alive,
            ("GET", "/api/system/info"): self._get_info,
            ("POST", "/api/system/restart"): self._restart,
            ("POST", "/api/swarm/find"): self._be_found,
        }

    async def _get_page(self, _request: web.BaseRequest) -> web.Response:
        """Send a page of the device's own web interface."""
        return text_reply(_PAGE)

    async def _get_probe(self, _request: web.BaseRequest) -> web.Response:
        """Send the short answer to others of its kind."""
        return json_reply(probe(self.state, self.firmware_name))

    async def _get_alive(self, _request: web.BaseRequest) -> web.Response:
        """Send which others of its kind it knows of."""
        return json_reply(alive(self.host))

    async def _get_info(self, _request: web.BaseRequest) -> web.Response:
        """Send everything the device tells."""
        return json_reply(self.info())

    async def _restart(self, _request: web.BaseRequest) -> web.Response:
        """Restart; the reply still gets out, everything after it does not."""
        self.reboot(outage=RESTART_SECONDS, reason="restart")
        return json_reply({"status": "ok"})

    async def _be_found(self, _request: web.BaseRequest) -> web.Response:
        """Flash the light or the screen."""
        self.finds += 1
        return json_reply({"status": "ok"})

    async def _get_settings(
        self, group: str, _request: web.BaseRequest
    ) -> web.Response:
        """Send a group of settings."""
        return json_reply(show(group, self.settings))

    async def _post_settings(
        self, group: str, request: web.BaseRequest
    ) -> web.Response:
        """Change some settings of a group."""
        try:
            content = json.loads(await request.read())
        except ValueError:
            content = None
        if not isinstance(content, dict):
            return web.Response(text="Bad JSON", status=HTTPStatus.BAD_REQUEST)
        change(group, content, self.settings)
        self.state.pools_changed(RECONNECT_SECONDS)
        return web.Response(text="OK")
