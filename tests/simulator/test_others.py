"""Things that are no miners, and how connections are counted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from simulator.axeos import AxeOSDevice
from simulator.device import SimulatedDevice
from simulator.fault_replies import ELSEWHERE
from simulator.others import OtherDevice, OtherWebServer, RedirectingServer, TarPit

from .conftest import PATIENCE

type Start = Callable[[OtherDevice], Awaitable[str]]
type Serve = Callable[[SimulatedDevice], Any]


@pytest.fixture
async def start(socket_enabled: None) -> AsyncIterator[Start]:
    """Start things and stop them after the test."""
    started: list[OtherDevice] = []

    async def begin(device: OtherDevice) -> str:
        await device.start()
        started.append(device)
        return f"http://{device.host}:{device.port}"

    yield begin
    for device in started:
        await device.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until something has happened."""
    async with asyncio.timeout(PATIENCE):
        # A counter has no event to wait for.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_a_tar_pit_says_nothing(start: Start) -> None:
    """Whatever it is told, until somebody leaves."""
    pit = TarPit()
    await start(pit)
    clients = [await asyncio.open_connection(pit.host, pit.port) for _ in range(2)]
    await until(lambda: pit.connections == 2)
    reader, writer = clients[0]
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await until(lambda: pit.open_connections == 1)
    assert pit.most_open_connections == 2
    await pit.stop()
    reader, writer = clients[1]
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("path", ["/", "/api/system/info", "/probe"])
async def test_another_web_server(
    start: Start, http: aiohttp.ClientSession, path: str
) -> None:
    """It has the same page everywhere."""
    server = OtherWebServer()
    base = await start(server)
    reply = await http.get(base + path)
    assert reply.status == 200
    assert reply.content_type == "text/html"
    assert "Printer" in await reply.text()
    assert server.connections == server.most_open_connections == 1
    await until(lambda: server.open_connections == 0)


async def test_a_redirecting_server(start: Start, http: aiohttp.ClientSession) -> None:
    """It sends everybody elsewhere."""
    base = await start(RedirectingServer())
    reply = await http.get(f"{base}/probe", allow_redirects=False)
    assert reply.status == 302
    assert reply.headers["Location"] == ELSEWHERE
    home = OtherWebServer()
    away = RedirectingServer(f"{await start(home)}/home")
    reply = await http.get(await start(away))
    assert "Printer" in await reply.text()
    assert home.connections == away.connections == 1


async def test_a_client_that_leaves_early(start: Start) -> None:
    """Or asks for too much; the next one is served."""
    server = OtherWebServer()
    await start(server)
    for sent in (b"GET", b"x" * 200_000):
        _, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(sent)
        writer.close()
    await until(lambda: server.connections == 2 and server.open_connections == 0)


async def test_one_that_was_never_started() -> None:
    """It can be stopped all the same."""
    await TarPit().stop()


async def test_a_device_with_http_counts_connections(
    serve: Serve, bitaxe: Callable[..., AxeOSDevice]
) -> None:
    """And not the requests that come through each."""
    device = await serve(bitaxe("2.15"))
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            await (await session.get(f"{device.url}/api/system/info")).read()
        assert len(device.requests) == 3
        assert device.connections == device.open_connections == 1
        async with aiohttp.ClientSession() as other:
            await (await other.get(f"{device.url}/api/system/info")).read()
            assert device.connections == device.most_open_connections == 2
    await until(lambda: device.open_connections == 0)
    device.reset_peak()
    assert device.most_open_connections == 0
