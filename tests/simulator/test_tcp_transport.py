"""How a cgminer treats its connections, as a client on a real socket meets it."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

import pytest

from simulator.avalon import AvalonDevice
from simulator.device import RESTART_SECONDS, SimulatedDevice

from .cgminer_client import ask, exchange, raw, said, text

type Serve = Callable[[SimulatedDevice], Any]

INVALID = "STATUS=E,When={},Code=14,Msg=Invalid command,Description=cgminer 4.11.1|"


@pytest.fixture
async def device(serve: Serve, avalon: Callable[..., AvalonDevice]) -> AvalonDevice:
    """Return a running Nano 3S."""
    made = avalon("nano3s")
    await serve(made)
    return made


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until something has happened."""
    # A counter has no event to wait for.
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_a_reply_ends_with_a_nul_and_the_connection(device: AvalonDevice) -> None:
    """Some replies have a newline before it."""
    assert (await raw(device, "summary")).endswith(b',"id":1}\0')
    assert (await raw(device, "pools")).endswith(b',"id":1}\n\0')
    assert (await exchange(device, b"summary")).endswith(b"|\0")
    assert device.url == f"tcp://127.0.0.1:{device.port}"
    assert device.connections == 3
    assert device.open_connections == 0
    assert device.most_open_connections == 1


async def test_requests_are_remembered(device: AvalonDevice) -> None:
    """With their parameter, whatever they were written in."""
    await text(device, "ascset|0,workmode,get")
    await said(device, "ascset", "0,workmode,get")
    await text(device, "version")
    await ask(device, "summary+estats+pools")
    await exchange(device, b"{")
    assert device.requests == [
        ("ascset", "0,workmode,get"),
        ("ascset", "0,workmode,get"),
        ("version", ""),
        ("summary+estats+pools", ""),
        ("", ""),
    ]


async def test_text_is_answered_in_text(device: AvalonDevice) -> None:
    """The names of the sections and the escapes are cgminer's."""
    when = device.state.now
    assert await text(device, "check|summary") == (
        f"STATUS=S,When={when},Code=72,Msg=Check command,"
        "Description=cgminer 4.11.1|CHECK,Exists=Y,Access=Y|"
    )
    help_text = await text(device, "ascset|0,help")
    assert "Msg=ASC 0 set info: help\\|voltage\\|" in help_text
    pools = await text(device, "pools")
    assert "|POOL=0,URL=stratum+tcp://" in pools
    assert "|POOL=2,URL=stratum+tcp://" in pools
    assert ",Stratum Active=true," in pools
    assert "In Work\\, Hash Board: 1]" in await text(device, "estats")


async def test_a_newline_belongs_to_the_command(device: AvalonDevice) -> None:
    """A NUL ends it, and so does nothing else."""
    invalid = INVALID.format(device.state.now)
    assert await text(device, "summary\n") == invalid
    assert await text(device, "SUMMARY") == invalid
    assert await text(device, "nonsense|1") == invalid
    assert "|SUMMARY,Elapsed=" in await text(device, "summary\0anything")


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        (b'{"command":"summary"}\0', 23, "Invalid JSON"),
        (b'{"command":"summary"', 23, "Invalid JSON"),
        (b'{"command":"\xff"}', 23, "Invalid JSON"),
        (b"{}", 24, "Missing JSON 'command'"),
        (b'{"command":1}', 14, "Invalid command"),
        (b'{"command":"restart"}', 14, "Invalid command"),
        (b'{"command":"summary"} \r\n', 11, "Summary"),
        (b'{"command":"check","parameter":1.5}', 72, "Check command"),
        (b'{"command":"check","parameter":[]}', 71, "Missing check cmd"),
        (b'{"command":"switchpool","parameter":9}', 26, "Invalid pool id 9"),
    ],
)
async def test_json_is_read_strictly(
    device: AvalonDevice, request_: bytes, code: int, message: str
) -> None:
    """Whitespace may follow, a NUL may not."""
    reply = json.loads((await exchange(device, request_)).rstrip(b"\0"))
    assert reply["STATUS"][0]["Code"] == code
    assert reply["STATUS"][0]["Msg"].startswith(message)
    assert reply["STATUS"][0]["Description"] == "cgminer 4.11.1"
    assert reply["id"] == 1


