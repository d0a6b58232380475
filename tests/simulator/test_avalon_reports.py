"""What an Avalon tells of itself, model by model."""

from collections.abc import Callable
import json
from typing import Any

import pytest

from simulator.avalon import MODELS, AvalonDevice
from simulator.device import SimulatedDevice

from .cgminer_client import ask, fields, power, raw, rows, said, text

type Serve = Callable[[SimulatedDevice], Any]
type Avalon = Callable[..., AvalonDevice]

NANO3S_KEYS = (
    "Ver LVer BVer FW LED LEDUser LcdOnoff LcdSwitch DNA MEMFREE PFCnt NETFAIL "
    "SYSTEMSTATU Elapsed BOOTBY LW MH DHW HW DH ITemp OTemp TMax TAvg TarT Fan1 FanR "
    "PS GHSspd DHspd GHSmm GHSavg WU Freq MGHS MTmax MTavg TA Core BIN PING SoftOFF "
    "ECHU ECMM PLL0 SF0 PVT_T0 PVT_V0 MW0 CRC COMCRC ATA2 WORKMODE WORKLEVEL MPO "
    "CALIALL ADJ"
)
NANO3_KEYS = (
    "HashStatus Ver HVer DNA HDNA PFCnt NETFAIL Elapsed LW MH DHW HW DH Temp OTemp "
    "TMax TAvg TarT Fan1 FanR Vo PS GHSspd DHspd GHSmm GHSavg WU Freq Led MGHS MTmax "
    "MTavg TA Core PING SoftOFF ECHU ECMM PLL0 SF0 PVT_T0 PVT_V0 MW0 CRC ATA0 ATA1 "
    "ATA2 WORKLEVEL MPO ADJ"
)
NAMES = (
    "version config devs edevs pools summary switchpool poolpriority enablepool "
    "disablepool setpool devdetails stats estats litestats check coin ascset lcd "
    "lockstats time"
)
COMMANDS = frozenset(NAMES.split())
OLD_COMMANDS = COMMANDS - {"litestats", "time"} | {
    "addpool",
    "removepool",
    "privileged",
}


@pytest.mark.parametrize(
    ("board", "identity", "firmware_keys"),
    [
        ("nano3", ("Avalonnano", "nano3", "PMMv1_X1", "MM318_X2"), "VERSION HVERSION"),
        (
            "nano3s",
            ("Avalon Nano3s", "Nano3s", "N_MM1v1_X1", "MM319"),
            "LVERSION BVERSION CGVERSION DNA MAC",
        ),
        (
            "mini3",
            ("Avalon Mini3", "Mini3", "M_MM1v1_X1", "MM319"),
            "LVERSION BVERSION CGVERSION MCUVERSION DNA MAC",
        ),
        (
            "q",
            ("Avalon Q", "Q", "Q_MM1v1_X1", "MM319"),
            "LVERSION BVERSION CGVERSION HBMCUVERSION FANMCUVERSION DNA MAC",
        ),
    ],
)
async def test_version(
    serve: Serve,
    avalon: Avalon,
    board: str,
    identity: tuple[str, ...],
    firmware_keys: str,
) -> None:
    """A Nano 3 has no MAC here."""
    device = avalon(board)
    await serve(device)
    (row,) = await rows(device, "version")
    assert list(row) == [
        *("CGMiner", "API", "PROD", "MODEL", "HWTYPE", "SWTYPE"),
        *firmware_keys.split(),
        "UPAPI",
    ]
    assert (row["CGMiner"], row["API"]) == ("4.11.1", "3.7")
    assert (row["PROD"], row["MODEL"], row["HWTYPE"], row["SWTYPE"]) == identity
    assert device.firmware_name in row.values()
    assert device.mac.startswith("E0:E1:A9:")
    if "MAC" in row:
        assert row["MAC"] == device.mac.replace(":", "").lower()
        assert row["DNA"] == device.dna
        assert len(device.dna) == 16


@pytest.mark.parametrize(
    ("board", "firmware", "full"),
    [
        ("nano3s", "25061101", "25061101_97e23a6"),
        ("nano3s", "25021401_56abae7", "25021401_56abae7"),
        ("nano3", "24032701", "24032701"),
        ("mini3", "25061801", "25061801"),
    ],
)
def test_a_firmware_may_be_named_by_its_date(
    avalon: Avalon, board: str, firmware: str, full: str
) -> None:
    """Or with its revision."""
    assert avalon(board, firmware).firmware_name == full


