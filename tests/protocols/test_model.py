"""What a miner is and can do survives storage, and figures follow from a status."""

from dataclasses import replace
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Pool,
    PoolSlot,
    Range,
    WorkMode,
)

FULL = Capabilities(
    frequency=Range(minimum=400, maximum=625),
    frequency_limit=Range(minimum=400, maximum=800),
    core_voltage=Range(minimum=1.0, maximum=1.25, step=0.001),
    core_voltage_limit=Range(minimum=1.0, maximum=1.4, step=0.001),
    fan_speed=Range(minimum=0, maximum=100),
    target_temperature=Range(minimum=35, maximum=66),
    automatic_fan=True,
    automatic_fan_told=False,
    pause=True,
    shutdown=True,
    locate=True,
    clear_overheat=True,
    restart=False,
    pool_slots=8,
    switch_pool=True,
    set_pool=True,
    restart_for_pool=True,
    work_modes=(
        WorkMode(name="eco", frequency=400, core_voltage=1.1),
        WorkMode(name="standard", frequency=525, core_voltage=1.15),
    ),
    named_modes=("eco", "super"),
)


def through_json(data: dict[str, Any]) -> dict[str, Any]:
    """Return what storage gives back."""
    restored: dict[str, Any] = json.loads(json.dumps(data))
    return restored


@pytest.mark.parametrize(
    "identity",
    [
        MinerIdentity(
            family=MinerFamily.AXEOS,
            manufacturer="Bitaxe",
            model="Bitaxe Gamma",
            mac="5a:51:00:00:00:01",
            firmware="v2.12.0",
            hardware="601",
            hostname="bitaxe",
        ),
        MinerIdentity(
            family=MinerFamily.NERDQAXE, manufacturer="NerdQAxe", model="NerdQAxe++"
        ),
        MinerIdentity(
            family=MinerFamily.AVALON,
            manufacturer="Canaan",
            model="Avalon Nano 3",
            serial="0201000000000001",
        ),
        MinerIdentity(
            family=MinerFamily.CGMINER, manufacturer=None, model="cgminer miner"
        ),
    ],
)
def test_an_identity_survives_storage(identity: MinerIdentity) -> None:
    """The identity that is restored equals the one that was stored."""
    restored = MinerIdentity.from_dict(through_json(identity.as_dict()))
    assert restored == identity
    assert restored.family is identity.family


@pytest.mark.parametrize("capabilities", [FULL, Capabilities()])
def test_capabilities_survive_storage(capabilities: Capabilities) -> None:
    """Storage changes nothing, and what is stored is plain JSON."""
    data = capabilities.as_dict()
    assert through_json(data) == data
    assert Capabilities.from_dict(through_json(data)) == capabilities


def test_a_range_includes_both_ends() -> None:
    """Only what lies outside is outside."""
    values = Range(minimum=400, maximum=800)
    assert 400 in values
    assert 800 in values
    assert 399.9 not in values
    assert 800.1 not in values


@pytest.mark.parametrize(
    ("frequency", "core_voltage", "matches"),
    [
        (525, 1.15, True),
        (525.4, 1.1504, True),
        (526, 1.15, False),
        (525, 1.151, False),
        (None, 1.15, False),
        (525, None, False),
    ],
)
def test_a_mode_is_told_by_both_values(
    frequency: float | None, core_voltage: float | None, matches: bool
) -> None:
    """A miner works in a mode only if frequency and core voltage are the mode's."""
    mode = WorkMode(name="standard", frequency=525, core_voltage=1.15)
    assert mode.matches(frequency, core_voltage) is matches


def test_a_pool_shows_no_user() -> None:
    """The payout address is not in what logs show."""
    pool = Pool(host="pool.example", port=3333, user="payout.worker")
    assert pool.address == "pool.example:3333"
    assert "payout" not in repr(pool)
    assert Pool(host="pool.example").address == "pool.example"


@pytest.mark.parametrize(
    ("power", "hashrate", "average", "expected"),
    [
        (17.0, 1e12, None, 17),
        (17.0, 1e12, 2e12, 8.5),
        (17.0, 1e12, 0, 17),
        (17.0, 0, 1e12, None),
        (17.0, None, 1e12, None),
        (None, 1e12, 1e12, None),
        (0, 1e12, 1e12, None),
    ],
)
def test_efficiency_is_energy_for_work(
    power: float | None,
    hashrate: float | None,
    average: float | None,
    expected: float | None,
) -> None:
    """J/TH come from power and the steadier hashrate, while there is work."""
    status = MinerStatus(power=power, hashrate=hashrate, hashrate_average=average)
    assert status.efficiency == expected


