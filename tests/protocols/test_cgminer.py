"""Commands to a cgminer API: one connection each, one at a time, always closed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import gc
import json
import socket
import traceback
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.miner_controller.protocols import cgminer
from custom_components.miner_controller.protocols.cgminer import (
    REQUEST_LIMIT,
    SIZE_LIMIT,
    CgminerDevice,
)
from custom_components.miner_controller.protocols.cgminer_reply import CgminerReply
from custom_components.miner_controller.protocols.errors import (
    MinerAccessDeniedError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerProtocolError,
    MinerRefusedError,
    MinerSilentError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from simulator.faults import Fault
from tests.devices import StartDevice

from . import HOST
from .raw_miner import (
    ACCESS_DENIED,
    INVALID_COMMAND,
    StartMiner,
    answering,
    hanging,
    reply,
    sending,
    until,
)

SUMMARY = reply(SUMMARY=[{"Elapsed": 17}])
WHOLE = json.dumps(SUMMARY).encode()
REPORTS = ("summary", "estats", "pools")


@contextmanager
def impatient() -> Iterator[None]:
    """Let the time limit be over soon."""
    with patch.object(cgminer, "TIME_LIMIT", 0.05):
        yield


@contextmanager
def full_listener() -> Iterator[int]:
    """Listen on a port where the queue is full, so that connecting takes forever."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind((HOST, 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener.getsockname()[1]


def watched_sockets() -> int:
    """Return how many sockets the event loop watches."""
    loop: Any = asyncio.get_running_loop()
    return len(loop._selector.get_map())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("version",), b'{"command":"version"}'),
        (
            ("ascset", "0,workmode,set,1"),
            b'{"command":"ascset","parameter":"0,workmode,set,1"}',
        ),
        (("switchpool", "0"), b'{"command":"switchpool","parameter":"0"}'),
        (("check", ""), b'{"command":"check","parameter":""}'),
    ],
)
async def test_a_request_is_the_command_and_nothing_else(
    start_miner: StartMiner, arguments: tuple[str, ...], expected: bytes
) -> None:
    """One write without newline or NUL, after which nothing follows."""
    followed: list[bytes] = []

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(WHOLE + b"\0")
        writer.write_eof()
        followed.append(await reader.read())

    miner = await start_miner(script)
    await CgminerDevice(HOST, miner.port).command(*arguments)
    await miner.until_left()
    assert miner.requests == [expected]
    assert followed == [b""]


async def test_the_longest_request_goes_out_at_once(start_miner: StartMiner) -> None:
    """The miner reads once, so all has to be there."""
    miner = await start_miner(answering({"x": SUMMARY}))
    device = CgminerDevice(HOST, miner.port)
    room = REQUEST_LIMIT - len(b'{"command":"x","parameter":""}')
    await device.command("x", "y" * room)
    assert [len(request) for request in miner.requests] == [REQUEST_LIMIT]
    with pytest.raises(MinerRefusedError, match="too long") as caught:
        await device.command("x", "y" * (room + 1))
    assert "yyy" not in str(caught.value)
    assert len(miner.requests) == 1


@pytest.mark.parametrize("name", ["x", "é", "\N{HAMMER AND PICK}"])
async def test_the_limit_counts_bytes(start_miner: StartMiner, name: str) -> None:
    """A character may take several of them."""
    miner = await start_miner(answering({"x": SUMMARY}))
    with pytest.raises(MinerRefusedError, match="too long"):
        await CgminerDevice(HOST, miner.port).command("x", name * REQUEST_LIMIT)
    assert miner.requests == []


