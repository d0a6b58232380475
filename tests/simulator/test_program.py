"""The program: its command line, its control port, and how it ends."""

import asyncio
from ipaddress import IPv4Address
import json
from pathlib import Path
import signal
import sys
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.control import ControlPort
from simulator.families import OTP_SECRET, SpecError, build
from simulator.home import DEFAULT_HOME, Placement, parse_placement, populate, running

ROOT = Path(__file__).parents[2]
HOME = (
    Placement(name="one", spec="axeos:supra401:2.9"),
    Placement(name="two", spec="nerdqaxe:1.1.0:otp"),
)


async def test_it_runs_says_where_and_ends_at_once(
    http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    """As a real process, with devices named on the command line."""
    ready = tmp_path / "ready.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", "--control-port", "0", "--ready-file", str(ready)),
        *("--device", "den=axeos:ultra204:2.10", "--device", "loft=nerdqaxe:1.0.37"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode().strip() for _ in range(3)]
    assert [line.split(":")[0] for line in lines] == ["den", "loft", "control"]
    devices: list[dict[str, Any]] = json.loads(await asyncio.to_thread(ready.read_text))
    assert [device["name"] for device in devices] == ["den", "loft"]
    info = await (await http.get(f"{devices[0]['url']}/api/system/info")).json()
    assert info["version"] == "v2.10.0"
    listed = await (await http.get(lines[2].split(" ")[1])).json()
    assert listed == devices
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--device", "nonsense"),
        ("--device", "a=toaster:1"),
        ("--device", "a=axeos:gamma601:2.12", "--device", "a=nerdqaxe:1.0.37"),
    ],
)
async def test_a_device_nobody_understands_is_refused(
    socket_enabled: None, arguments: tuple[str, ...]
) -> None:
    """The usage is shown and the exit code is 2."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", *arguments),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"usage:" in errors


async def test_the_control_port_disturbs_devices(http: aiohttp.ClientSession) -> None:
    """Faults, surroundings, reboots and codes, by name."""
    clock = ManualClock()
    async with running(HOME, host="127.0.0.1", clock=clock) as devices:
        control = ControlPort(devices)
        await control.start("127.0.0.1", 0)
        base = f"http://127.0.0.1:{control.port}/devices"
        first, second = devices
        listed = await (await http.get(base)).json()
        assert [device["name"] for device in listed] == ["one", "two"]
        assert listed[0] == {
            "name": "one",
            "family": "axeos",
            "firmware": "2.9",
            "url": first.url,
            "fault": None,
        }
        reply = await http.post(f"{base}/one/fault", json={"fault": "garbage"})
        assert (await reply.json())["fault"] == "garbage"
        assert (await (await http.get(f"{base}/one")).json())["fault"] == "garbage"
        await http.post(f"{base}/one/fault", json={"fault": None})
        assert first.fault is None
        reply = await http.post(f"{base}/one/model", json={"ambient": 45})
        assert (await reply.json())["ambient"] == first.model.ambient == 45
        reply = await http.get(f"{base}/two/otp")
        assert await reply.json() == {"code": second.current_otp()}
        clock.advance(100)
        await http.post(f"{base}/two/reboot")
        assert not second.online
        clock.advance(9)
        assert second.info()["uptimeSeconds"] == 1
        await control.stop()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nobody", b"", 404),
        ("POST", "nobody/fault", b"{}", 404),
        ("GET", "one/otp", b"", 404),
        ("POST", "one/fault", b'{"fault":"tired"}', 400),
        ("POST", "one/fault", b'{"fault":[]}', 400),
        ("POST", "one/fault", b"{", 400),
        ("POST", "one/fault", b"[]", 400),
        ("POST", "one/model", b'{"colour":1}', 400),
        ("POST", "one/model", b'{"shares":1}', 400),
        ("POST", "one/model", b'{"ambient":"45"}', 400),
        ("POST", "one/model", b'{"ambient":true}', 400),
    ],
)
async def test_the_control_port_says_what_is_wrong(
    http: aiohttp.ClientSession, method: str, path: str, body: bytes, status: int
) -> None:
    """Always in JSON, and nothing changes."""
    async with running(HOME, host="127.0.0.1", clock=ManualClock()) as devices:
        control = ControlPort(devices)
        await control.start("127.0.0.1", 0)
        url = f"http://127.0.0.1:{control.port}/devices/{path}"
        reply = await http.request(method, url, data=body or None)
        assert reply.status == status
        assert set(await reply.json()) == {"error"}
        assert devices[0].fault is None
        assert devices[0].model.ambient == 24
        await control.stop()


def test_the_default_home() -> None:
    """Twelve devices, each unlike the others."""
    devices = populate(DEFAULT_HOME, ManualClock())
    assert [device.name for device in devices] == [
        "kitchen",
        "office",
        "hall",
        "garage",
        "attic",
        "study",
        "bedroom",
        "workshop",
        "landing",
        "loft",
        "cellar",
        "porch",
    ]
    assert len({device.info()["macAddr"] for device in devices[:5]}) == 5
    assert devices[4].current_otp() is not None
    for avalon in devices[5:7]:
        assert set(avalon.info()) == {"summary", "estats", "pools", "id"}
    assert [device.firmware_name for device in devices[7:]] == [
        *("0.3.01", "1.2.01", "1.5.01", "1.8.10", "2.0.04")
    ]
    ports = [placement.port for placement in DEFAULT_HOME if placement.port]
    assert len(set(ports)) == len(ports) == 8


async def test_a_home_of_avalons(http: aiohttp.ClientSession) -> None:
    """They are listed by where they are reached, and take faults of their own."""
    home = (
        Placement(name="one", spec="avalon:nano3s:25061101"),
        Placement(name="two", spec="cgminer:4.11:privileged"),
        Placement(name="three", spec="axeos:gamma601:2.12"),
    )
    clock = ManualClock()
    async with running(home, host="127.0.0.1", clock=clock) as devices:
        control = ControlPort(devices)
        await control.start("127.0.0.1", 0)
        base = f"http://127.0.0.1:{control.port}/devices"
        listed = await (await http.get(base)).json()
        assert listed[0] == {
            "name": "one",
            "family": "avalon",
            "firmware": "25061101_97e23a6",
            "url": f"tcp://127.0.0.1:{devices[0].port}",
            "fault": None,
        }
        reply = await http.post(f"{base}/one/fault", json={"fault": "twice"})
        assert (await reply.json())["fault"] == "twice"
        reply = await http.post(f"{base}/three/fault", json={"fault": "twice"})
        assert reply.status == 400
        assert "twice" in (await reply.json())["error"]
        assert devices[2].fault is None
        await http.post(f"{base}/one/reboot")
        assert not devices[0].online
        clock.advance(9)
        assert devices[0].info()["summary"][0]["SUMMARY"][0]["Elapsed"] == 1
        await control.stop()


async def test_a_home_of_nmminers(http: aiohttp.ClientSession) -> None:
    """Each UDP device has an address of its own, whatever else is on the machine."""
    home = (
        Placement(name="one", spec="nmminer:0.3.01:nmlotto"),
        Placement(name="two", spec="nmminer:1.8.10", port=80),
        Placement(name="three", spec="nmminer:2.0.04:cyd28"),
        Placement(name="four", spec="cgminer:4.11", host="127.0.13.1"),
    )
    everywhere = str(IPv4Address(0))
    async with (
        running(home, host="127.0.0.1", clock=ManualClock()) as devices,
        running(home[:2], host=everywhere, clock=ManualClock()) as others,
    ):
        first, second, third, fourth = devices
        hosts = {device.host for device in (first, second, *others)}
        assert len(hosts) == 4
        assert all(host.startswith("127.0.12.") for host in hosts)
        assert first.url == f"udp://{first.host}:12345"
        assert second.port == 0
        assert third.url == f"http://127.0.0.1:{third.port}"
        assert fourth.url == f"tcp://127.0.13.1:{fourth.port}"
        control = ControlPort(devices)
        await control.start("127.0.0.1", 0)
        base = f"http://127.0.0.1:{control.port}/devices"
        listed = await (await http.get(base)).json()
        assert [device["url"] for device in listed] == [each.url for each in devices]
        assert listed[0]["family"] == "nmminer"
        reply = await http.post(f"{base}/one/fault", json={"fault": "garbage"})
        assert (await reply.json())["fault"] == "garbage"
        reply = await http.post(f"{base}/one/fault", json={"fault": "redirect"})
        assert reply.status == 400
        reply = await http.post(f"{base}/two/model", json={"wifi_rssi": -80})
        assert reply.status == 200
        assert second.info()["RSSI"] == -80
        await http.post(f"{base}/two/reboot")
        assert not second.online
        await control.stop()


def test_placements_are_read() -> None:
    """The port may be left out."""
    spec = "nerdqaxe:1.0.37"
    assert parse_placement(f"a={spec}@80") == Placement(name="a", spec=spec, port=80)
    assert parse_placement(f"a={spec}").port == 0
    host = "127.0.12.9"
    assert parse_placement(f"a={spec}@{host}") == Placement(
        name="a", spec=spec, host=host
    )
    assert parse_placement(f"a={spec}@{host}:80") == Placement(
        name="a", spec=spec, port=80, host=host
    )
    for place in ("", "x", ":", ":80", f"{host}:", f"{host}:x", "x:80", f"{host}:1:2"):
        with pytest.raises(SpecError):
            parse_placement(f"a={spec}@{place}")
    for wrong in ("a", "=x", "a="):
        with pytest.raises(SpecError):
            parse_placement(wrong)


@pytest.mark.parametrize(
    "spec",
    [
        "axeos",
        "axeos:gamma601",
        "axeos:gamma601:9.9",
        "nerdqaxe",
        "nerdqaxe:1.0.37:x",
        "avalon",
        "avalon:nano4",
        "avalon:nano3s:19700101",
        "avalon:nano3s:25061101:x",
        "cgminer",
        "cgminer:4.12",
        "cgminer:4.11:root",
        "nmminer",
        "nmminer:x",
        "nmminer:1.5.02",
        "nmminer:1.5.01:toaster",
        "nmminer:1.5.01:cyd28:x",
        "nmminer:2.0.09",
        "nmminer:2.0.04:toaster",
    ],
)
def test_a_spec_that_describes_nothing(spec: str) -> None:
    """Each family says how it is written."""
    with pytest.raises(SpecError):
        build(spec, seed=1, clock=ManualClock())


def test_the_secret_is_one_that_an_authenticator_takes() -> None:
    """Base32 of a whole number of bytes."""
    assert len(OTP_SECRET) % 8 == 0
