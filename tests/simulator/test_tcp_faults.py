"""Each fault of a device that speaks over TCP."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

import pytest

from simulator.avalon import AvalonDevice
from simulator.device import SimulatedDevice
from simulator.faults import Fault

from .cgminer_client import ask, exchange, raw, said, text

type Serve = Callable[[SimulatedDevice], Any]


@pytest.fixture
async def device(serve: Serve, avalon: Callable[..., AvalonDevice]) -> AvalonDevice:
    """Return a running Nano 3S."""
    made = avalon("nano3s")
    await serve(made)
    return made


async def asked(device: AvalonDevice) -> asyncio.Task[bytes]:
    """Return a request that has reached the device."""
    seen = len(device.requests)
    waiting = asyncio.create_task(raw(device, "summary"))
    # The list of requests has no event to wait for.
    while len(device.requests) == seen:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return waiting


async def healthy(device: AvalonDevice) -> bool:
    """Tell whether the device answers as if nothing had ever been wrong."""
    return await ask(device, "summary+estats+pools") == device.info()


async def test_refuse_closes_the_socket_and_takes_it_back(device: AvalonDevice) -> None:
    """Nobody listens, then somebody does on the same port."""
    port = device.port
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(ConnectionRefusedError):
        await ask(device, "summary")
    await device.set_fault(None)
    assert device.port == port
    assert await healthy(device)


async def test_hang_keeps_everybody_waiting(device: AvalonDevice) -> None:
    """Ending the fault drops the one that was being served."""
    await device.set_fault(Fault.HANG)
    first = await asked(device)
    second = asyncio.create_task(raw(device, "summary"))
    while device.open_connections < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert not first.done()
    await device.set_fault(None)
    assert await first == b""
    assert b"SUMMARY" in await second
    assert await healthy(device)


async def test_stopping_ends_a_request_that_hangs(device: AvalonDevice) -> None:
    """No task is left behind."""
    await device.set_fault(Fault.HANG)
    waiting = await asked(device)
    await device.stop()
    assert await waiting == b""


async def test_slow_answers_in_the_end(device: AvalonDevice) -> None:
    """The delay is the caller's choice, and ending the fault ends the wait."""
    device.slow_seconds = 0.01
    await device.set_fault(Fault.SLOW)
    assert await healthy(device)
    device.slow_seconds = 3600
    waiting = await asked(device)
    await device.set_fault(None)
    assert await waiting == b""