@pytest.mark.parametrize(
    "pieces",
    [
        (WHOLE,),
        (WHOLE + b"\0",),
        (WHOLE + b"\n\0",),
        (b"\0\0" + WHOLE + b"\0\0\0",),
        (b" \r\n" + WHOLE + b"\0\n\0 ",),
        (WHOLE.replace(b'"id"', b'\0"id\0"'),),
        tuple(WHOLE[place : place + 1] for place in range(len(WHOLE))),
        (WHOLE[:40], b"\0", WHOLE[40:], b"\0"),
    ],
)
async def test_a_reply_is_read_to_its_end(
    start_miner: StartMiner, pieces: tuple[bytes, ...]
) -> None:
    """NULs and blanks around it and the pieces it comes in do not matter."""
    miner = await start_miner(sending(*pieces))
    reply = await CgminerDevice(HOST, miner.port).command("summary")
    assert reply.rows("SUMMARY") == [{"Elapsed": 17}]
    assert reply.row("SUMMARY") == {"Elapsed": 17}
    assert reply.row("POOLS") == {}
    assert (reply.message, reply.when) == ("Done", 1_790_000_000)
    assert dict(reply.document) == SUMMARY


async def test_a_late_reply_counts(start_miner: StartMiner) -> None:
    """What comes before the time is over is the answer, however slow it came."""
    asked, allowed = asyncio.Event(), asyncio.Event()

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked.set()
        writer.write(WHOLE[:30])
        await allowed.wait()
        writer.write(WHOLE[30:])

    miner = await start_miner(script)
    task = asyncio.create_task(CgminerDevice(HOST, miner.port).command("summary"))
    await asked.wait()
    assert not task.done()
    allowed.set()
    assert (await task).row("SUMMARY") == {"Elapsed": 17}


@pytest.mark.parametrize("pieces", [(), (WHOLE[:30],), (WHOLE,), (WHOLE + b"\0",)])
async def test_a_miner_that_never_closes_is_a_timeout(
    start_miner: StartMiner, pieces: tuple[bytes, ...]
) -> None:
    """Only the end of the connection ends a reply; nothing stays open after that."""
    miner = await start_miner(hanging(*pieces))
    with impatient(), pytest.raises(MinerTimeoutError) as caught:
        await CgminerDevice(HOST, miner.port).command("summary")
    assert type(caught.value) is MinerTimeoutError
    assert "No answer within" in str(caught.value)
    await miner.until_left()


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((), MinerSilentError),
        ((b"\0",), MinerForeignError),
        ((b" \r\n\0\0",), MinerForeignError),
        ((WHOLE[: len(WHOLE) // 2],), MinerForeignError),
        ((WHOLE[:-1],), MinerForeignError),
        ((WHOLE, WHOLE), MinerForeignError),
        ((WHOLE + b"\0", WHOLE + b"\0"), MinerForeignError),
        (
            (b"STATUS=S,When=1,Code=11,Msg=Summary|SUMMARY,Elapsed=17|\0",),
            MinerForeignError,
        ),
        ((b'"RESTART"\0',), MinerForeignError),
        ((b"[]",), MinerForeignError),
        ((b"17",), MinerForeignError),
        ((b"null",), MinerForeignError),
        ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), MinerForeignError),
        ((b"SSH-2.0-OpenSSH_9.9\r\n",), MinerForeignError),
        ((b"{}",), MinerProtocolError),
        ((b'{"STATUS":[]}',), MinerProtocolError),
        ((b'{"STATUS":"S"}',), MinerProtocolError),
        ((b'{"STATUS":[{"Msg":"no letter"}]}',), MinerProtocolError),
        ((b'{"STATUS":[{"STATUS":17}]}',), MinerProtocolError),
        ((b'{"STATUS":[["S"]]}',), MinerProtocolError),
    ],
)
async def test_what_makes_no_sense_is_a_named_error(
    start_miner: StartMiner, pieces: tuple[bytes, ...], error: type[MinerError]
) -> None:
    """Nothing, half a reply and two of them are no answer."""
    miner = await start_miner(sending(*pieces))
    with pytest.raises(error) as caught:
        await CgminerDevice(HOST, miner.port).command("summary")
    assert type(caught.value) is error
    assert str(caught.value)
    await miner.until_left()