async def test_only_the_first_packet_is_read(device: AvalonDevice) -> None:
    """And of that one no more than a buffer holds."""
    reader, writer = await asyncio.open_connection(device.host, device.port)
    writer.write(b'{"command":')
    assert b"Invalid JSON" in await reader.read()
    writer.close()
    longest = b'{"command":"summary"'.ljust(4094) + b"}"
    assert b"SUMMARY" in await exchange(device, longest)
    assert b"Invalid JSON" in await exchange(device, longest[:-1] + b" }")
    assert b"SUMMARY" in await exchange(device, longest + b"}")


async def test_reports_are_joined(device: AvalonDevice) -> None:
    """Each is a list of one whole reply, once, and errors are in their place."""
    reply = await ask(device, "summary+estats++summary+nonsense+switchpool+check")
    assert list(reply) == [
        *("summary", "estats", "nonsense", "switchpool", "check"),
        "id",
    ]
    assert reply["summary"] == [await ask(device, "summary")]
    assert reply["estats"] == [await ask(device, "estats")]
    codes = {
        name: reply[name][0]["STATUS"][0]["Code"]
        for name in ("nonsense", "switchpool", "check")
    }
    assert codes == {"nonsense": 14, "switchpool": 45, "check": 45}
    assert device.info() == await ask(device, "summary+estats+pools")
    lines = await text(device, "version+config+version")
    assert lines.startswith("CMD=version|STATUS=S,")
    assert "|CMD=config|STATUS=S," in lines
    assert lines.count("CMD=") == 2


async def test_an_idle_client_blocks_all_others(device: AvalonDevice) -> None:
    """It is sent away without a reply when its time is over."""
    device.receive_seconds = 0.05
    idle, idle_writer = await asyncio.open_connection(device.host, device.port)
    await until(lambda: device.open_connections == 1)
    others = [asyncio.create_task(ask(device, "version")) for _ in range(2)]
    await until(lambda: device.open_connections == 3)
    assert device.requests == []
    assert await idle.read() == b""
    idle_writer.close()
    for other in others:
        assert (await other)["STATUS"][0]["Code"] == 22
    assert device.connections == 3
    assert device.most_open_connections == 3
    device.reset_peak()
    assert device.most_open_connections == 0
    await ask(device, "version")
    assert device.most_open_connections == 1


async def test_a_client_that_leaves_frees_the_way(device: AvalonDevice) -> None:
    """Nobody waits for one that is gone."""
    _, writer = await asyncio.open_connection(device.host, device.port)
    await until(lambda: device.open_connections == 1)
    waiting = asyncio.create_task(ask(device, "version"))
    await until(lambda: device.open_connections == 2)
    writer.close()
    assert (await waiting)["STATUS"][0]["Code"] == 22
    assert device.open_connections == 0


async def test_a_client_may_close_its_own_side(device: AvalonDevice) -> None:
    """As a pipe into netcat does."""
    reader, writer = await asyncio.open_connection(device.host, device.port)
    writer.write(b"version")
    writer.write_eof()
    assert b"VERSION" in await reader.read()
    writer.close()


async def test_a_reboot_drops_everybody(device: AvalonDevice) -> None:
    """No reply, then nothing at all until it is up again."""
    reader, writer = await asyncio.open_connection(device.host, device.port)
    await until(lambda: device.open_connections == 1)
    device.reboot(outage=RESTART_SECONDS)
    assert await reader.read() == b""
    writer.close()
    reader, writer = await asyncio.open_connection(device.host, device.port)
    assert await reader.read() == b""
    writer.close()
    assert device.requests == []
    device.advance(RESTART_SECONDS + 30)
    reply = await ask(device, "summary")
    assert reply["SUMMARY"][0]["Elapsed"] == 30


async def test_the_clock_is_the_miners_own(device: AvalonDevice) -> None:
    """It may be wrong."""
    before = (await ask(device, "version"))["STATUS"][0]["When"]
    device.advance(50)
    device.clock_offset = -1000.0
    after = (await ask(device, "version"))["STATUS"][0]["When"]
    assert after == before + 50 - 1000


async def test_it_stops_while_somebody_waits(device: AvalonDevice) -> None:
    """No task is left behind."""
    reader, writer = await asyncio.open_connection(device.host, device.port)
    await until(lambda: device.open_connections == 1)
    await device.stop()
    assert await reader.read() == b""
    writer.close()