def test_no_two_are_alike(avalon: Avalon) -> None:
    """And the same seed gives the same device."""
    assert avalon("q", seed=1).mac == avalon("q", seed=1).mac
    assert avalon("q", seed=1).mac != avalon("q", seed=2).mac
    assert avalon("q", seed=1).dna != avalon("q", seed=2).dna
    with pytest.raises(ValueError, match="no Avalon"):
        AvalonDevice(board="nano9")


@pytest.mark.parametrize("board", MODELS)
async def test_each_model_has_its_commands(
    serve: Serve, avalon: Avalon, board: str
) -> None:
    """No other answers anything but that it is invalid."""
    device = avalon(board)
    await serve(device)
    expected = OLD_COMMANDS if board == "nano3" else COMMANDS
    for name in COMMANDS | OLD_COMMANDS | {"restart", "quit", "save", "debug"}:
        exists = "Y" if name in expected else "N"
        reply = await ask(device, "check", name)
        assert reply["CHECK"] == [{"Exists": exists, "Access": exists}]
        if name not in expected:
            assert await said(device, name) == ("E", 14, "Invalid command")
    assert await said(device, "check") == ("E", 71, "Missing check cmd")


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("summary", 11, "Summary"),
        ("version", 22, "CGMiner versions"),
        ("config", 33, "CGMiner config"),
        ("devs", 9, "1 ASC(s)"),
        ("edevs", 9, "1 ASC(s)"),
        ("pools", 7, "3 Pool(s)"),
        ("devdetails", 69, "Device Details"),
        ("stats", 70, "CGMiner stats"),
        ("estats", 70, "CGMiner stats"),
        ("litestats", 70, "CGMiner stats"),
        ("coin", 78, "CGMiner coin"),
        ("lcd", 125, "LCD"),
    ],
)
async def test_reports(
    serve: Serve, avalon: Avalon, command: str, code: int, message: str
) -> None:
    """Each has its code, and its rows are the same in text."""
    device = avalon("nano3s")
    await serve(device)
    assert await said(device, command) == ("S", code, message)
    row = (await rows(device, command))[0]
    line = await text(device, command)
    assert all(f"{key}=" in line for key in row)


async def test_the_odd_reports(serve: Serve, avalon: Avalon) -> None:
    """They have no rows."""
    device = avalon("nano3s")
    await serve(device)
    assert await said(device, "lockstats") == ("W", 124, "Lock stats not enabled")
    assert (await said(device, "time"))[:2] == ("I", 130)
    assert await said(device, "time", "get") == ("I", 131, "Time set info: time t:UTC0")
    assert (await said(device, "time", "set"))[2].endswith("unknown argument")


async def test_numbers_have_their_decimals(serve: Serve, avalon: Avalon) -> None:
    """As printf makes them."""
    device = avalon("nano3s")
    await serve(device)
    reply = (await raw(device, "stats")).decode()
    assert '"Wait":0.000000,"Max":0.000000,"Min":99999999.000000,' in reply
    assert '"Work Diff":8192.00000000,' in reply
    assert '"Pool Rejected%":0.0000,' in (await raw(device, "summary")).decode()
    stats = await rows(device, "stats")
    assert [row["ID"] for row in stats] == ["AVALON0", "POOL0", "POOL1", "POOL2"]
    assert [row["ID"] for row in await rows(device, "estats")] == ["AVALON0"]


async def test_the_sums_agree(serve: Serve, avalon: Avalon) -> None:
    """Over the pools, the device and the time."""
    device = avalon("nano3s")
    device.advance(3000)
    await serve(device)
    (summary,) = await rows(device, "summary")
    (dev,) = await rows(device, "devs")
    pools = await rows(device, "pools")
    for key in ("Accepted", "Rejected", "Stale", "Difficulty Accepted"):
        assert summary[key] == sum(pool[key] for pool in pools)
    assert summary["Accepted"] == dev["Accepted"] > 100
    assert summary["Elapsed"] == 3600
    assert summary["MHS av"] == pytest.approx(6_550_000, rel=0.02)
    assert summary["MHS 5m"] == pytest.approx(6_600_000, rel=0.15)
    assert summary["Total MH"] == pytest.approx(summary["MHS av"] * 3600, rel=0.001)
    assert pools[0]["Last Share Time"] == dev["Last Share Time"]
    now = device.state.now
    assert now - 120 < pools[0]["Last Share Time"] <= now
    assert summary["Best Share"] > 8192


