"""What each AxeOS version reports: the set, the types and the formats of fields."""

from collections.abc import Callable
import re
from typing import Any

import pytest

from simulator.axeos import FIRMWARES, AxeOSDevice
from simulator.clock import ManualClock

type Make = Callable[..., AxeOSDevice]

# Written down from the firmware's history, independently of the simulator's table.
ADDED = {
    "2.4": """
        power voltage current temp hashRate bestDiff freeHeap coreVoltage
        coreVoltageActual frequency ssid wifiStatus sharesAccepted sharesRejected
        uptimeSeconds ASICModel stratumURL stratumPort stratumUser version
        boardVersion runningPartition flipscreen invertscreen invertfanpolarity
        autofanspeed fanspeed vrTemp bestSessionDiff hostname asicCount
        smallCoreCount overheat_mode fanrpm isUsingFallbackStratum macAddr
        fallbackStratumURL fallbackStratumPort fallbackStratumUser stratumDiff
        idfVersion""",
    "2.6": """
        maxPower nominalVoltage isPSRAMAvailable wifiRSSI apEnabled
        sharesRejectedReasons overclockEnabled""",
    "2.7": "displayTimeout temptarget",
    "2.8": "expectedHashrate display statsLimit statsDuration",
    "2.9": """
        poolDifficulty responseTime axeOSVersion rotation statsFrequency
        stratumSuggestedDifficulty stratumExtranonceSubscribe
        fallbackStratumSuggestedDifficulty fallbackStratumExtranonceSubscribe""",
    "2.10": "temp2 minFanSpeed",
    "2.11": """
        errorPercentage freeHeapInternal freeHeapSpiram ipv4 ipv6 manualFanSpeed
        fan2rpm poolAddrFamily blockFound blockHeight scriptsig networkDifficulty
        hashrateMonitor""",
    "2.12": "hashRate_1m hashRate_10m hashRate_1h resetReason",
    "2.13": """
        poolConnectionInfo stratumTLS stratumCert stratumDecodeCoinbase
        fallbackStratumTLS fallbackStratumCert fallbackStratumDecodeCoinbase
        showNewBlock coinbaseOutputs coinbaseValueTotalSatoshis
        coinbaseValueUserSatoshis""",
    "2.14": """
        actualFrequency miningPaused responseShareBatch processTime cpuUsage
        stratumProtocol stratumV2ChannelType stratumV2AuthorityPubkey
        fallbackStratumProtocol fallbackStratumV2ChannelType
        fallbackStratumV2AuthorityPubkey statsLimit blockSignals""",
    "2.15": """
        fullHostname mdnsHostname sharesPending workReceived minFreeHeap maxAllocHeap
        totalUptimeSeconds totalHashes totalLog2Work primaryPoolIndex
        secondaryPoolIndex useFallbackStratum pools useCustomWWW partitions""",
}
REMOVED = {
    "2.7": "invertfanpolarity",
    "2.9": "asicCount stratumDiff flipscreen statsLimit statsDuration",
    "2.13": "poolAddrFamily",
}


def expected_fields(firmware: str) -> set[str]:
    """Return the fields of a version once it mines without a fault."""
    fields: set[str] = set()
    for version in FIRMWARES[: FIRMWARES.index(firmware) + 1]:
        fields |= set(ADDED.get(version, "").split())
        fields -= set(REMOVED.get(version, "").split())
    return fields


@pytest.mark.parametrize("board", ["gamma601", "supra401", "ultra204"])
@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_version_reports_exactly_its_fields(
    bitaxe: Make, firmware: str, board: str
) -> None:
    """Nothing is missing and nothing comes from another version."""
    assert set(bitaxe(firmware, board).info()) == expected_fields(firmware)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_numbers_are_numbers_and_flags_are_flags(bitaxe: Make, firmware: str) -> None:
    """Each field keeps one JSON type in all versions but where it changed."""
    info = bitaxe(firmware).info()
    version = tuple(int(part) for part in firmware.split("."))
    for name in ("power", "voltage", "current", "temp", "hashRate", "uptimeSeconds"):
        assert type(info[name]) in (int, float), name
    for name in ("coreVoltage", "frequency", "sharesAccepted", "stratumPort"):
        assert type(info[name]) is int, name
    for name in ("autofanspeed", "overheat_mode", "isUsingFallbackStratum"):
        assert type(info[name]) is int, name
        assert info[name] in (0, 1)
    for name in ("bestDiff", "bestSessionDiff"):
        assert type(info[name]) is (int if version >= (2, 11) else str), name
    flag = bool if version >= (2, 14) else int
    for name in ("stratumExtranonceSubscribe", "fallbackStratumDecodeCoinbase"):
        if name in info:
            assert type(info[name]) is flag, name
    assert info["version"] == f"v{firmware}.0"
    assert re.fullmatch(r"([0-9A-F]{2}:){5}[0-9A-F]{2}", info["macAddr"])


