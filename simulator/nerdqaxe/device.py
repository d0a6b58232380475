"""A NerdQAxe++ on the network: its HTTP interface over one device's state."""

from http import HTTPStatus
import json
from typing import override

from aiohttp import web

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
from simulator.nerdqaxe import board
from simulator.nerdqaxe.fields import HASHING_FIELDS, MEASURED_FIELDS, SYSTEM_FIELDS
from simulator.nerdqaxe.otp import SESSION_SECONDS, OtpLock
from simulator.nerdqaxe.patch import apply_patch
from simulator.nerdqaxe.setting_fields import SETTING_FIELDS
from simulator.nerdqaxe.settings import NerdQAxeSettings
from simulator.nerdqaxe.state import NerdQAxeState
from simulator.nerdqaxe.stratum import POOL_FIELDS
from simulator.physics import RigModel
from simulator.wire import JsonObject

FIRMWARES = (
    "1.0.30",
    "1.0.31",
    "1.0.32",
    "1.0.33",
    "1.0.34",
    "1.0.35",
    "1.0.36",
    "1.0.37",
    "1.1.0",
)

_INFO_FIELDS = (
    *SYSTEM_FIELDS,
    *MEASURED_FIELDS,
    *HASHING_FIELDS,
    *POOL_FIELDS,
    *SETTING_FIELDS,
)
_OTP_SINCE: Version = (1, 0, 34)
_ECO_SINCE: Version = (1, 0, 34)
_NEW_OTP_PATHS_SINCE: Version = (1, 1)
_LEAST_SESSION_SECONDS = 60
_PAGE = "<!DOCTYPE html><title>NerdQAxe++</title>"

type _Route = tuple[Version, Version | None, Handler]