async def test_an_error_quotes_no_reply(start_miner: StartMiner) -> None:
    """A reply may hold a worker's name, and tracebacks end in logs."""
    miner = await start_miner(sending(b'{"User":"payout.worker","Password":'))
    with pytest.raises(MinerForeignError) as caught:
        await CgminerDevice(HOST, miner.port).command("pools")
    assert "payout" not in "".join(traceback.format_exception(caught.value))
    assert "payout" not in repr(CgminerReply(document={"User": "payout.worker"}))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (b"\xe2\x82", "\ufffd\ufffd"),
        (b"M\xfcnze", "M\ufffdnze"),
        (b"\xf0\x9f\xa5", "\ufffd"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("Münze".encode(), "Münze"),
    ],
)
async def test_bytes_that_are_no_character_spoil_only_themselves(
    start_miner: StartMiner, inside: bytes, expected: str
) -> None:
    """A name that was cut in the middle of a character does not hide the rest."""
    body = WHOLE.replace(b'"Done"', b'"' + inside + b'","Name":"' + inside + b'"')
    cut = body.index(inside) + 1
    miner = await start_miner(sending(body[:cut], body[cut:], b"\0"))
    reply = await CgminerDevice(HOST, miner.port).command("summary")
    assert reply.row("SUMMARY") == {"Elapsed": 17}
    found = reply.row("STATUS")["Name"]
    assert found.replace("\ufffd", "") == expected.replace("\ufffd", "")
    assert ("\ufffd" in found) is ("\ufffd" in expected)


async def test_a_reset_after_a_whole_reply_does_no_harm(
    start_miner: StartMiner,
) -> None:
    """Some firmware ends its connections rudely."""

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(WHOLE)
        await writer.drain()
        reset(writer)

    miner = await start_miner(script)
    device = CgminerDevice(HOST, miner.port)
    assert (await device.command("summary")).row("SUMMARY") == {"Elapsed": 17}


@pytest.mark.parametrize(
    ("sent", "error"), [(b"", MinerConnectionError), (WHOLE[:20], MinerForeignError)]
)
async def test_a_reset_before_that_is_an_error(
    start_miner: StartMiner, sent: bytes, error: type[MinerError]
) -> None:
    """What is missing is not made up."""

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(sent)
        await writer.drain()
        reset(writer)

    miner = await start_miner(script)
    with pytest.raises(error) as caught:
        await CgminerDevice(HOST, miner.port).command("summary")
    assert type(caught.value) is error


