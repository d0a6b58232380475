"""Tests for the fleet's totals over simulated miners."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.fleet.members import Member
from custom_components.miner_controller.fleet.totals import (
    Attention,
    Concern,
    Held,
    best_difficulty,
    concerns,
    efficiency,
    hashrate_total,
    hottest_chip,
)
from custom_components.miner_controller.protocols.model import MinerStatus
from simulator.faults import Fault
from simulator.identity import POOL_HOST, POOL_PORT
from tests.devices import StartDevice
from tests.integration import overridden, poll
from tests.integration.conftest import AddMiner

from .arrangement import (
    WORKER,
    add_fleet,
    catch_up,
    pass_time,
    pool,
    pool_id,
    reload,
    state_of,
)


def rename(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> None:
    """Give a miner another name."""
    hass.config_entries.async_update_entry(entry, title=title)


def shown(hass: HomeAssistant, fleet: MockConfigEntry, *keys: str) -> list[float]:
    """Return the values of sensors of the fleet."""
    return [float(state_of(hass, "sensor", fleet.entry_id, key).state) for key in keys]


def concerns_shown(hass: HomeAssistant, fleet: MockConfigEntry) -> dict[str, list[str]]:
    """Return why which miners are shown to need attention."""
    state = state_of(hass, "sensor", fleet.entry_id, "miners_needing_attention")
    miners = state.attributes["miners"]
    assert state.state == str(len(miners))
    titles = {
        entry.entry_id: entry.title for entry in hass.config_entries.async_entries()
    }
    assert all(titles[each["entry_id"]] == each["miner"] for each in miners)
    return {each["miner"]: each["reasons"] for each in miners}


def member(
    status: MinerStatus | None, name: str = "Bench", **coordinator: Any
) -> Member:
    """Return a miner that tells a status, None for one that is away."""
    known: dict[str, Any] = {
        "last_update_success": status is not None,
        "powered_off": False,
        "data": status,
        "hashing": True,
        "answered": True,
        "power_draw": None,
    }
    return Member(
        entry=MockConfigEntry(title=name),
        coordinator=cast("Any", SimpleNamespace(**{**known, **coordinator})),
    )


ATTENTION: tuple[tuple[Member, list[Attention]], ...] = (
    (member(MinerStatus()), []),
    (member(MinerStatus(), hashing=None), []),
    (member(None), [Attention.AWAY]),
    (Member(entry=MockConfigEntry(), coordinator=None), [Attention.AWAY]),
    (member(None, powered_off=True), []),
    (member(MinerStatus(), hashing=False), [Attention.NOT_HASHING]),
    (member(MinerStatus(mining=True), hashing=False), [Attention.NOT_HASHING]),
    # Somebody wanted it to pause.
    (member(MinerStatus(mining=False), hashing=False), []),
    (
        member(MinerStatus(overheated=True), hashing=False),
        [Attention.NOT_HASHING, Attention.OVERHEATED],
    ),
    (member(MinerStatus(power_fault=True)), [Attention.POWER_FAULT]),
    (member(MinerStatus(hardware_fault=True)), [Attention.HARDWARE_FAULT]),
    (member(MinerStatus(fallback_pool=True)), [Attention.FALLBACK_POOL]),
)


def test_attention() -> None:
    """Each reason to look after a miner is told, and nothing else."""
    for subject, reasons in ATTENTION:
        expected = (
            Concern(
                miner=subject.name,
                entry_id=subject.entry.entry_id,
                reasons=tuple(reasons),
            ),
        )
        assert concerns([subject]) == (expected if reasons else ())


def test_what_is_not_known_is_left_out() -> None:
    """A miner without a meter spoils no average, and a second chip is a chip."""
    members = [
        member(MinerStatus(hashrate=1e12, power=20, temperature=60)),
        member(MinerStatus(hashrate=9e12, temperature_2=61.5), "Attic"),
        member(MinerStatus(power=99, chip_temperatures=(None, 61.0))),
        member(MinerStatus(hashrate=0, power=3)),
        member(None),
    ]
    assert efficiency(members) == 20
    assert hashrate_total(members) == 1e13
    assert hottest_chip(members) == Held(value=61.5, miner="Attic")
    assert best_difficulty(members) is None
    assert efficiency(members[2:]) is hashrate_total(members[4:]) is None


async def test_totals_are_over_all_miners(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """The totals are what the miners tell together."""
    fleet = await add_fleet(hass)
    entries = [
        await add(await start_device(profile, seed=seed))
        for seed, profile in enumerate(
            ("axeos-2.14", "nerdqaxe-1.1.0", "avalon-nano3s")
        )
    ]
    await catch_up(hass, freezer)
    statuses = [entry.runtime_data.data for entry in entries]

    def value(key: str) -> float:
        return float(state_of(hass, "sensor", fleet.entry_id, key).state)

    hashrate = sum(status.hashrate for status in statuses)
    power = sum(status.power for status in statuses)
    assert value("total_hashrate") == pytest.approx(hashrate / 1e12, rel=1e-5)
    assert value("total_power") == pytest.approx(power, abs=0.2)
    assert value("efficiency") == pytest.approx(power / (hashrate / 1e12), abs=0.1)
    assert value("miners_online") == value("miners_total") == 3
    assert value("best_difficulty") == max(
        status.best_difficulty or status.best_session_difficulty for status in statuses
    )


async def test_nothing_is_known_without_miners(hass: HomeAssistant) -> None:
    """No figure is made up where there is no miner."""
    fleet = await add_fleet(hass)
    for key in ("total_hashrate", "total_power", "efficiency", "hottest_chip"):
        assert state_of(hass, "sensor", fleet.entry_id, key).state == STATE_UNKNOWN
    for key in ("miners_online", "miners_total", "miners_needing_attention"):
        assert state_of(hass, "sensor", fleet.entry_id, key).state == "0"


async def test_miner_that_is_away(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """It counts as away, and as zero in no sum and no average."""
    devices = [await start_device("axeos-2.14", seed=seed) for seed in (1, 2)]
    for device, temperature in zip(devices, (50, 60), strict=True):
        told = overridden(device)
        told |= {"hashRate": 2000, "power": 40, "temp": temperature}
    bench, attic = [await add(device) for device in devices]
    rename(hass, attic, "Attic")
    fleet = await add_fleet(hass)
    sums = ("total_hashrate", "total_power", "efficiency", "hottest_chip")
    assert shown(hass, fleet, *sums) == [4, 80, 20, 60]
    assert concerns_shown(hass, fleet) == {}
    await devices[1].set_fault(Fault.REFUSE)
    await poll(hass, freezer, *devices)
    await catch_up(hass, freezer)
    assert shown(hass, fleet, *sums) == [2, 40, 20, 50]
    assert shown(hass, fleet, "miners_online", "miners_total") == [1, 2]
    assert concerns_shown(hass, fleet) == {"Attic": ["away"]}
    hottest = state_of(hass, "sensor", fleet.entry_id, "hottest_chip")
    assert hottest.attributes["miner"] == bench.title
    await devices[0].set_fault(Fault.REFUSE)
    await poll(hass, freezer, *devices)
    await catch_up(hass, freezer)
    for key in sums:
        state = state_of(hass, "sensor", fleet.entry_id, key)
        assert state.state == STATE_UNKNOWN
        assert "miner" not in state.attributes
    assert concerns_shown(hass, fleet) == {"Bench": ["away"], "Attic": ["away"]}


async def test_miner_that_its_switch_keeps_off(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """What it does and draws is known: nothing. That is no reason to worry."""
    hass.states.async_set("switch.plug", "on")
    device = await start_device("axeos-2.14")
    overridden(device)["power"] = 3600
    await add(device, power_switch="switch.plug")
    fleet = await add_fleet(hass)
    assert shown(hass, fleet, "total_power", "miners_online") == [3600, 1]
    await device.stop()
    hass.states.async_set("switch.plug", "off")
    await hass.async_block_till_done(wait_background_tasks=True)
    await catch_up(hass, freezer)
    assert shown(
        hass, fleet, "total_hashrate", "total_power", "miners_online", "miners_total"
    ) == [0, 0, 0, 1]
    assert concerns_shown(hass, fleet) == {}
    efficiency = state_of(hass, "sensor", fleet.entry_id, "efficiency")
    assert efficiency.state == STATE_UNKNOWN
    await poll(hass, freezer, device, seconds=60)
    # From when it was switched off on it has drawn nothing.
    assert shown(hass, fleet, "total_energy") == [0]


async def test_updates_are_rare(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """However often miners tell something, the totals change once in five seconds."""
    coordinator = (await add(await start_device("axeos-2.14"))).runtime_data
    fleet = await add_fleet(hass)
    await catch_up(hass, freezer)
    updates: list[float] = []
    totals = fleet.runtime_data.totals
    totals.async_add_listener(lambda: updates.append(totals.data.hashrate))

    def tell(*hashrates: float) -> None:
        for hashrate in hashrates:
            coordinator.async_set_updated_data(
                replace(coordinator.data, hashrate=hashrate)
            )

    tell(*range(1, 51))
    assert updates == [1]
    await pass_time(hass, freezer, 4)
    tell(51)
    assert updates == [1]
    await pass_time(hass, freezer, 1.1)
    assert updates == [1, 51]
    tell(52)
    assert updates == [1, 51]
    await pass_time(hass, freezer, 5.1)
    assert updates == [1, 51, 52]
    # Nothing was told since, so there is nothing to show.
    await pass_time(hass, freezer, 5.1)
    assert updates == [1, 51, 52]
    tell(53)
    assert updates == [1, 51, 52, 53]
    # A fleet that is gone hears of nothing.
    tell(54)
    await hass.config_entries.async_unload(fleet.entry_id)
    tell(55)
    await pass_time(hass, freezer, 6)
    assert updates == [1, 51, 52, 53]


async def test_miners_come_and_go(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner is followed from when it is added, whatever becomes of it."""
    fleet = await add_fleet(hass)
    device = await start_device("axeos-2.14")
    told = overridden(device)
    told["hashRate"] = 1000

    async def counted(total: int, online: int) -> None:
        await catch_up(hass, freezer)
        assert shown(hass, fleet, "miners_total", "miners_online") == [total, online]

    entry = await add(device)
    await counted(1, 1)
    rename(hass, entry, "Attic")
    await counted(1, 1)
    for key in ("hottest_chip", "best_difficulty"):
        held = state_of(hass, "sensor", fleet.entry_id, key)
        assert held.attributes["miner"] == "Attic"
    told["hashRate"] = 2000
    await reload(hass, entry)
    await counted(1, 1)
    assert shown(hass, fleet, "total_hashrate") == [2]
    # It is the new coordinator that is heard.
    told["hashRate"] = 1500
    await poll(hass, freezer, device)
    await counted(1, 1)
    assert shown(hass, fleet, "total_hashrate") == [1.5]
    await hass.config_entries.async_unload(entry.entry_id)
    await counted(1, 0)
    assert concerns_shown(hass, fleet) == {"Attic": ["away"]}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await counted(1, 1)
    for disabled, total in ((ConfigEntryDisabler.USER, 0), (None, 1)):
        await hass.config_entries.async_set_disabled_by(entry.entry_id, disabled)
        await counted(total, total)
    # What else happens to other entries is nobody's business.
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    hass.config_entries.async_update_entry(other, title="Other")
    await hass.config_entries.async_remove(entry.entry_id)
    await counted(0, 0)
    assert concerns_shown(hass, fleet) == {}


