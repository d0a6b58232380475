"""A Bitaxe on the network: AxeOS's HTTP interface over one device's state."""

from functools import partial
from http import HTTPStatus
import json
from typing import Any, override

from aiohttp import web

from simulator.axeos.boards import BOARDS
from simulator.axeos.configured_fields import CONFIGURED_FIELDS
from simulator.axeos.measured_fields import MEASURED_FIELDS
from simulator.axeos.patch import STRICT_SINCE, apply_patch
from simulator.axeos.pool_fields import POOL_FIELDS
from simulator.axeos.pool_slots import SLOTS_SINCE, replacement, slot_number
from simulator.axeos.settings import AxeOSSettings, Pool
from simulator.axeos.state import AxeOSState
from simulator.clock import Clock
from simulator.device import RESTART_SECONDS
from simulator.firmware import Version, parse_version, report
from simulator.http_device import (
    Handler,
    HttpDevice,
    json_reply,
    read_body,
    redirect_home,
    text_reply,
)
from simulator.physics import RigModel
from simulator.wire import JsonObject

FIRMWARES = (
    "2.4",
    "2.5",
    "2.6",
    "2.7",
    "2.8",
    "2.9",
    "2.10",
    "2.11",
    "2.12",
    "2.13",
    "2.14",
    "2.15",
)

_INFO_FIELDS = (*MEASURED_FIELDS, *CONFIGURED_FIELDS, *POOL_FIELDS)
_JSON_MESSAGES_SINCE: Version = (2, 13)
_UNKNOWN_ROUTE_SINCE: Version = (2, 9)
_COMPLETE_ASIC_SINCE: Version = (2, 8)
_HASH_DOMAINS_SINCE: Version = (2, 13)
_BARE_ORIGINS_SINCE: Version = (2, 15)
_HOSTNAME_REPLY_SINCE: Version = (2, 15)
_POOLS_PATH = "/api/system/pools/"
_PAGE = "<!DOCTYPE html><title>AxeOS</title>"