@pytest.mark.parametrize(
    ("firmware", "text"),
    [
        ("2.4", "4.29G"),
        ("2.8", "4.29G"),
        ("2.9", "4.29G"),
        ("2.10", "4.29 G"),
        ("2.11", 4_290_000_000),
        ("2.15", 4_290_000_000),
    ],
)
def test_the_best_difficulty_has_the_notation_of_its_version(
    bitaxe: Make, firmware: str, text: str | int
) -> None:
    """The same number is written in four ways."""
    device = bitaxe(firmware)
    device.model.best_difficulty = 4_290_000_000
    assert device.info()["bestDiff"] == text


@pytest.mark.parametrize(
    ("firmware", "difficulty", "text"),
    [
        ("2.4", 483_210, "483k"),
        ("2.4", 999_700, "1e+03k"),
        ("2.4", 512, "512"),
        ("2.9", 1_380_000_000, "1.38G"),
        ("2.9", 483_210, "483.21k"),
        ("2.10", 1_380_000_000, "1.38 G"),
    ],
)
def test_other_sizes_of_difficulty(
    bitaxe: Make, firmware: str, difficulty: int, text: str
) -> None:
    """Small numbers are bare, `k` is lower case, and rounding shows."""
    device = bitaxe(firmware)
    device.model.best_difficulty = difficulty
    assert device.info()["bestDiff"] == text


@pytest.mark.parametrize("firmware", ["2.4", "2.9", "2.10"])
def test_no_difficulty_yet_is_a_bare_zero(firmware: str) -> None:
    """The session's best is `0` right after boot."""
    device = AxeOSDevice(firmware=firmware, clock=ManualClock())
    assert device.info()["bestSessionDiff"] == "0"


def test_the_first_seconds_after_boot() -> None:
    """No hashrate, no job and so no block fields until the pool has answered."""
    device = AxeOSDevice(firmware="2.15", clock=ManualClock())
    device.advance(2)
    info = device.info()
    assert info["hashRate"] == 0
    block = {"blockHeight", "scriptsig", "networkDifficulty"}
    assert not block & set(info)
    device.advance(10)
    assert block <= set(device.info())


@pytest.mark.parametrize(
    ("firmware", "power", "hardware"),
    [("2.4", False, False), ("2.6", True, False), ("2.14", True, True)],
)
def test_fault_keys_are_there_only_while_faulted(
    bitaxe: Make, firmware: str, power: bool, hardware: bool
) -> None:
    """A healthy device has no such key, and old firmware never has."""
    device = bitaxe(firmware)
    assert not {"power_fault", "hardware_fault"} & set(device.info())
    device.model.power_fault = "Input undervoltage"
    device.model.hardware_fault = "Chip count is 0"
    info = device.info()
    assert ("power_fault" in info) is power
    assert ("hardware_fault" in info) is hardware


def test_sensors_that_a_board_has_not(bitaxe: Make) -> None:
    """A Supra 401 has no regulator sensor and measures its input current."""
    gamma = bitaxe("2.15").info()
    supra = bitaxe("2.15", "supra401").info()
    assert gamma["temp2"] == supra["temp2"] == -1
    assert gamma["vrTemp"] > 24
    assert supra["vrTemp"] == 0
    assert 9_000 < gamma["current"] < 13_000
    watts = supra["current"] * supra["voltage"] / 1e6
    assert supra["power"] == pytest.approx(watts, rel=0.01)


def test_floats_show_that_they_were_single_precision(bitaxe: Make) -> None:
    """A measured value has the long tail, a whole one no decimal point."""
    info = bitaxe("2.12").info()
    assert len(str(info["power"])) > 8
    assert type(info["expectedHashrate"]) is int
    assert info["expectedHashrate"] == 1071


def test_hashrate_monitor_counts_the_chips(bitaxe: Make) -> None:
    """Its list replaces the chip count that 2.9 took away."""
    monitor = bitaxe("2.11").info()["hashrateMonitor"]
    assert len(monitor["asics"]) == 1
    chip = monitor["asics"][0]
    assert set(chip) == {"total", "domains", "errorCount"}
    assert sum(chip["domains"]) == pytest.approx(chip["total"])


def test_pools_are_shown_without_their_passwords(bitaxe: Make) -> None:
    """The slots that are filled, each with the same fourteen keys."""
    pools: list[dict[str, Any]] = bitaxe("2.15").info()["pools"]
    assert [pool["id"] for pool in pools] == [0, 1]
    assert {len(pool) for pool in pools} == {14}
    assert {pool["stratumPassword"] for pool in pools} == {"*****"}


def test_an_unknown_board_or_firmware_is_refused() -> None:
    """A misspelt device is no device."""
    with pytest.raises(ValueError, match="no AxeOS board"):
        AxeOSDevice(board="gamma999")
    with pytest.raises(ValueError, match="no AxeOS firmware"):
        AxeOSDevice(firmware="3.0")