@pytest.mark.parametrize(
    ("accepted", "rejected", "expected"),
    [
        (3, 1, 25),
        (4, 0, 0),
        (0, 4, 100),
        (0, 0, None),
        (None, 1, None),
        (1, None, None),
    ],
)
def test_the_reject_rate_is_a_share_of_all(
    accepted: int | None, rejected: int | None, expected: float | None
) -> None:
    """There is no rate before the first share."""
    status = MinerStatus(shares_accepted=accepted, shares_rejected=rejected)
    assert status.reject_rate == expected


@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_the_reject_rate_is_a_percentage(accepted: int, rejected: int) -> None:
    """Whatever the counters say, the rate is between 0 and 100."""
    rate = MinerStatus(shares_accepted=accepted, shares_rejected=rejected).reject_rate
    assert (rate is None) is (accepted + rejected == 0)
    assert rate is None or 0 <= rate <= 100


@pytest.mark.parametrize(
    ("status", "previous", "expected"),
    [
        (MinerStatus(hashrate=1e12), None, True),
        (MinerStatus(hashrate=0), None, False),
        (MinerStatus(hashrate=1e12, mining=False), None, False),
        (MinerStatus(hashrate=1e12, overheated=True), None, False),
        (MinerStatus(hashrate=1e12, mining=True, overheated=False), None, True),
        (MinerStatus(shares_accepted=5), None, None),
        (MinerStatus(shares_accepted=5), MinerStatus(), None),
        (MinerStatus(), MinerStatus(shares_accepted=5), None),
        (MinerStatus(shares_accepted=5), MinerStatus(shares_accepted=5), None),
        (MinerStatus(shares_accepted=6), MinerStatus(shares_accepted=5), True),
        # A hashrate tells more than the shares.
        (
            MinerStatus(hashrate=0, shares_accepted=6),
            MinerStatus(shares_accepted=5),
            False,
        ),
    ],
)
def test_hashing_takes_more_than_an_answer(
    status: MinerStatus, previous: MinerStatus | None, expected: bool | None
) -> None:
    """The hashrate shows work, else new shares do, else it is not known."""
    assert status.is_hashing(previous) is expected


def test_what_a_later_version_stored_is_left_out() -> None:
    """A home may go back to an earlier version."""
    capabilities = Capabilities(
        frequency=Range(minimum=400, maximum=625),
        work_modes=(WorkMode(name="eco", frequency=400, core_voltage=1.1),),
    )
    stored = capabilities.as_dict()
    stored["quantum"] = True
    stored["frequency"]["colour"] = "red"
    stored["work_modes"][0]["smell"] = "burnt"
    assert Capabilities.from_dict(stored) == capabilities
    identity = MinerIdentity(
        family=MinerFamily.AXEOS, manufacturer="Bitaxe", model="Bitaxe Gamma"
    )
    assert MinerIdentity.from_dict({**identity.as_dict(), "owner": "me"}) == identity


def test_what_an_earlier_version_stored_is_still_read() -> None:
    """It did not know what was added since, which has its default then."""
    stored = through_json(FULL.as_dict())
    for name in (
        "automatic_fan_told",
        "named_modes",
        "restart",
        "restart_for_pool",
        "set_pool",
        "switch_pool",
    ):
        del stored[name]
    assert Capabilities.from_dict(stored) == replace(
        FULL,
        automatic_fan_told=True,
        named_modes=(),
        restart=True,
        restart_for_pool=False,
        set_pool=False,
        switch_pool=False,
    )
    identity = MinerIdentity(
        family=MinerFamily.AXEOS,
        manufacturer="Bitaxe",
        model="Bitaxe Gamma",
        mac="5a:51:00:00:00:01",
    )
    stored = through_json(identity.as_dict())
    del stored["serial"]
    assert MinerIdentity.from_dict(stored) == identity


@pytest.mark.parametrize(
    ("mac", "serial", "ids"),
    [
        ("5a:51:00:00:00:01", "0201", ("5a:51:00:00:00:01", "0201")),
        ("5a:51:00:00:00:01", None, ("5a:51:00:00:00:01",)),
        (None, "0201", ("0201",)),
        (None, None, ()),
    ],
)
def test_what_tells_a_miner_from_others(
    mac: str | None, serial: str | None, ids: tuple[str, ...]
) -> None:
    """The address of the network comes first, and a miner may have nothing."""
    identity = MinerIdentity(
        family=MinerFamily.AVALON,
        manufacturer="Canaan",
        model="Avalon",
        mac=mac,
        serial=serial,
    )
    assert identity.ids == ids


def test_a_slot_shows_no_user() -> None:
    """Neither does the status that holds it."""
    pool = Pool(host="pool.example", user="payout.worker")
    slot = PoolSlot(number=1, pool=pool)
    status = MinerStatus(active_slot=slot, pool_slots=(slot,), active_pool=pool)
    assert "payout" not in repr(status)
