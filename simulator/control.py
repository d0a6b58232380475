"""The control port: faults, reboots and surroundings, and what is on the web."""

from collections.abc import Iterable, Mapping
import json
from typing import Any

from aiohttp import web

from simulator.device import RESTART_SECONDS, SimulatedDevice
from simulator.faults import Fault
from simulator.home import describe
from simulator.mempool import MempoolServer, switches as network_switches
from simulator.octopus import OctopusServer
from simulator.octopus.switches import SwitchError, change, show
from simulator.physics import ADJUSTABLE
from simulator.stratum import StratumPool, switches as pool_switches
from simulator.wire import JsonObject


class ControlPort:
    """Serve one HTTP port from which every device can be disturbed."""

    def __init__(
        self,
        devices: Iterable[SimulatedDevice],
        prices: OctopusServer | None = None,
        pools: Mapping[str, StratumPool] | None = None,
        network: MempoolServer | None = None,
    ) -> None:
        """Take charge of some devices, and of servers and pools if there are any."""
        self._devices = {device.name: device for device in devices}
        self._pools = pools or {}
        self._prices = prices
        self._network = network
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Begin to listen."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/devices", self._list),
                web.get("/devices/{name}", self._show),
                web.get("/devices/{name}/otp", self._otp),
                web.post("/devices/{name}/fault", self._fault),
                web.post("/devices/{name}/reboot", self._reboot),
                web.post("/devices/{name}/model", self._model),
                web.get("/pools", self._list_pools),
                web.post("/pools/{name}", self._change_pool),
                web.get("/prices", self._show_prices),
                web.post("/prices", self._change_prices),
                web.get("/network", self._show_network),
                web.post("/network", self._change_network),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _device(self, request: web.Request) -> SimulatedDevice:
        """Return the device in the path."""
        name = request.match_info["name"]
        if name not in self._devices:
            raise _error(web.HTTPNotFound, f"no device {name!r}")
        return self._devices[name]

    async def _list(self, _request: web.Request) -> web.Response:
        """List the devices."""
        return web.json_response([describe(each) for each in self._devices.values()])

    async def _show(self, request: web.Request) -> web.Response:
        """Describe one device."""
        return web.json_response(describe(self._device(request)))

    async def _otp(self, request: web.Request) -> web.Response:
        """Return the one-time code that is right now."""
        code = self._device(request).current_otp()
        if code is None:
            raise _error(web.HTTPNotFound, "this device asks for no code")
        return web.json_response({"code": code})

    async def _fault(self, request: web.Request) -> web.Response:
        """Set or clear a fault."""
        device = self._device(request)
        wanted = (await _content(request)).get("fault")
        if wanted is not None and wanted not in list(Fault):
            names = ", ".join(Fault)
            raise _error(web.HTTPBadRequest, f"fault is one of {names}, or null")
        try:
            await device.set_fault(None if wanted is None else Fault(wanted))
        except ValueError as error:
            raise _error(web.HTTPBadRequest, str(error)) from error
        return web.json_response(describe(device))

    async def _reboot(self, request: web.Request) -> web.Response:
        """Cut the power for a moment."""
        device = self._device(request)
        device.reboot(outage=RESTART_SECONDS)
        return web.json_response(describe(device))

    async def _model(self, request: web.Request) -> web.Response:
        """Change the surroundings or the state of the hardware."""
        device = self._device(request)
        values = await _content(request)
        for name, value in values.items():
            if name not in ADJUSTABLE:
                known = ", ".join(sorted(ADJUSTABLE))
                raise _error(web.HTTPBadRequest, f"{name} is none of {known}")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise _error(web.HTTPBadRequest, f"{name} is not a number")
        device.catch_up()
        for name, value in values.items():
            setattr(device.model, name, value)
        return web.json_response(
            {name: getattr(device.model, name) for name in sorted(ADJUSTABLE)}
        )

    async def _list_pools(self, _request: web.Request) -> web.Response:
        """List the pools."""
        return web.json_response(
            [pool_switches.show(name, pool) for name, pool in self._pools.items()]
        )

    async def _change_pool(self, request: web.Request) -> web.Response:
        """Change how a pool treats miners."""
        name = request.match_info["name"]
        if (pool := self._pools.get(name)) is None:
            raise _error(web.HTTPNotFound, f"no pool {name!r}")
        try:
            pool_switches.change(pool, await _content(request))
        except ValueError as error:
            raise _error(web.HTTPBadRequest, str(error)) from error
        return web.json_response(pool_switches.show(name, pool))

    def _price_server(self) -> OctopusServer:
        """Return the price server."""
        if self._prices is None:
            raise _error(web.HTTPNotFound, "there is no price server")
        return self._prices

    async def _show_prices(self, _request: web.Request) -> web.Response:
        """Describe the price server."""
        return web.json_response(show(self._price_server()))

    async def _change_prices(self, request: web.Request) -> web.Response:
        """Set switches of the price server."""
        server = self._price_server()
        try:
            change(server, await _content(request))
        except SwitchError as error:
            raise _error(web.HTTPBadRequest, str(error)) from error
        return web.json_response(show(server))

    def _mempool(self) -> MempoolServer:
        """Return the mempool."""
        if self._network is None:
            raise _error(web.HTTPNotFound, "there is no mempool")
        return self._network

    async def _show_network(self, _request: web.Request) -> web.Response:
        """Describe the mempool."""
        return web.json_response(network_switches.show(self._mempool()))

    async def _change_network(self, request: web.Request) -> web.Response:
        """Set switches of the mempool."""
        server = self._mempool()
        try:
            network_switches.change(server, await _content(request))
        except network_switches.SwitchError as error:
            raise _error(web.HTTPBadRequest, str(error)) from error
        return web.json_response(network_switches.show(server))


async def _content(request: web.Request) -> JsonObject:
    """Return the JSON object a request carries."""
    try:
        content: Any = json.loads(await request.read())
    except ValueError as error:
        raise _error(web.HTTPBadRequest, "the body is not JSON") from error
    if not isinstance(content, dict):
        raise _error(web.HTTPBadRequest, "the body is not a JSON object")
    return content


def _error(kind: type[web.HTTPException], text: str) -> web.HTTPException:
    """Return an HTTP error that says in JSON what is wrong."""
    return kind(text=json.dumps({"error": text}), content_type="application/json")