async def test_two_miners_with_one_name(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Nothing depends on a name: both are counted, also those of one pool."""
    for seed in (1, 2):
        await add(await start_device("axeos-2.14", seed=seed))
    fleet = await add_fleet(
        hass, pool("Quarry", f"{POOL_HOST}:{POOL_PORT}", probe_unused=False)
    )
    quarry = pool_id(fleet, "Quarry")
    assert shown(hass, fleet, "miners_total") == [2]
    assert state_of(hass, "sensor", quarry, "miners").state == "2"


async def test_shares(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Shares are counted by day and for the pool that they were found for."""
    await hass.config.async_set_time_zone("Europe/London")
    freezer.move_to("2026-11-10 23:50:00+00:00")
    entry = await add(await start_device("axeos-2.14"))
    coordinator, status = entry.runtime_data, entry.runtime_data.data
    fleet = await add_fleet(
        hass,
        # The worker tells which of two pools at one address it is.
        pool("Other", f"{POOL_HOST}:{POOL_PORT}", worker="{mac}.x", priority=1),
        pool("Quarry", f"{POOL_HOST}:{POOL_PORT}", worker=status.active_pool.user),
    )
    other, quarry = pool_id(fleet, "Other"), pool_id(fleet, "Quarry")
    today = ("shares_accepted_today", "shares_rejected_today")
    assert shown(hass, fleet, *today) == [0, 0]
    found = {
        "shares_accepted": status.shares_accepted + 7,
        "shares_rejected": status.shares_rejected + 1,
    }
    coordinator.async_set_updated_data(replace(status, **found))
    coordinator.async_set_updated_data(replace(status, shares_accepted=None))
    await catch_up(hass, freezer)
    assert shown(hass, fleet, *today) == [7, 1]
    for owner, numbers in ((quarry, ["1", "7", "1"]), (other, ["0", "0", "0"])):
        assert [
            state_of(hass, "sensor", owner, key).state
            for key in ("miners", "shares_accepted", "shares_rejected")
        ] == numbers
    # A day ends for miners that tell nothing too.
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(hass, freezer, 600)
    await catch_up(hass, freezer)
    assert shown(hass, fleet, *today) == [0, 0]
    assert state_of(hass, "sensor", quarry, "shares_accepted").state == "7"


async def test_reply_that_lacks_a_counter(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A counter that is missing is no sign of a new beginning."""
    entry = await add(await start_device("axeos-2.14"))
    fleet = await add_fleet(hass)
    coordinator, counts = entry.runtime_data, fleet.runtime_data.totals

    def tell(accepted: int, rejected: int | None, uptime: float) -> tuple[int, int]:
        coordinator.async_set_updated_data(
            replace(
                coordinator.data,
                shares_accepted=accepted,
                shares_rejected=rejected,
                uptime=uptime,
            )
        )
        counts.async_update_totals()
        today = counts.data.shares_today
        return today.accepted, today.rejected

    begun = tell(10_000, 20, 1000)
    assert tell(10_010, None, 1015) == (begun[0] + 10, begun[1])
    assert tell(10_020, 21, 1030) == (begun[0] + 20, begun[1] + 1)
    # A single reply of zeros is none either, as the miner goes on.
    assert tell(0, 0, 1045) == (begun[0] + 20, begun[1] + 1)
    assert tell(10_021, 21, 1060) == (begun[0] + 21, begun[1] + 1)
    # One that has started anew is believed.
    assert tell(2, 0, 5) == (begun[0] + 23, begun[1] + 1)


async def test_miner_that_is_set_up_anew(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Nobody needs to look after a miner whose options were changed."""
    entry = await add(await start_device("axeos-2.14"))
    fleet = await add_fleet(hass)
    totals = fleet.runtime_data.totals
    concerned: list[int] = []
    totals.async_add_listener(lambda: concerned.append(len(totals.data.concerns)))
    entry.async_on_unload(totals.async_update_totals)
    await reload(hass, entry)
    totals.async_update_totals()
    assert len(concerned) >= 2
    assert set(concerned) == {0}


def test_difficulty_that_nobody_can_find() -> None:
    """What is taken for the best is never given up, so nonsense is not taken."""
    found = best_difficulty(
        [
            member(MinerStatus(best_difficulty=2e18), "Odd"),
            member(MinerStatus(best_difficulty=1e9), "Good"),
        ]
    )
    assert found == Held(value=1e9, miner="Good")


async def test_worker_that_is_none_of_the_pools(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Where no worker fits, it is the preferred one of the pools at the address."""
    device = await start_device("avalon-nano3")
    entry = await add(device)
    assert entry.runtime_data.identity.mac is None
    fleet = await add_fleet(
        hass,
        pool("Second", f"{POOL_HOST}:{POOL_PORT}", worker=WORKER, priority=2),
        pool("First", f"{POOL_HOST}:{POOL_PORT}", worker="{mac}", priority=1),
    )
    first, second = pool_id(fleet, "First"), pool_id(fleet, "Second")
    assert state_of(hass, "sensor", first, "miners").state == "1"
    assert state_of(hass, "sensor", second, "miners").state == "0"