class NerdQAxeDevice(HttpDevice):
    """One simulated NerdQAxe++."""

    family = "nerdqaxe"
    keeps_connections = False

    def __init__(
        self,
        *,
        firmware: str = "1.0.37",
        seed: int = 1,
        clock: Clock | None = None,
        otp_secret: str | None = None,
    ) -> None:
        """Plug in a board; a base32 secret turns one-time codes on."""
        if firmware not in FIRMWARES:
            msg = f"no NerdQAxe++ firmware {firmware!r}; there are {FIRMWARES}"
            raise ValueError(msg)
        super().__init__(board="plusplus", firmware=firmware, seed=seed, clock=clock)
        self.version = parse_version(firmware)
        self.state = NerdQAxeState(
            firmware=firmware, version=self.version, seed=seed, rng=self.rng
        )
        self._lock: OtpLock | None = None
        if otp_secret is not None and self.version >= _OTP_SINCE:
            self._lock = OtpLock(otp_secret, self.clock, self.rng)
            self.state.otp = True
        self._routes = self._known_routes()

    @property
    @override
    def model(self) -> RigModel:
        return self.state.model

    @property
    def settings(self) -> NerdQAxeSettings:
        """Return the settings in flash."""
        return self.state.settings

    @property
    def mac(self) -> str:
        """Return the MAC address."""
        return self.state.mac

    @override
    def current_otp(self) -> str | None:
        return None if self._lock is None else self._lock.current_code()

    @override
    def info(self) -> JsonObject:
        self.catch_up()
        self.state.address = self.host
        return report(_INFO_FIELDS, self.version, self.state)

    def asic(self) -> JsonObject:
        """Return what GET /api/system/asic sends."""
        options: JsonObject = {
            "ASICModel": board.CHIP,
            "deviceModel": board.MODEL,
            "asicCount": board.HARDWARE.chips,
            "defaultFrequency": board.DEFAULT_FREQUENCY,
            "defaultVoltage": board.DEFAULT_VOLTAGE,
            "absMaxFrequency": board.MAXIMUM_FREQUENCY,
            "absMaxVoltage": board.MAXIMUM_VOLTAGE,
        }
        if self.version >= _ECO_SINCE:
            options |= {"ecoFrequency": 0, "ecoVoltage": 0}
        return options | {
            "swarmColor": board.COLOR,
            "frequencyOptions": list(board.FREQUENCIES),
            "voltageOptions": list(board.VOLTAGES),
        }

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        self.state.tick(seconds, running=running)

    @override
    def _boot(self, reason: str) -> None:
        self.state.boot(reason)

    @override
    def _find(self, method: str, path: str) -> Handler | None:
        if (route := self._routes.get((method, path))) is None:
            return None
        since, until, handler = route
        exists = since <= self.version and (until is None or self.version < until)
        return handler if exists else None

    @override
    def _unknown(self, method: str, path: str) -> web.Response:
        # The pages are served under a wildcard for GET, so any path exists, and one
        # that is asked in another way is answered as a wrong method.
        if method != "GET":
            return text_reply("Specified method is invalid", status=405)
        return redirect_home()

    @override
    def _origin_allowed(self, host: str) -> bool:
        local = host in ("localhost", self.settings.hostname)
        return local or host.endswith(".local")

    def _known_routes(self) -> dict[tuple[str, str], _Route]:
        """Return every route with its first version and the first without it."""
        old_otp = (_OTP_SINCE, _NEW_OTP_PATHS_SINCE)
        new_otp = (_NEW_OTP_PATHS_SINCE, None)
        return {
            ("GET", "/"): ((1,), None, self._get_page),
            ("GET", "/api/system/info"): ((1,), None, self._get_info),
            ("GET", "/api/system/asic"): ((1, 0, 32), None, self._get_asic),
            ("PATCH", "/api/system"): ((1,), None, self._patch),
            ("POST", "/api/system/restart"): ((1,), None, self._restart),
            ("POST", "/api/system/shutdown"): ((1, 0, 36), None, self._shutdown),
            ("POST", "/api/system/reset-stats"): ((1, 0, 37), None, self._reset),
            ("GET", "/api/otp"): (*old_otp, self._get_otp),
            ("GET", "/api/v2/otp"): (*new_otp, self._get_otp),
            ("POST", "/api/otp/session"): (*old_otp, self._open_session),
            ("POST", "/api/v2/otp/session"): (*new_otp, self._open_session),
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

    async def _patch(self, request: web.BaseRequest) -> web.Response:
        """Change settings, if the lock admits it."""
        if self._lock is not None:
            blocked = self._lock.blocked
            code = request.headers.get("X-TOTP")
            if not self._lock.admits(code, request.headers.get("X-OTP-Session")):
                return _refused(
                    "blocked for 5 minutes" if blocked else "OTP/Session required"
                )
        body = await read_body(request)
        if body is None:
            return text_reply("content too long", HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            content = json.loads(body)
        except ValueError:
            return text_reply("Invalid JSON", HTTPStatus.BAD_REQUEST)
        if isinstance(content, dict):
            apply_patch(content, self.settings, self.version)
        return text_reply()

    async def _restart(self, _request: web.BaseRequest) -> web.Response:
        """Restart; the reply still gets out, everything after it does not."""
        self.reboot(outage=RESTART_SECONDS, reason="restart")
        return text_reply("System will restart shortly.")

    async def _shutdown(self, _request: web.BaseRequest) -> web.Response:
        """Take the chips' voltage away until the next restart."""
        self.state.shutdown = True
        return text_reply("System will shutdown shortly.")

    async def _reset(self, _request: web.BaseRequest) -> web.Response:
        """Set the session's counters to zero."""
        self.model.shares.start_session()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _get_otp(self, _request: web.BaseRequest) -> web.Response:
        """Tell whether codes are asked for."""
        return json_reply({"enabled": self._lock is not None})

    async def _open_session(self, request: web.BaseRequest) -> web.Response:
        """Give a token for a code."""
        if self._lock is None:
            return text_reply("OTP disabled", HTTPStatus.METHOD_NOT_ALLOWED)
        code = request.headers.get("X-TOTP")
        if code is None:
            return text_reply("Missing X-TOTP header", HTTPStatus.BAD_REQUEST)
        blocked = self._lock.blocked
        if not self._lock.admits(code, None):
            return _refused("blocked for 5 minutes" if blocked else "Invalid TOTP")
        seconds = _session_seconds(request.headers.get("X-OTP-Session-TTL"))
        token = self._lock.open_session(seconds)
        expires = int((self.clock.unix_time() + seconds) * 1000)
        reply = {"token": token, "ttlMs": seconds * 1000, "expiresAt": expires}
        return json_reply(reply)


def _session_seconds(milliseconds: str | None) -> int:
    """Return how long a token lasts; a client may ask for less than the longest."""
    if milliseconds is None or not milliseconds.isdecimal():
        return SESSION_SECONDS
    wanted = int(milliseconds) // 1000
    return min(SESSION_SECONDS, max(_LEAST_SESSION_SECONDS, wanted))


def _refused(text: str) -> web.Response:
    """Refuse a request that lacks a right code."""
    return text_reply(text, HTTPStatus.UNAUTHORIZED)
