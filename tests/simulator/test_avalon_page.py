"""The web page that only some Avalons have."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.avalon import AvalonDevice
from simulator.device import RESTART_SECONDS, SimulatedDevice
from simulator.faults import Fault

type Serve = Callable[[SimulatedDevice], Any]
type Avalon = Callable[..., AvalonDevice]


async def test_the_web_page(
    http: aiohttp.ClientSession, serve: Serve, avalon: Avalon
) -> None:
    """It tells the MAC to whoever is logged in."""
    device = avalon("nano3")
    await serve(device)
    assert device.web_url == f"http://127.0.0.1:{device.web_port}"
    url = f"{device.web_url}/get_minerinfo.cgi"
    reply = await http.get(url, headers={"Cookie": f"auth={device.web_token}"})
    content = await reply.text()
    assert content.startswith("minerinfoCallback({")
    assert f'"mac":"{device.mac.lower()}"' in content
    for headers in ({}, {"Cookie": "auth=ff0000ff"}):
        reply = await http.get(url, headers=headers)
        assert reply.status == 200
        assert "mac" not in await reply.text()
    assert (await http.get(f"{device.web_url}/")).status == 200
    assert (await http.get(f"{device.web_url}/api")).status == 404
    assert device.web_requests[0] == ("GET", "/get_minerinfo.cgi")
    assert device.requests == []
    await device.set_fault(Fault.SERVER_ERROR)
    assert (await http.get(url)).status == 500
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(url)
    await device.set_fault(None)
    device.reboot(outage=RESTART_SECONDS)
    with pytest.raises(aiohttp.ClientError):
        await http.post(url)
    assert avalon("nano3s").web_url is None
    assert avalon("q").web_requests == []


async def test_a_hanging_page(
    http: aiohttp.ClientSession, serve: Serve, avalon: Avalon
) -> None:
    """It answers no more than the API does, and ends with the fault."""
    device = avalon("nano3")
    await serve(device)
    for stops in (False, True):
        await device.set_fault(Fault.HANG)
        seen = len(device.web_requests)
        waiting = asyncio.create_task(http.post(f"{device.web_url}/"))
        # The list of requests has no event to wait for.
        while len(device.web_requests) == seen:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert not waiting.done()
        if stops:
            await device.stop()
        else:
            await device.set_fault(None)
        with pytest.raises(aiohttp.ClientError):
            await waiting


async def test_a_fixed_port(socket_enabled: None, avalon: Avalon) -> None:
    """The page is ten ports further on, if nobody else is there."""
    for _ in range(20):
        finder = avalon("mini3")
        await finder.start()
        port = finder.port
        await finder.stop()
        device = avalon("mini3")
        try:
            await device.start(port=port)
        except OSError:
            continue
        assert (device.port, device.web_port) == (port, port + 10)
        await device.stop()
        return
    pytest.fail("no two ports were free")


async def test_a_taken_port(socket_enabled: None, avalon: Avalon) -> None:
    """Nothing listens if the page cannot."""
    first = avalon("nano3")
    await first.start()
    second = avalon("nano3")
    second.web_port = first.web_port
    with pytest.raises(OSError, match="in use"):
        await second.start()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(second.host, second.port)
    await first.stop()
