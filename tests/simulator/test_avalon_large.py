"""What the large Avalons can be told: to sleep, and when to be how warm."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.avalon import AvalonDevice
from simulator.device import SimulatedDevice

from .cgminer_client import ask, exchange, fields, power, rows, set_option

type Serve = Callable[[SimulatedDevice], Any]
type Avalon = Callable[..., AvalonDevice]
type Running = Callable[..., Any]

OK = ("S", 119, "ASC 0 set OK")


def info(text: str) -> tuple[str, int, str]:
    """Return how a setting is answered that says something."""
    return "I", 118, f"ASC 0 set info: {text}"


def failed(text: str) -> tuple[str, int, str]:
    """Return how a setting is refused."""
    return "E", 120, f"ASC 0 set failed: {text}"


@pytest.fixture
def running(serve: Serve, avalon: Avalon) -> Running:
    """Return what starts a model."""

    async def start(board: str) -> AvalonDevice:
        device = avalon(board)
        await serve(device)
        return device

    return start


@pytest.mark.parametrize("board", ["mini3", "q"])
async def test_soft_off_and_on(running: Running, board: str) -> None:
    """It happens when the miner's own clock says so."""
    device = await running(board)
    then = device.state.now + 5
    reply = await set_option(device, f"softoff,1:{then}")
    assert reply == info(f"success softoff:{then}")
    device.advance(3)
    assert (await fields(device))["SoftOFF"] == "0"
    device.advance(3)
    line = await fields(device)
    assert line["SoftOFF"] == "4"
    assert line["GHSspd"] == "0.00"
    assert line["SYSTEMSTATU"] == "Work: In Idle, Hash Board: 1"
    supply = await power(device)
    assert supply[2:5] == [4, 0, 0]
    assert supply[6] == 146
    if board == "q":
        assert line["STATE"] == "2"
        assert line["SoftOffTime"] == str(then)
    accepted = (await rows(device, "summary"))[0]["Accepted"]
    device.advance(600)
    assert (await rows(device, "summary"))[0]["Accepted"] == accepted
    then = device.state.now + 5
    request = f"ascset|0,softon,1:{then}".encode()
    answer = await exchange(device, request)
    assert (answer == b"") is (board == "q")
    device.advance(6)
    assert (await fields(device))["SoftOFF"] == "0"
    device.advance(60)
    assert float((await fields(device))["GHSspd"]) > 30_000
    for wrong in ("softoff,1", "softoff,0:5", "softon,1:soon"):
        assert (await set_option(device, wrong))[1] == 120


async def test_soft_off_follows_a_wrong_clock(running: Running) -> None:
    """A clock that is behind makes it late, and a reboot forgets it."""
    device = await running("q")
    then = device.state.now + 5
    device.clock_offset = -100.0
    await set_option(device, f"softoff,1:{then}")
    device.advance(60)
    assert (await fields(device))["SoftOFF"] == "0"
    device.advance(60)
    assert (await fields(device))["SoftOFF"] == "4"
    device.reboot()
    device.advance(1)
    assert (await fields(device))["SoftOFF"] == "0"


async def test_the_temperatures_of_the_large_ones(running: Running) -> None:
    """Each has its own word for it."""
    for board, option in (("mini3", "limittemp"), ("q", "target-temp")):
        device = await running(board)
        assert await set_option(device, f"{option},70") == OK
        assert (await fields(device))["TarT"] == "70"
        assert (await set_option(device, f"{option},95"))[1] == 120
    assert (await set_option(device, "limittemp,70"))[1] == 120
    assert (await set_option(device, "fan-spd,60")) == OK
    mini = await running("mini3")
    assert (await set_option(mini, "fan-spd,60"))[1] == 120


@pytest.mark.parametrize(
    ("mode", "watts", "gigahashes"),
    [(0, 834, 53_000), (1, 1130, 69_000), (2, 1417, 82_000)],
)
async def test_modes_of_a_q(
    running: Running, mode: int, watts: int, gigahashes: int
) -> None:
    """Eco, standard and super."""
    device = await running("q")
    await set_option(device, f"workmode,set,{mode}")
    device.advance(200)
    assert (await power(device))[6] == pytest.approx(watts, rel=0.05)
    line = await fields(device)
    assert float(line["GHSspd"]) == pytest.approx(gigahashes, rel=0.03)
    assert (await ask(device, "version"))["STATUS"][0]["STATUS"] == "S"