def reset(writer: asyncio.StreamWriter) -> None:
    """Reset a connection."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
    )
    writer.transport.abort()


async def test_a_reply_has_a_greatest_size(start_miner: StartMiner) -> None:
    """One byte less than too much is read, one more is an error at once."""
    start, end = b'{"STATUS":[{"STATUS":"S"}],"x":"', b'"}'
    padding = b"y" * (SIZE_LIMIT - len(start) - len(end))
    miner = await start_miner(sending(start, padding, end))
    reply = await CgminerDevice(HOST, miner.port).command("summary")
    assert len(reply.document["x"]) == len(padding)
    # It would go on, and is left in the middle.
    miner = await start_miner(hanging(start, padding, b"y", end))
    with pytest.raises(MinerProtocolError, match="larger than") as caught:
        await CgminerDevice(HOST, miner.port).command("summary")
    assert type(caught.value) is MinerProtocolError
    await miner.until_left()


async def test_an_endless_reply_is_left(start_device: StartDevice) -> None:
    """The miner is free for the next caller."""
    miner = await start_device("avalon-nano3s")
    device = CgminerDevice(HOST, miner.port)
    await miner.set_fault(Fault.HUGE)
    with pytest.raises(MinerProtocolError, match="larger than"):
        await device.command("summary")
    await miner.set_fault(None)
    assert (await device.command("summary")).row("SUMMARY")
    await until(lambda: miner.open_connections == 0)


@pytest.mark.parametrize("letter", ["S", "I"])
async def test_success_has_two_letters(start_miner: StartMiner, letter: str) -> None:
    """A remark about what was done is no refusal."""
    said = reply(letter, 118, "ASC 0 set info: softoff")
    miner = await start_miner(answering({"ascset": said}))
    found = await CgminerDevice(HOST, miner.port).command("ascset", "0,softoff,1:5")
    assert found.message == "ASC 0 set info: softoff"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        *(
            (reply(letter, 120, "Not now"), MinerRefusedError, "Not now")
            for letter in "WEF"
        ),
        (reply("X", 0, "Whatever"), MinerRefusedError, "Whatever"),
        (reply("E", 120, ""), MinerRefusedError, "The miner gives no reason"),
        (reply("E", 120, "\0\a"), MinerRefusedError, "The miner gives no reason"),
        (reply("E", 120, "w" * 5000), MinerRefusedError, "w" * 200),
        (INVALID_COMMAND, MinerUnsupportedError, "Invalid command"),
        (reply("F", 14, "Out of memory"), MinerUnsupportedError, "Out of memory"),
        (
            ACCESS_DENIED,
            MinerAccessDeniedError,
            "Access denied to 'restart' command",
        ),
        (reply("E", 0, "Access denied"), MinerAccessDeniedError, "Access denied"),
        (reply("E", 0, "ACCESS DENIED"), MinerAccessDeniedError, "ACCESS DENIED"),
        # The one object that some send instead of a list.
        (
            {"STATUS": {"STATUS": "E", "Code": 23, "Msg": "Invalid JSON"}},
            MinerRefusedError,
            "Invalid JSON",
        ),
        (
            {"STATUS": [{"STATUS": "E", "Code": "14", "Msg": "x"}]},
            MinerRefusedError,
            "x",
        ),
        (
            {"STATUS": [{"STATUS": "E", "Msg": 17}]},
            MinerRefusedError,
            "The miner gives no reason",
        ),
    ],
)
async def test_a_refusal_carries_the_miners_words(
    start_miner: StartMiner, answer: object, error: type[MinerError], words: str
) -> None:
    """Each kind of refusal is an error of its own."""
    miner = await start_miner(answering({"restart": answer}))
    with pytest.raises(error) as caught:
        await CgminerDevice(HOST, miner.port).command("restart")
    assert type(caught.value) is error
    assert str(caught.value) == words


async def test_a_wrong_clock_is_no_time(start_miner: StartMiner) -> None:
    """A reply without a sensible time has none."""
    for when in (None, "soon", -1, 1.5):
        answer: dict[str, Any] = {"STATUS": [{"STATUS": "S", "When": when}]}
        miner = await start_miner(answering({"summary": answer}))
        found = await CgminerDevice(HOST, miner.port).command("summary")
        assert (found.when, found.message) == (None, "")


@pytest.mark.parametrize("shape", ["list", "object"])
async def test_joined_reports_come_in_two_shapes(
    start_miner: StartMiner, shape: str
) -> None:
    """Each report is an object, or a list of just one."""
    parts = {
        "summary": SUMMARY,
        "estats": reply(code=70, STATS=[{"ID": "AVALON0"}, {"ID": "POOL0"}]),
        "pools": reply("I", 7, POOLS=[]),
    }
    answer: dict[str, Any] = {
        name: [part] if shape == "list" else part for name, part in parts.items()
    }
    miner = await start_miner(answering({"+".join(REPORTS): {**answer, "id": 1}}))
    found = await CgminerDevice(HOST, miner.port).joined(*REPORTS)
    assert list(found) == list(REPORTS)
    for name, part in parts.items():
        one = found[name]
        assert isinstance(one, CgminerReply)
        assert dict(one.document) == part
    assert miner.requests == [b'{"command":"summary+estats+pools"}']


@pytest.mark.parametrize("profile", ["cgminer-4.11", "avalon-nano3s"])
@pytest.mark.parametrize("as_list", [True, False])
async def test_joined_reports_of_a_miner(
    start_device: StartDevice, profile: str, as_list: bool
) -> None:
    """An unknown report does not spoil the others."""
    miner = await start_device(profile)
    miner.joined_as_list = as_list
    found = await CgminerDevice(HOST, miner.port).joined(
        "summary", "nothing", "privileged", "pools"
    )
    assert isinstance(found["summary"], CgminerReply)
    assert found["summary"].row("SUMMARY")["Elapsed"] > 0
    assert isinstance(found["pools"], CgminerReply)
    assert len(found["pools"].rows("POOLS")) == 3
    assert type(found["nothing"]) is MinerUnsupportedError
    assert isinstance(found["privileged"], MinerError)
    assert miner.connections == 1


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (INVALID_COMMAND, MinerUnsupportedError),
        (ACCESS_DENIED, MinerAccessDeniedError),
        (reply("E", 120, "Not now"), MinerRefusedError),
        ({}, MinerProtocolError),
    ],
)
async def test_a_part_that_is_refused_is_its_error(
    start_miner: StartMiner, part: dict[str, Any], error: type[MinerError]
) -> None:
    """The other parts are there."""
    answer = {"summary": [SUMMARY], "estats": [part], "pools": part}
    miner = await start_miner(answering({"+".join(REPORTS): answer}))
    found = await CgminerDevice(HOST, miner.port).joined(*REPORTS)
    assert isinstance(found["summary"], CgminerReply)
    assert type(found["estats"]) is error
    assert type(found["pools"]) is error


@pytest.mark.parametrize("part", [None, [], "x", 17, [[]], [None], ["x"]])
async def test_a_part_that_is_missing_is_not_there(
    start_miner: StartMiner, part: object
) -> None:
    """Something else in its place counts as missing."""
    answer = {"summary": [SUMMARY], "estats": part}
    miner = await start_miner(answering({"+".join(REPORTS): answer}))
    found = await CgminerDevice(HOST, miner.port).joined(*REPORTS)
    assert list(found) == ["summary"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (INVALID_COMMAND, MinerUnsupportedError),
        (ACCESS_DENIED, MinerAccessDeniedError),
        (reply("E", 120, "Not now"), MinerRefusedError),
        (SUMMARY, MinerProtocolError),
    ],
)
async def test_a_miner_that_joins_nothing_is_an_error(
    start_miner: StartMiner, answer: object, error: type[MinerError]
) -> None:
    """It refuses them all, or answers one report as if it alone was asked for."""
    miner = await start_miner(answering({"+".join(REPORTS): answer}))
    with pytest.raises(error) as caught:
        await CgminerDevice(HOST, miner.port).joined(*REPORTS)
    assert type(caught.value) is error


async def test_nobody_listens(socket_enabled: None) -> None:
    """That nothing was heard is told from a lost answer."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        port = unused.getsockname()[1]
        with pytest.raises(MinerUnreachableError) as caught:
            await CgminerDevice(HOST, port).command("version")
    assert type(caught.value) is MinerUnreachableError
    assert str(caught.value)


