"""The pools of an Avalon: in what order, which one works, and how one is set."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.avalon import AvalonDevice
from simulator.device import RESTART_SECONDS, SimulatedDevice

from .cgminer_client import exchange, raw, rows, said, text

type Serve = Callable[[SimulatedDevice], Any]
type Avalon = Callable[..., AvalonDevice]

URL = "stratum+tcp://pool.invalid:3333"


@pytest.fixture
async def device(serve: Serve, avalon: Avalon) -> AvalonDevice:
    """Return a running Nano 3S."""
    made = avalon("nano3s")
    await serve(made)
    return made


async def column(device: AvalonDevice, name: str) -> list[Any]:
    """Return one value of every pool."""
    return [row[name] for row in await rows(device, "pools")]


async def test_the_first_pool_works(device: AvalonDevice) -> None:
    """The others stand by."""
    first, second, _ = await rows(device, "pools")
    assert first["URL"] == "stratum+tcp://stratum.quarry-pool.example:3333"
    assert first["User"] == "bc1qsimulatednotarealaddress.nano3s"
    assert first["Stratum URL"] == "stratum.quarry-pool.example"
    assert "Password" not in first
    assert (first["Stratum Active"], second["Stratum Active"]) == (True, False)
    assert (first["Accepted"] > 0, second["Accepted"]) == (True, 0)
    assert second["Stratum URL"] == ""
    assert await column(device, "Status") == ["Alive"] * 3
    assert await column(device, "Priority") == [0, 1, 2]


async def test_failover(device: AvalonDevice) -> None:
    """The next one takes over until the first one is back."""
    device.pools[0].reachable = False
    assert await column(device, "Status") == ["Dead", "Alive", "Alive"]
    assert await column(device, "Stratum Active") == [False, True, False]
    before = device.pools[0].accepted
    device.advance(300)
    assert device.pools[0].accepted == before
    assert device.pools[1].accepted > 0
    device.pools[1].reachable = False
    assert await column(device, "Stratum Active") == [False, False, True]
    device.pools[2].reachable = False
    assert await column(device, "Stratum Active") == [False] * 3
    device.advance(10)
    assert device.model.hashrate == 0
    assert ",Current Pool=none,User=|" in await text(device, "lcd")
    for pool in device.pools:
        pool.reachable = True
    assert await column(device, "Stratum Active") == [True, False, False]


async def test_switching(device: AvalonDevice) -> None:
    """The chosen one comes first, and is enabled by it."""
    await said(device, "disablepool", "2")
    assert await said(device, "switchpool", "2") == (
        "S",
        27,
        "Switching to pool 2:'stratum+tcp://last.pebble-pool.example:3335'",
    )
    assert await column(device, "Priority") == [1, 2, 0]
    assert await column(device, "Stratum Active") == [False, False, True]
    assert await said(device, "switchpool") == ("E", 25, "Missing pool id parameter")
    for wrong in ("3", "-1"):
        assert await said(device, "switchpool", wrong) == (
            "E",
            26,
            f"Invalid pool id {wrong} - range is 0 - 2",
        )
    device.reboot()
    assert await column(device, "Priority") == [0, 1, 2]


async def test_enabling_and_disabling(device: AvalonDevice) -> None:
    """The last one cannot be disabled."""
    url = device.pools[0].url
    assert await said(device, "enablepool", "0") == (
        "I",
        49,
        f"Pool 0:'{url}' already enabled",
    )
    disabled = ("S", 48, f"Disabling pool 0:'{url}'")
    assert await said(device, "disablepool", "0") == disabled
    assert (await said(device, "disablepool", "0"))[:2] == ("I", 50)
    assert await column(device, "Status") == ["Disabled", "Alive", "Alive"]
    assert await column(device, "Stratum Active") == [False, True, False]
    await said(device, "disablepool", "1")
    assert (await said(device, "disablepool", "2"))[:2] == ("E", 51)
    assert await said(device, "enablepool", "0") == (
        "S",
        47,
        f"Enabling pool 0:'{url}'",
    )
    assert (await said(device, "enablepool"))[1] == 25
    assert (await said(device, "disablepool", "9"))[1] == 26


async def test_priorities(device: AvalonDevice) -> None:
    """Those that are not named keep their order behind the others."""
    assert await said(device, "poolpriority", "2") == (
        "S",
        73,
        "Changed pool priorities",
    )
    assert await column(device, "Priority") == [1, 2, 0]
    await said(device, "poolpriority", "1,0,2")
    assert await column(device, "Priority") == [1, 0, 2]
    assert (await said(device, "poolpriority", "1,5"))[1] == 26
    assert await said(device, "poolpriority", "1,1") == (
        "E",
        74,
        "Duplicate pool specified 1",
    )
    assert (await said(device, "poolpriority"))[1] == 25
    assert await column(device, "Priority") == [1, 0, 2]


@pytest.mark.parametrize("board", ["nano3s", "mini3", "q"])
async def test_setting_a_pool(serve: Serve, avalon: Avalon, board: str) -> None:
    """It shows after the next reboot only, and the reply has raw newlines."""
    device = avalon(board)
    await serve(device)
    old = device.pools[1].url
    parameter = f"admin,admin,1,{URL},bc1qexample.me,secret"
    reply = await raw(device, "setpool", parameter)
    expected = f"Pool set info: \npool 1 success set to {URL}\nworker is bc1qexample.me"
    assert expected.encode() in reply
    assert b'"STATUS":"S"' in reply
    assert b'"Code":133' in reply
    assert b"\nPlease reboot miner" in reply
    assert await column(device, "URL") == [
        device.pools[0].url,
        old,
        device.pools[2].url,
    ]
    await exchange(device, b"ascset|0,reboot,0")
    device.advance(RESTART_SECONDS + 1)
    assert (await column(device, "URL"))[1] == URL
    assert (await column(device, "User"))[1] == "bc1qexample.me"
    assert device.pools[1].password == "secret"
    if board == "q":
        assert (await column(device, "Password"))[1] == "secret"


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        (None, "no params"),
        ("", "no params"),
        (f"root,admin,0,{URL},w,p", "username err"),
        (f"admin,wrong,0,{URL},w,p", "userpass err"),
        (f"admin,wrong,7,{URL},w,p", "userpass err"),
        (
            f"admin,admin,3,{URL},w,p",
            "pool num must between 0 and 2 , your input is 3",
        ),
        (
            f"admin,admin,0,{URL}",
            "we need 5 | 6 arguments, your input is 4 arguments.",
        ),
        (
            "admin,admin,0,,w,p",
            "we need 5 | 6 arguments, your input is 3 arguments.",
        ),
        (
            f"admin,admin,0,{URL},,p",
            "we need 5 | 6 arguments, your input is 4 arguments.",
        ),
        (
            f"admin,admin,0,{URL},w,",
            "we need 5 | 6 arguments, your input is 5 arguments.",
        ),
    ],
)
async def test_refused_pools(
    device: AvalonDevice, parameter: str | None, reason: str
) -> None:
    """Nothing waits for a reboot afterwards."""
    expected = ("E", 132, f"Pool set error: {reason}")
    assert await said(device, "setpool", parameter) == expected
    assert device.state.pending == {}


async def test_commas_cannot_be_escaped(device: AvalonDevice) -> None:
    """What follows one is lost."""
    await said(device, "setpool", f"admin,admin,0,{URL},worker,one\\,two")
    assert device.state.pending[0].password == "one\\"
    await said(device, "setpool", f"admin,admin,0,{URL},worker")
    assert device.state.pending[0].password == ""


async def test_other_credentials(device: AvalonDevice) -> None:
    """Those of the web page count."""
    device.web_user = "me"
    device.web_password = "mine"
    assert (await said(device, "setpool", f"admin,admin,0,{URL},w,p"))[1] == 132
    assert (await said(device, "setpool", f"me,mine,0,{URL},w,p"))[1] == 133


async def test_a_nano_3_wants_a_hash(serve: Serve, avalon: Avalon) -> None:
    """And may be given further pools, which a reboot forgets."""
    device = avalon("nano3")
    await serve(device)
    device.web_password = "secret"
    hashed = "ff0000ff2bb80d537b1da3e38bd30361"
    assert device.web_token == hashed
    assert (await said(device, "setpool", f"root,secret,0,{URL},w,p"))[1] == 132
    assert (await said(device, "setpool", f"root,{hashed},0,{URL},w,p"))[1] == 133
    assert (await said(device, "addpool", f"{URL},w,p"))[1] == 55
    assert len(await rows(device, "pools")) == 4
    device.reboot()
    device.advance(1)
    assert (await column(device, "URL"))[0] == URL
    assert len(await rows(device, "pools")) == 3
