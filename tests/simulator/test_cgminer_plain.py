"""A cgminer as its author left it."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.cgminer import PlainCgminerDevice
from simulator.clock import ManualClock
from simulator.device import RESTART_SECONDS, SimulatedDevice

from .cgminer_client import ask, raw, rows, said, text

type Serve = Callable[[SimulatedDevice], Any]
type Running = Callable[..., Any]

REPORTS = "version config summary devs edevs pools stats estats coin devdetails lcd"
CHANGES = (
    "privileged switchpool enablepool disablepool poolpriority addpool removepool "
    "restart quit"
)


@pytest.fixture
def running(serve: Serve) -> Running:
    """Return what starts a cgminer that has been mining for some minutes."""

    async def start(**options: Any) -> PlainCgminerDevice:
        device = PlainCgminerDevice(clock=ManualClock(), **options)
        device.advance(600)
        await serve(device)
        return device

    return start


async def test_everybody_may_read(running: Running) -> None:
    """But change nothing."""
    device = await running()
    for command in REPORTS.split():
        assert (await said(device, command))[0] == "S"
        assert (await ask(device, "check", command))["CHECK"][0] == {
            "Exists": "Y",
            "Access": "Y",
        }
    for command in CHANGES.split():
        assert await said(device, command, "1") == (
            "E",
            45,
            f"Access denied to '{command}' command",
        )
        assert (await ask(device, "check", command))["CHECK"][0] == {
            "Exists": "Y",
            "Access": "N",
        }
    assert await said(device, "ascset", "0,help") == ("E", 14, "Invalid command")
    assert device.model.hashrate > 100
    assert (await rows(device, "version"))[0] == {"CGMiner": "4.11.1", "API": "3.7"}
    assert (await rows(device, "estats"))[0]["Frequency"] == 600


async def test_the_privileged_may_change(running: Running) -> None:
    """The pools, for example."""
    device = await running(privileged=True)
    assert await said(device, "privileged") == ("S", 46, "Privileged access OK")
    assert (await said(device, "switchpool", "1"))[1] == 27
    assert await said(device, "addpool", "tcp://a\\,b:1,me\\\\,p") == (
        "S",
        55,
        "Added pool 3: 'tcp://a,b:1'",
    )
    assert (await rows(device, "pools"))[3]["User"] == "me\\"
    assert (await said(device, "addpool"))[1] == 52
    assert (await said(device, "addpool", "only,two"))[1] == 53
    assert (await said(device, "removepool", "1"))[:2] == ("E", 67)
    assert (await said(device, "removepool", "7"))[1] == 26
    assert (await said(device, "removepool", "2"))[1] == 68
    assert len(await rows(device, "pools")) == 3
    await said(device, "removepool", "2")
    await said(device, "removepool", "0")
    assert (await said(device, "removepool", "0"))[:2] == ("E", 66)
    while len(device.pools) < 64:
        device.pools.add("tcp://pool.invalid:1", "w", "x")
    assert (await said(device, "addpool", "tcp://a:1,w,x"))[1] == 54


async def test_restart_and_quit(running: Running) -> None:
    """A bare word is the reply, which in JSON was never valid."""
    device = await running(privileged=True)
    assert await raw(device, "restart") == b'{"RESTART","id":1}\0'
    assert not device.online
    device.advance(RESTART_SECONDS + 5)
    assert (await rows(device, "summary"))[0]["Elapsed"] == 5
    assert await text(device, "quit") == "BYE"
    device.advance(100_000)
    assert not device.online
    device.reboot()
    assert device.online


async def test_joined_reports_may_be_objects(running: Running) -> None:
    """As in the author's own document."""
    device = await running(joined_as_list=False)
    reply = await ask(device, "version+config")
    assert reply["version"] == await ask(device, "version")
    assert reply["config"]["CONFIG"][0]["Pool Count"] == 3
    listed = await running()
    assert isinstance((await ask(listed, "version+config"))["version"], list)


def test_other_versions_are_unknown() -> None:
    """There is one."""
    with pytest.raises(ValueError, match=r"no cgminer '3\.7'"):
        PlainCgminerDevice(firmware="3.7")
