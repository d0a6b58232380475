"""What an Avalon can be told, and how it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.avalon import AvalonDevice
from simulator.device import RESTART_SECONDS, SimulatedDevice

from .cgminer_client import exchange, fields, power, rows, said, set_option

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


async def test_the_parts_of_the_parameter(running: Running) -> None:
    """There is one device, and its number is 0."""
    device = await running("nano3s")
    assert (await said(device, "ascset"))[:2] == ("E", 15)
    assert (await said(device, "ascset", "0"))[:2] == ("E", 115)
    assert (await said(device, "ascset", "1,help"))[:2] == ("E", 107)
    assert await set_option(device, "restart,1") == failed("Unknown option: restart")
    assert await set_option(device, "softoff,1:1") == failed("Unknown option: softoff")
    assert await set_option(device, "fan-spd") == failed("missing fan-spd setting")
    assert await set_option(device, "FAN-SPD,50") == OK


async def test_help(running: Running) -> None:
    """A Nano 3 has none."""
    device = await running("nano3s")
    _, code, message = await set_option(device, "help")
    assert code == 118
    options = message.removeprefix("ASC 0 set info: ").removesuffix("|").split("|")
    assert {"workmode", "work_mode_lvl", "fan-spd", "ledset", "reboot"} <= set(options)
    assert "target-temp" not in options
    assert await set_option(device, "target-temp,80") == failed(
        "Unknown option: target-temp"
    )
    device.offers_target_temperature = True
    assert (await set_option(device, "help"))[2].endswith("|target-temp|")
    assert await set_option(device, "target-temp,80") == OK
    assert (await fields(device))["TarT"] == "80"
    for wrong in ("49", "91", "warm"):
        assert (await set_option(device, f"target-temp,{wrong}"))[1] == 120
    old = await running("nano3")
    assert await set_option(old, "help") == failed("Unknown option: help")


@pytest.mark.parametrize(
    ("mode", "watts", "gigahashes", "limit"),
    [(0, 65, 3400, 65), (1, 100, 5000, 99), (2, 140, 6600, 138)],
)
async def test_modes_of_a_nano_3s(
    running: Running, mode: int, watts: int, gigahashes: int, limit: int
) -> None:
    """What is configured is not what is drawn."""
    device = await running("nano3s")
    assert await set_option(device, f"workmode,set,{mode}") == OK
    device.advance(300)
    line = await fields(device)
    assert line["WORKMODE"] == str(mode)
    assert f"ATA{mode}" in line
    assert line["MPO"] == str(limit)
    assert float(line["GHSspd"]) == pytest.approx(gigahashes, rel=0.03)
    assert (await power(device))[6] == pytest.approx(watts, rel=0.06)
    assert await set_option(device, "workmode,get") == info(f"workmode {mode}")
    device.reboot()
    assert (await fields(device))["WORKMODE"] == str(mode)


async def test_calibration(running: Running) -> None:
    """It follows a change and ends after a while; until then nothing changes."""
    device = await running("nano3s")
    assert await set_option(device, "workmode,set,2") == OK
    assert (await fields(device))["ADJ"] == "1"
    assert await set_option(device, "workmode,set,0") == OK
    line = await fields(device)
    assert (line["ADJ"], line["CALIALL"]) == ("0", "3")
    caling = "current mode 0 is caling Don't permit switch mode"
    assert await set_option(device, "workmode,set,1") == failed(caling)
    assert await set_option(device, "workmode,set,0") == failed(caling)
    assert (await set_option(device, "worklevel,set,-1"))[1] == 120
    assert (await set_option(device, "work_mode_lvl,set,1,0"))[1] == 120
    device.advance(119)
    assert await set_option(device, "workmode,set,1") == failed(caling)
    device.advance(1)
    line = await fields(device)
    assert (line["ADJ"], line["CALIALL"]) == ("1", "7")
    device.calibration_seconds = 5.0
    assert await set_option(device, "workmode,set,1") == OK
    device.advance(5)
    assert await set_option(device, "workmode,set,2") == OK


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("workmode,set,3", "error:1 not support set workmode max_mode[3]"),
        ("workmode,set,-1", "error:1 not support set workmode max_mode[3]"),
        ("workmode,set,high", "error:2 parameter error"),
        ("workmode,set", "error:2 parameter error"),
        ("workmode,2", "error:2 parameter error"),
        ("worklevel,set,7", "worklevel unknown argument"),
        ("work_mode_lvl,set,1", "error:2 parameter error"),
        ("work_mode_lvl,set,3,0", "error:1 not support set workmode max_mode[3]"),
        ("work_mode_lvl,set,1,9", "worklevel unknown argument level range:-1 ~ 0"),
        ("reboot,301", "reboot value should be 0~300 seconds"),
        ("reboot,all", "reboot value not number"),
        ("fan-spd,fast", "No value passed to avalon-fan"),
        ("ledmode,2", "Input param error."),
        ("ledset,0-1-2", "led parameter wrong"),
        ("ledset,9-0-0-0-0-0", "led parameter wrong"),
        ("nightlamp,0-5", "not in (dark)mode now"),
        ("lcd,1", "No value passed to lcd"),
        ("filter-clean,0", "Input param error."),
        ("password,a", "we need 2 arguments, your input is 1 arguments."),
        ("password,wrong,new", "Auth Failed! password invalid!"),
        ("qr_auth,1,2", "auth error 01!"),
        ("voltage,1", "Setting invalid: voltage range 0~0"),
    ],
)
async def test_refusals_of_a_nano_3s(
    running: Running, option: str, reason: str
) -> None:
    """Nothing has changed afterwards."""
    device = await running("nano3s")
    before = device.info()
    assert await set_option(device, option) == failed(reason)
    assert device.info() == before


async def test_levels(running: Running) -> None:
    """One below the full one saves power."""
    device = await running("nano3s")
    assert await set_option(device, "work_mode_lvl,get") == info(
        "workmode 2 worklevel 0"
    )
    assert await set_option(device, "work_mode_lvl,set,1,-1") == OK
    device.advance(200)
    assert await set_option(device, "work_mode_lvl,get") == info(
        "workmode 1 worklevel -1"
    )
    assert (await power(device))[6] == pytest.approx(80, rel=0.06)
    assert await set_option(device, "worklevel,set,0") == OK
    device.advance(200)
    assert await set_option(device, "worklevel,get") == info("worklevel 0")
    assert (await power(device))[6] == pytest.approx(100, rel=0.06)


async def test_fan_of_a_nano_3s(running: Running) -> None:
    """Below 15 percent it would not turn."""
    device = await running("nano3s")
    for wrong in (0, 14, 101, -2):
        assert (await set_option(device, f"fan-spd,{wrong}"))[1] == 120
    assert await set_option(device, "fan-spd,70") == OK
    device.advance(2)
    assert (await fields(device))["FanR"] == "70%"
    assert await set_option(device, "fan-spd,-1") == OK
    device.advance(600)
    assert (await fields(device))["FanR"] != "70%"


async def test_lamp_display_and_the_rest_of_a_nano_3s(running: Running) -> None:
    """They say what they did."""
    device = await running("nano3s")
    assert await set_option(device, "ledset,3-80-20-300-5-6") == info("led set ok")
    line = await fields(device)
    assert line["LEDUser"] == "3-80-20-44-5-6"
    assert await set_option(device, "ledmode,1") == info("success set:1")
    assert await set_option(device, "ledset,0-0-0-0-0-0") == info(
        "not in (day)mode now"
    )
    assert await set_option(device, "nightlamp,1-30") == info("success set:1 30")
    lcd = info("success lcd:id[0] val[0] len=4")
    assert await set_option(device, "lcd,0:0") == lcd
    await set_option(device, "lcd,1:5")
    line = await fields(device)
    assert line["LED"] == "1-0"
    assert (line["LcdOnoff"], line["LcdSwitch"]) == ("0", "5")
    changed = info("new password success set.")
    assert await set_option(device, "password,admin,other") == changed
    assert device.web_password == "other"
    assert await set_option(device, "filter-clean,1") == OK
    assert await set_option(device, "frequency,400") == OK
    assert (await set_option(device, "loop"))[2].endswith("LOOP[12 ]")
    assert (await set_option(device, "facopts,0"))[1] == 118
    assert (await set_option(device, "hash-sn-read,0"))[1] == 118
    assert (await set_option(device, "voltage"))[1] == 118


async def test_reboot(running: Running) -> None:
    """At once it comes without a reply, with a delay there is one."""
    device = await running("nano3s")
    assert await exchange(device, b"ascset|0,reboot,0") == b""
    assert not device.online
    device.advance(RESTART_SECONDS + 10)
    (summary,) = await rows(device, "summary")
    assert (summary["Elapsed"], summary["Accepted"]) == (10, 0)
    assert await set_option(device, "reboot,30") == OK
    device.advance(29)
    assert (await rows(device, "summary"))[0]["Elapsed"] == 39
    device.advance(1)
    assert not device.online
    device.advance(RESTART_SECONDS + 1)
    assert (await rows(device, "summary"))[0]["Elapsed"] == 1


async def test_modes_of_a_nano_3(running: Running) -> None:
    """They are called levels, and no calibration stands in the way."""
    device = await running("nano3")
    assert await set_option(device, "workmode,get") == failed(
        "Unknown option: workmode"
    )
    assert await set_option(device, "worklevel,get") == info("worklevel 1")
    for level, watts, gigahashes in ((2, 126, 4100), (0, 65, 2300), (1, 92, 3330)):
        assert await set_option(device, f"worklevel,set,{level}") == OK
        assert (await fields(device))["ADJ"] == "0"
        device.advance(60)
        line = await fields(device)
        assert (line["ADJ"], line["WORKLEVEL"]) == ("1", str(level))
        assert float(line["GHSspd"]) == pytest.approx(gigahashes, rel=0.03)
        supply = await power(device)
        assert supply[5] == pytest.approx(watts, rel=0.06)
        assert supply[6] > 300
    await set_option(device, "worklevel,set,0")
    assert await set_option(device, "worklevel,set,2") == OK
    for wrong in ("worklevel,set,3", "worklevel,set,-1", "worklevel,1"):
        assert await set_option(device, wrong) == failed("worklevel unknown argument")


async def test_the_rest_of_a_nano_3(running: Running) -> None:
    """Its fan may stop, its lamp has commands of its own."""
    device = await running("nano3")
    for right in (0, 100, -1):
        assert await set_option(device, f"fan-spd,{right}") == OK
    assert (await set_option(device, "fan-spd,101"))[1] == 120
    assert (await set_option(device, "softoff,1:1"))[2].endswith(": softoff")
    assert await set_option(device, "led,setmode,3") == OK
    assert await set_option(device, "led,setbright,40") == OK
    assert await set_option(device, "led,setrgb,1,2,3") == OK
    assert await set_option(device, "led,get") == info("led mode:3 bright:40 rgb:1-2-3")
    assert (await fields(device))["Led"] == "3"
    for wrong in ("setmode,9", "setbright,101", "setrgb,1,2", "setrgb,1,2,x", "spin,1"):
        assert (await set_option(device, f"led,{wrong}"))[1] == 120
    assert (await set_option(device, "reboot,now"))[1] == 120
    for word in ("all", "0", "master", "slave"):
        assert await exchange(device, f"ascset|0,reboot,{word}".encode()) == b""
        device.advance(RESTART_SECONDS)