async def test_cut_garbage_redirect_and_silence(device: AvalonDevice) -> None:
    """None of them is a reply."""
    whole = await raw(device, "summary")
    await device.set_fault(Fault.CUT)
    assert await raw(device, "summary") == whole[: len(whole) // 2]
    await device.set_fault(Fault.GARBAGE)
    with pytest.raises(UnicodeDecodeError):
        json.loads(await raw(device, "summary"))
    await device.set_fault(Fault.REDIRECT)
    assert (await raw(device, "summary")).startswith(b"HTTP/1.1 302")
    await device.set_fault(Fault.SILENT)
    assert await raw(device, "summary") == b""
    await device.set_fault(None)
    assert await healthy(device)


async def test_wrong_types_keep_the_status(device: AvalonDevice) -> None:
    """The values of every row are something else, in text too."""
    await device.set_fault(Fault.WRONG_TYPES)
    wrong = await ask(device, "summary+estats+pools")
    info = device.info()
    for name, section in (("summary", "SUMMARY"), ("pools", "POOLS")):
        good, bad = info[name][0], wrong[name][0]
        assert bad["STATUS"] == good["STATUS"]
        for good_row, bad_row in zip(good[section], bad[section], strict=True):
            assert set(good_row) == set(bad_row)
            assert all(bad_row[key] != good_row[key] for key in good_row)
    assert "|SUMMARY,Elapsed=forty-two," in await text(device, "summary")


async def test_huge_is_more_than_anyone_wants(device: AvalonDevice) -> None:
    """Several MiB; hanging up on the way is fine, and so is not reading."""
    await device.set_fault(Fault.HUGE)
    reply = await raw(device, "summary")
    assert len(reply) > 4 * 1024 * 1024
    assert set(json.loads(reply.rstrip(b"\0"))) == {"padding"}
    reader, writer = await asyncio.open_connection(device.host, device.port)
    writer.write(b"summary")
    await reader.readexactly(1000)
    writer.close()
    lazy, lazy_writer = await asyncio.open_connection(device.host, device.port)
    lazy_writer.write(b"summary")
    await lazy.readexactly(1000)
    await device.set_fault(None)
    assert await healthy(device)
    lazy_writer.close()


async def test_replies_that_refuse(device: AvalonDevice) -> None:
    """Whatever was asked, joined reports included."""
    await device.set_fault(Fault.UNAUTHORIZED)
    denied = ("E", 45, "Access denied to 'summary' command")
    assert await said(device, "summary") == denied
    assert (await said(device, "summary+pools"))[:2] == ("E", 45)
    assert "Code=45" in await text(device, "summary+pools")
    await device.set_fault(Fault.SERVER_ERROR)
    assert (await said(device, "ascset", "0,workmode,set,1"))[0] == "F"
    assert device.state.mode == 2


async def test_a_reply_may_come_twice_or_never_end(device: AvalonDevice) -> None:
    """The end of the connection is all that tells."""
    whole = await raw(device, "version")
    await device.set_fault(Fault.TWICE)
    assert await raw(device, "version") == whole * 2
    await device.set_fault(Fault.LINGER)
    reader, writer = await asyncio.open_connection(device.host, device.port)
    writer.write(b'{"command":"version"}')
    assert await reader.readexactly(len(whole)) == whole
    assert not reader.at_eof()
    await device.set_fault(None)
    assert await reader.read() == b""
    writer.close()


async def test_pieces_are_no_fault_for_who_waits(device: AvalonDevice) -> None:
    """The first one is only a part."""
    whole = await raw(device, "estats")
    await device.set_fault(Fault.PIECES)
    assert await raw(device, "estats") == whole
    reader, writer = await asyncio.open_connection(device.host, device.port)
    writer.write(b'{"command":"estats"}')
    assert len(await reader.read(65536)) < len(whole)
    writer.close()


@pytest.mark.parametrize(
    ("fault", "sign"),
    [
        (Fault.NULS, b"]\0,"),
        (Fault.SPLIT_UTF8, b"\xff"),
        (Fault.CONTROL_CHARACTERS, b"\t\r\n\x07"),
        (Fault.STRAY_COMMAS, b",}"),
        (Fault.STRAY_COMMAS, b"[,{"),
        (Fault.MISSING_COMMA, b"}{"),
        (Fault.NOT_NUMBERS, b'"MHS av":nan,'),
        (Fault.NOT_NUMBERS, b'"MHS 5s":-nan,'),
        (Fault.NOT_NUMBERS, b'"Utility":inf,'),
        (Fault.DUPLICATE_KEYS, b'{"STATUS":"?","STATUS":"S"'),
        (Fault.LEADING_ID, b',"id":1}{'),
    ],
)
async def test_replies_with_a_defect(
    device: AvalonDevice, fault: Fault, sign: bytes
) -> None:
    """The rest of the reply is as ever, and in text nothing breaks."""
    whole = await raw(device, "summary")
    assert sign not in whole
    await device.set_fault(fault)
    assert sign in await raw(device, "summary")
    assert b"SUMMARY,Elapsed=" in await exchange(device, b"summary")


async def test_it_may_start_refusing(
    serve: Serve, avalon: Callable[..., AvalonDevice]
) -> None:
    """It has a port that nobody listens on yet, and may be stopped so."""
    device = avalon("nano3")
    await device.set_fault(Fault.REFUSE)
    await serve(device)
    assert device.port > 0
    with pytest.raises(ConnectionRefusedError):
        await ask(device, "summary")