def test_the_short_rates_jump_and_the_speed_does_not(avalon: Avalon) -> None:
    """A Nano 3 shows twice its hashrate now and then."""
    device = avalon("nano3")
    fives, speeds = [], []
    for _ in range(400):
        device.advance(5)
        fives.append(device.state.rates.values["5s"] / 1000)
        speeds.append(device.model.hashrate)
    assert max(fives) > 1.6 * 3330
    assert min(fives) < 0.5 * 3330
    assert max(speeds) < 1.02 * 3330
    assert min(speeds) > 0.98 * 3330


async def test_the_line_of_a_nano_3s(serve: Serve, avalon: Avalon) -> None:
    """Its order is the firmware's."""
    device = avalon("nano3s")
    await serve(device)
    line = await fields(device)
    assert " ".join(line) == NANO3S_KEYS
    assert line["Ver"] == "Nano3s-25021401_56abae7"
    assert line["ITemp"] == "-273"
    assert line["SYSTEMSTATU"] == "Work: In Work, Hash Board: 1"
    assert line["WORKMODE"] == "2"
    assert line["ADJ"] == "1"
    assert line["LEDUser"] == "0-100-50-0-0-255"
    assert line["FanR"].endswith("%")
    assert float(line["GHSspd"]) == pytest.approx(6600, rel=0.02)
    supply = await power(device)
    assert supply[:2] == [0, 0]
    assert 27_000 < supply[2] < 28_500
    assert supply[4] == 0
    assert 3600 < supply[5] < 3750
    assert supply[6] == pytest.approx(140, abs=8)
    assert int(line["MPO"]) == 138
    assert int(line["Elapsed"]) > (await rows(device, "summary"))[0]["Elapsed"]
    lite = (await rows(device, "litestats"))[0]["MM ID0"]
    assert "STATE[1] MODE[2] LEVEL[0] GHSspd[" in lite
    assert "PS[" not in lite
    booting = AvalonDevice(board="nano3s", clock=device.clock)
    assert booting.state.work == "In Init"


async def test_the_line_of_a_nano_3(serve: Serve, avalon: Avalon) -> None:
    """The last number of its supply is a voltage, the one before it the power."""
    device = avalon("nano3")
    await serve(device)
    line = await fields(device)
    assert " ".join(line) == NANO3_KEYS
    assert line["DNA"] == "0" * 16
    assert line["HDNA"] == device.dna
    assert line["Freq"] == "0.00"
    assert line["MPO"] == "90"
    supply = await power(device)
    assert supply[5] == pytest.approx(92, abs=5)
    assert 300 < supply[6] < 360
    assert 2700 < supply[4] < 2850
    assert (await rows(device, "stats"))[0]["ID"] == "AVANANO0"


async def test_the_line_of_a_mini_3(serve: Serve, avalon: Avalon) -> None:
    """Only the last number of its supply is the power at the wall."""
    device = avalon("mini3")
    await serve(device)
    line = await fields(device)
    added = {"HashStatus", "Mcu0Ver", "HBTemp", "PCOMM_E"}
    assert added <= set(line)
    assert "CPU" not in line
    supply = await power(device)
    assert supply[6] == pytest.approx(800, rel=0.05)
    assert supply[4] < supply[6]
    assert supply[2] == supply[5] - 1


async def test_the_line_of_a_q(serve: Serve, avalon: Avalon) -> None:
    """It is wrapped, has four fans and tells the password of the pools."""
    device = avalon("q")
    await serve(device)
    (row,) = await rows(device, "estats")
    assert row["MM ID0:Summary"].startswith("'STATS':{Ver[Q-")
    assert row["HBinfo"].startswith("'HB0':{PVT_T0[")
    assert "MM ID0" not in row
    line = await fields(device)
    wanted = (
        "CPU STATE HBITemp HBOTemp Fan1 Fan2 Fan3 Fan4 SoftOffTime SoftOnTime Filter "
        "FanErr SoloAllowed SSID RSSI NetDevType Activation"
    )
    assert set(wanted.split()) <= set(line)
    assert line["CPU"] == "K230"
    supply = await power(device)
    assert supply[6] == pytest.approx(834, rel=0.05)
    pool = (await rows(device, "pools"))[0]
    assert pool["Password"] == "x"
    assert 0 < pool["Last Share Time"] <= 600
    lite = (await rows(device, "litestats"))[0]
    assert "PS[" in lite["MM ID0:Summary"]


async def test_info_is_plain(avalon: Avalon) -> None:
    """It can be printed as JSON and has the reports that a poll asks for."""
    info = avalon("q").info()
    assert list(info) == ["summary", "estats", "pools", "id"]
    assert json.loads(json.dumps(info)) == info