class AxeOSDevice(HttpDevice):
    """One simulated Bitaxe."""

    family = "axeos"

    def __init__(
        self,
        *,
        board: str = "gamma601",
        firmware: str = "2.15",
        seed: int = 1,
        clock: Clock | None = None,
        mac: str | None = None,
        hostname: str | None = None,
    ) -> None:
        """Plug in a board with a firmware that exists for it."""
        if board not in BOARDS:
            msg = f"no AxeOS board {board!r}; there are {', '.join(BOARDS)}"
            raise ValueError(msg)
        if firmware not in FIRMWARES:
            msg = f"no AxeOS firmware {firmware!r}; there are {', '.join(FIRMWARES)}"
            raise ValueError(msg)
        super().__init__(board=board, firmware=firmware, seed=seed, clock=clock)
        self.version = parse_version(firmware)
        self.board = BOARDS[board]
        self.state = AxeOSState(
            board_name=board,
            board=self.board,
            version=self.version,
            seed=seed,
            rng=self.rng,
            mac=mac,
            hostname=hostname,
        )
        self._routes = self._known_routes()

    @property
    @override
    def model(self) -> RigModel:
        return self.state.model

    @property
    def settings(self) -> AxeOSSettings:
        """Return the settings in flash."""
        return self.state.settings

    @property
    def pool(self) -> Pool:
        """Return the pool of this session, whatever the settings say by now."""
        return self.state.pool

    @property
    def mac(self) -> str:
        """Return the MAC address."""
        return self.state.mac

    @override
    def info(self) -> JsonObject:
        self.catch_up()
        self.state.address = self.host
        return report(_INFO_FIELDS, self.version, self.state)

    def asic(self) -> JsonObject:
        """Return what GET /api/system/asic sends; 2.7 did not know much yet."""
        board = self.board
        options: JsonObject = {
            "ASICModel": board.chip,
            "defaultFrequency": board.default_frequency,
            "frequencyOptions": list(board.frequencies),
            "defaultVoltage": board.default_voltage,
            "voltageOptions": list(board.voltages),
        }
        if self.version < _COMPLETE_ASIC_SINCE:
            return options
        options |= {
            "deviceModel": board.family,
            "swarmColor": board.color,
            "asicCount": board.hardware.chips,
        }
        if self.version >= _HASH_DOMAINS_SINCE:
            options["hashDomains"] = board.hash_domains
        return options

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        self.state.tick(seconds, running=running)

    @override
    def _boot(self, reason: str) -> None:
        self.state.boot(reason)

    @override
    def _find(self, method: str, path: str) -> Handler | None:
        since, handler = self._routes.get((method, path), (None, None))
        if since is not None and self.version >= since:
            return handler
        if self.version >= SLOTS_SINCE and path.startswith(_POOLS_PATH):
            change = {"PUT": self._put_pool, "DELETE": self._delete_pool}.get(method)
            digits = path.removeprefix(_POOLS_PATH)
            place = slot_number(int(digits)) if digits.isdecimal() else None
            if change is not None and place is not None:
                return partial(change, place)
        return None

    @override
    def _unknown(self, method: str, path: str) -> web.Response:
        if not path.startswith("/api") or self.version < _UNKNOWN_ROUTE_SINCE:
            return redirect_home()
        return json_reply({"error": "unknown route"}, HTTPStatus.NOT_FOUND)

    @override
    def _origin_allowed(self, host: str) -> bool:
        if self.version < _BARE_ORIGINS_SINCE:
            return False
        bare = host.replace("-", "").isalnum()
        return bare or host.endswith(".local")

    def _known_routes(self) -> dict[tuple[str, str], tuple[Version, Handler]]:
        """Return every route with the first version that has it."""
        return {
            ("GET", "/"): ((2, 1), self._get_page),
            ("GET", "/api/system/info"): ((2, 1), self._get_info),
            ("GET", "/api/system/asic"): ((2, 7), self._get_asic),
            ("GET", "/api/system/statistics"): ((2, 8), self._get_statistics),
            ("PATCH", "/api/system"): ((2, 1), self._patch),
            ("POST", "/api/system/restart"): ((2, 1), self._restart),
            ("POST", "/api/system/identify"): ((2, 12), self._identify),
            ("POST", "/api/system/pause"): ((2, 14), self._pause),
            ("POST", "/api/system/resume"): ((2, 14), self._resume),
            ("POST", "/api/system/blockFound/dismiss"): ((2, 13), self._dismiss),
        }

    async def _get_page(self, _request: web.BaseRequest) -> web.Response:
        """Send the start page of the device's own web interface."""
        return text_reply(_PAGE)

    async def _get_info(self, _request: web.BaseRequest) -> web.Response:
        """Send everything the device tells."""
        return json_reply(self.info())

    async def _get_asic(self, _request: web.BaseRequest) -> web.Response:
        """Send what the chips can be set to."""
        return json_reply(self.asic())

    async def _get_statistics(self, request: web.BaseRequest) -> web.Response:
        """Send the log of past values."""
        columns = request.query.get("columns")
        chosen = columns.split(",") if columns else None
        return json_reply(self.state.statistics.reply(self.state, chosen))

    async def _patch(self, request: web.BaseRequest) -> web.Response:
        """Change settings."""
        body = await read_body(request)
        if body is None:
            return _too_long()
        strict = self.version >= STRICT_SINCE
        content = _parsed(body)
        if not isinstance(content, dict):
            # Older firmware finds none of its keys in such a body and is content.
            return _wrong_input() if strict else text_reply()
        hostname = self.settings.hostname
        if not apply_patch(content, self.settings, self.version):
            return _wrong_input()
        if self.version >= _HOSTNAME_REPLY_SINCE and self.settings.hostname != hostname:
            address = f"http://{self.settings.hostname}.local"
            return json_reply({"status": "ok", "redirect": {"url": address}})
        return text_reply()

    async def _put_pool(self, place: int, request: web.BaseRequest) -> web.Response:
        """Replace one pool slot."""
        body = await read_body(request)
        if body is None:
            return _too_long()
        pool = replacement(_parsed(body), self.settings.pools[place])
        if pool is None:
            return _wrong_input()
        self.settings.pools[place] = pool
        return text_reply()

    async def _delete_pool(self, place: int, _request: web.BaseRequest) -> web.Response:
        """Empty one pool slot."""
        self.settings.pools[place] = Pool()
        return text_reply()

    async def _restart(self, _request: web.BaseRequest) -> web.Response:
        """Restart; the reply still gets out, everything after it does not."""
        self.reboot(outage=RESTART_SECONDS, reason="restart")
        return self._message("System will restart shortly.")

    async def _identify(self, _request: web.BaseRequest) -> web.Response:
        """Say hello on the display for half a minute."""
        return self._message('The device says "Hi!" for 30 seconds.')

    async def _pause(self, _request: web.BaseRequest) -> web.Response:
        """Cut the core voltage until resumed or restarted."""
        self.state.paused = True
        return self._message("Mining paused")

    async def _resume(self, _request: web.BaseRequest) -> web.Response:
        """Give the chips their voltage back."""
        self.state.paused = False
        return self._message("Mining resumed")

    async def _dismiss(self, _request: web.BaseRequest) -> web.Response:
        """Stop showing the last block that was found."""
        self.state.blocks_dismissed = self.model.blocks_found
        return self._message("Block found notification dismissed")

    def _message(self, text: str) -> web.Response:
        """Confirm in plain text, or from 2.13 on in JSON."""
        if self.version >= _JSON_MESSAGES_SINCE:
            return json_reply({"message": text})
        return text_reply(text)


def _parsed(body: bytes) -> Any:
    """Return the JSON in a body, or None if it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _wrong_input() -> web.Response:
    """Refuse a change."""
    return text_reply("Wrong API input", HTTPStatus.BAD_REQUEST)


def _too_long() -> web.Response:
    """Refuse a body that does not fit the buffer."""
    return text_reply("content too long", HTTPStatus.INTERNAL_SERVER_ERROR)