async def test_a_name_that_nobody_knows(socket_enabled: None) -> None:
    """A look-up that fails is told like a miner that is away."""
    failure = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    loop = asyncio.get_running_loop()
    with (
        patch.object(loop, "getaddrinfo", side_effect=failure),
        pytest.raises(MinerUnreachableError, match="Name or service not known"),
    ):
        await CgminerDevice("miner.invalid", 4028).command("version")


async def test_connecting_has_an_end(socket_enabled: None) -> None:
    """A miner that is never through with its last caller is a timeout."""
    before = watched_sockets()
    with full_listener() as port, impatient(), pytest.raises(MinerTimeoutError):
        await CgminerDevice(HOST, port).command("version")
    assert watched_sockets() == before


async def test_cancelling_while_connecting(socket_enabled: None) -> None:
    """The socket is closed, and the next in line gets its turn."""
    before = watched_sockets()
    with full_listener() as port:
        device = CgminerDevice(HOST, port)
        task = asyncio.create_task(device.command("version"))
        await until(lambda: watched_sockets() > before)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert watched_sockets() == before
    assert not device._lock.locked()


@pytest.mark.parametrize("pieces", [(), (WHOLE[:30],), (WHOLE,)])
async def test_cancelling_while_reading(
    start_miner: StartMiner, pieces: tuple[bytes, ...]
) -> None:
    """The miner sees the connection end, and serves the next caller."""
    miner = await start_miner(hanging(*pieces))
    device = CgminerDevice(HOST, miner.port)
    task = asyncio.create_task(device.command("version"))
    await until(lambda: miner.requests)
    assert miner.open == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await miner.until_left()
    miner.script = sending(WHOLE)
    assert (await device.command("summary")).row("SUMMARY") == {"Elapsed": 17}


async def test_cancelling_at_any_moment(start_device: StartDevice) -> None:
    """However far a command has come, nothing stays open."""
    before = asyncio.all_tasks()
    miner = await start_device("avalon-nano3s")
    device = CgminerDevice(HOST, miner.port)
    watched = watched_sockets()
    finished = 0
    for steps in range(60):
        task = asyncio.create_task(device.command("version"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        else:
            finished += 1
        await until(lambda: miner.open_connections == 0)
        await until(lambda: watched_sockets() == watched)
    assert 0 < finished < 60
    assert (await device.command("version")).row("VERSION")
    await miner.stop()
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_connection_ends_with_the_exchange(start_device: StartDevice) -> None:
    """Every command takes one connection, and none is left over."""
    miner = await start_device("avalon-nano3s")
    device = CgminerDevice(HOST, miner.port)
    for name in ("version", "summary", "nothing", "ascset"):
        try:
            await device.command(name)
        except MinerError as err:
            assert name in ("nothing", "ascset"), err  # noqa: PT017
    assert miner.connections == 4
    await until(lambda: miner.open_connections == 0)
    assert miner.most_open_connections == 1


async def test_one_call_at_a_time(start_device: StartDevice) -> None:
    """Two clients of one address wait for each other, whatever becomes of each."""
    miner = await start_device("avalon-nano3s")
    devices = [CgminerDevice(HOST, miner.port) for _ in range(2)]
    tasks = [
        asyncio.create_task(devices[turn % 2].command(name))
        for turn, name in enumerate(("version", "nothing", "summary", "pools") * 6)
    ]
    await until(lambda: miner.requests)
    # One that waits for its turn, and one that has it.
    tasks[5].cancel()
    next(task for task in tasks if not task.done()).cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    kinds = {type(result) for result in results}
    assert kinds == {CgminerReply, MinerUnsupportedError, asyncio.CancelledError}
    assert sum(isinstance(one, asyncio.CancelledError) for one in results) == 2
    await until(lambda: miner.open_connections == 0)
    assert miner.most_open_connections == 1


async def test_a_call_that_fails_lets_the_next_one_through(
    start_miner: StartMiner,
) -> None:
    """Timeouts, garbage and silence in a row never overlap either."""
    scripts = [hanging(), sending(b"<html>"), sending(), sending(WHOLE)] * 3
    turns = iter(scripts)

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await next(turns)(request, reader, writer)

    miner = await start_miner(script)
    with impatient():
        results = await asyncio.gather(
            *(CgminerDevice(HOST, miner.port).command("summary") for _ in scripts),
            return_exceptions=True,
        )
    assert [type(result) for result in results] == [
        MinerTimeoutError,
        MinerForeignError,
        MinerSilentError,
        CgminerReply,
    ] * 3
    assert miner.most_open == 1


async def test_miners_do_not_wait_for_each_other(start_miner: StartMiner) -> None:
    """Two addresses are two miners, of which one hangs."""
    slow = await start_miner(hanging())
    quick = await start_miner(sending(WHOLE))
    waiting = asyncio.create_task(CgminerDevice(HOST, slow.port).command("summary"))
    await until(lambda: slow.requests)
    assert await CgminerDevice(HOST, quick.port).command("summary")
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_address_is_forgotten_with_its_last_device() -> None:
    """Nothing grows with the addresses that were ever tried."""
    device = CgminerDevice("forgotten.example", 1)
    other = CgminerDevice("forgotten.example", 1)
    assert ("forgotten.example", 1) in cgminer._LOCKS
    assert device._lock is other._lock
    del device, other
    gc.collect()
    assert ("forgotten.example", 1) not in cgminer._LOCKS
