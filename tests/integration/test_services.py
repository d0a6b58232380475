"""Tests for the actions: unlocking a miner, and changing its pools."""

import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import CONF_OTP_EARLY, DOMAIN
from custom_components.miner_controller.miner.issues import MinerIssue
from simulator.avalon import AvalonDevice
from simulator.faults import Fault
from simulator.identity import PAYOUT
from tests.devices import AVALON_PROFILES, Device, StartDevice

from . import (
    OTP_SECRET,
    call,
    device_entry,
    find_issue,
    full_state,
    poll,
    state,
    told_fields,
    writes,
)
from .conftest import AddMiner

POOL_ACTIONS = ("disable_pool", "enable_pool", "set_pool", "set_pool_priority")

# What a slot is filled with in these tests, and the login that it takes.
NEW_POOL = {
    "url": "stratum+tcp://solo.shale-pool.example:4334",
    "worker": f"{PAYOUT}.shed",
    "password": "d=8192",
}
WEB_PASSWORD = "quarry-7-lane"

PROFILES_WITH_OTP = ["nerdqaxe-1.0.34", "nerdqaxe-1.0.37", "nerdqaxe-1.1.0"]


async def unlock(hass: HomeAssistant, entry: MockConfigEntry, code: object) -> None:
    """Call the action."""
    await hass.services.async_call(
        DOMAIN,
        "unlock",
        {"device_id": device_entry(hass, entry).id, "code": code},
        blocking=True,
    )


def right_code(device: Device) -> str:
    """Return the code that is right now."""
    code = device.current_otp()
    assert code is not None
    return code


def wrong_code(device: Device) -> str:
    """Return a code that is not right."""
    return "000000" if right_code(device) != "000000" else "111111"


async def test_set_up_without_miners(hass: HomeAssistant) -> None:
    """The action is there before any miner is."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.has_service(DOMAIN, "unlock")


@pytest.mark.parametrize("profile", PROFILES_WITH_OTP)
async def test_refused_write(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A write without a code is an error that says what to do, and raises a repair."""
    device = await start_device(profile, otp_secret=OTP_SECRET)
    entry = await add(device)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "frequency", "number.set_value", value=575)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "locked"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    # It could count as a wrong code, so it is not even tried.
    assert writes(device) == []
    issue = find_issue(hass, entry, MinerIssue.OTP_REQUIRED)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_key == "otp_required"
    assert issue.translation_placeholders == {"miner": "Bench"}


@pytest.mark.parametrize("profile", PROFILES_WITH_OTP)
async def test_unlock(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """The right code takes the repair back and opens the miner for a day."""
    device = await start_device(profile, otp_secret=OTP_SECRET)
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        await call(hass, entry, "frequency", "number.set_value", value=575)
    await unlock(hass, entry, right_code(device))
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
    for value in (575, 525):
        await call(hass, entry, "frequency", "number.set_value", value=value)
        assert device.settings.frequency == value
    device.advance(23 * 3600)
    await poll(hass, freezer, device)
    await call(hass, entry, "automatic_fan", "switch.turn_off")
    assert device.settings.autofan == 0


async def test_session_ends(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A session that the miner ended after a day is asked for again."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    await unlock(hass, entry, right_code(device))
    device.advance(24 * 3600 + 1)
    await poll(hass, freezer, device)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "frequency", "number.set_value", value=575)
    assert caught.value.translation_key == "locked"
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None
    before = len(writes(device))
    with pytest.raises(HomeAssistantError):
        await call(hass, entry, "frequency", "number.set_value", value=575)
    assert len(writes(device)) == before
    await unlock(hass, entry, right_code(device))
    await call(hass, entry, "frequency", "number.set_value", value=575)
    assert device.settings.frequency == 575


async def test_session_is_over_without_asking(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A session that must be over by the clock is not tried any more."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    now = 1000.0
    entry.runtime_data.client.otp._clock = lambda: now
    await unlock(hass, entry, right_code(device))
    now += 24 * 3600 - 1
    await call(hass, entry, "frequency", "number.set_value", value=575)
    now += 1
    before = len(writes(device))
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "frequency", "number.set_value", value=525)
    assert caught.value.translation_key == "locked"
    assert len(writes(device)) == before


async def test_ask_early(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever wants to is asked for a code as soon as one is needed."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device, **{CONF_OTP_EARLY: True})
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None
    now = 1000.0
    entry.runtime_data.client.otp._clock = lambda: now
    await unlock(hass, entry, right_code(device))
    await poll(hass, freezer, device)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
    now += 24 * 3600
    await poll(hass, freezer, device)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None


async def test_code_is_not_wanted_any_more(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The repair goes away when codes are switched off on the miner."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        await call(hass, entry, "frequency", "number.set_value", value=575)
    device.state.otp = False
    device._lock = None
    await poll(hass, freezer, device)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
    await call(hass, entry, "frequency", "number.set_value", value=575)
    assert device.settings.frequency == 575


async def test_unlock_what_is_not_locked(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A code for a miner that stopped asking for one does no harm."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    device.state.otp = False
    device._lock = None
    await unlock(hass, entry, "123456")
    await call(hass, entry, "frequency", "number.set_value", value=575)
    assert device.settings.frequency == 575


@pytest.mark.parametrize("command", ["restart", "mining"])
async def test_what_needs_no_code(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, command: str
) -> None:
    """Restarting and shutting down work without a code."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    if command == "restart":
        await call(hass, entry, "restart", "button.press")
        assert device.state.uptime == 0
    else:
        await call(hass, entry, "mining", "switch.turn_off")
        assert state(hass, entry, "switch", "mining") == "off"


async def test_wrong_code(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A wrong code is an error, and too many are stopped before the miner locks."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    for _ in range(3):
        with pytest.raises(HomeAssistantError) as caught:
            await unlock(hass, entry, wrong_code(device))
        assert caught.value.translation_domain == DOMAIN
        assert caught.value.translation_key == "code_rejected"
    before = writes(device)
    with pytest.raises(HomeAssistantError) as caught:
        await unlock(hass, entry, wrong_code(device))
    assert caught.value.translation_key == "code_limit"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    assert writes(device) == before
    assert device._lock is not None
    assert not device._lock.blocked


async def test_code_as_a_number(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A code that YAML read as a number works where nothing was lost."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    while right_code(device).startswith("0"):
        device.clock.advance(30)  # type: ignore[attr-defined]
    device.catch_up()
    entry = await add(device)
    await unlock(hass, entry, int(right_code(device)))
    await call(hass, entry, "frequency", "number.set_value", value=575)
    assert device.settings.frequency == 575


@pytest.mark.parametrize("code", ["", "12345a", "1234567", "١٢٣٤٥٦", None, 12345, True])
async def test_no_code(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, code: object
) -> None:
    """What is no code is refused before anything is sent."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    before = len(device.requests)
    with pytest.raises(probatio.Invalid):
        await unlock(hass, entry, code)
    assert len(device.requests) == before


async def test_unknown_device(hass: HomeAssistant) -> None:
    """A device that does not exist is a mistake of the caller."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN, "unlock", {"device_id": "none", "code": "123456"}, blocking=True
        )
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "not_a_miner"
    assert caught.value.translation_placeholders == {"device": "none"}


async def test_device_of_another_integration(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A device that is no miner is a mistake of the caller too."""
    await add(await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET))
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN, "unlock", {"device_id": device.id, "code": "123456"}, blocking=True
        )
    assert caught.value.translation_key == "not_a_miner"


async def test_unloaded_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that is not set up at the moment cannot be unlocked."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await unlock(hass, entry, right_code(device))
    assert caught.value.translation_key == "not_a_miner"


async def test_miner_without_codes(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner of a family that knows no codes says so."""
    entry = await add(await start_device("axeos-2.15"))
    with pytest.raises(HomeAssistantError) as caught:
        await unlock(hass, entry, "123456")
    assert caught.value.translation_key == "unsupported"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault.REFUSE, "cannot_connect"),
        (Fault.GARBAGE, "invalid_reply"),
        (Fault.SERVER_ERROR, "invalid_reply"),
    ],
)
async def test_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    fault: Fault,
    key: str,
) -> None:
    """A miner that cannot be unlocked because it misbehaves is told so."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    await device.set_fault(fault)
    with pytest.raises(HomeAssistantError) as caught:
        await unlock(hass, entry, right_code(device))
    assert caught.value.translation_key == key


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: object
) -> None:
    """Call an action for a miner, and wait until all that follows is done."""
    await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_entry(hass, entry).id, **data},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


def login(device: Device) -> dict[str, str]:
    """Return the options with the right login of a miner, which its owner changed."""
    assert isinstance(device, AvalonDevice)
    device.web_password = WEB_PASSWORD
    return {CONF_USERNAME: device.web_user, CONF_PASSWORD: WEB_PASSWORD}


def reauth_flows(hass: HomeAssistant) -> list[str]:
    """Return the entries of the flows that ask for a login."""
    return [
        flow["context"]["entry_id"]
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


def shown_slots(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> list[object]:
    """Return one property of each slot."""
    slots = full_state(hass, entry, "sensor", "pool_slots").attributes["slots"]
    return [slot[key] for slot in slots]


async def test_pool_actions_without_miners(hass: HomeAssistant) -> None:
    """The actions are there before any miner is."""
    assert await async_setup_component(hass, DOMAIN, {})
    for action in POOL_ACTIONS:
        assert hass.services.has_service(DOMAIN, action)


@pytest.mark.parametrize("profile", [*AVALON_PROFILES, "cgminer-4.11:privileged"])
async def test_enable_and_disable_pool(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A pool is taken out of use and back, also if it is so already."""
    device = await start_device(profile)
    entry = await add(device)
    for _ in range(2):
        await act(hass, entry, "disable_pool", slot=1)
        assert not device.pools[0].enabled
        assert shown_slots(hass, entry, "state") == ["disabled", "alive", "alive"]
        assert state(hass, entry, "select", "pool_slot").startswith("2 · ")
        # Nobody calls it a fallback to use the best pool that is allowed.
        assert state(hass, entry, "binary_sensor", "fallback_pool") == "off"
    for _ in range(2):
        await act(hass, entry, "enable_pool", slot=1)
        assert device.pools[0].enabled
        assert shown_slots(hass, entry, "state") == ["alive", "alive", "alive"]
    assert writes(device) == [("disablepool", "0")] * 2 + [("enablepool", "0")] * 2


async def test_last_pool(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The last pool cannot be disabled, in the miner's own words."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    for slot in (1, 2):
        await act(hass, entry, "disable_pool", slot=slot)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, "disable_pool", slot=3)
    assert caught.value.translation_key == "refused"
    assert caught.value.translation_placeholders is not None
    assert "Cannot disable last" in caught.value.translation_placeholders["error"]


@pytest.mark.parametrize("profile", [*AVALON_PROFILES, "cgminer-4.11:privileged"])
@pytest.mark.parametrize(
    ("slots", "priorities"),
    [
        ([2, 1, 3], [1, 0, 2]),
        ([3, 2, 1], [2, 1, 0]),
        ([3], [1, 2, 0]),
        (2, [1, 0, 2]),
    ],
)
async def test_set_pool_priority(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    slots: object,
    priorities: list[int],
) -> None:
    """The order of the pools is changed, and those that are left out come last."""
    device = await start_device(profile)
    entry = await add(device)
    await act(hass, entry, "set_pool_priority", slots=slots)
    assert [pool.priority for pool in device.pools] == priorities
    assert shown_slots(hass, entry, "priority") == priorities
    first = f"{priorities.index(0) + 1} · "
    assert state(hass, entry, "select", "pool_slot").startswith(first)


@pytest.mark.parametrize("slots", [[], [1, 1], [0], [17], ["one"], None])
async def test_no_order(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, slots: object
) -> None:
    """What is no order of slots is refused before anything is sent."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    with pytest.raises(probatio.Invalid):
        await act(hass, entry, "set_pool_priority", slots=slots)
    assert writes(device) == []


@pytest.mark.parametrize("profile", [*AVALON_PROFILES, "cgminer-4.11:privileged"])
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("enable_pool", {"slot": 4}),
        ("disable_pool", {"slot": 16}),
        ("set_pool_priority", {"slots": [1, 4]}),
        ("set_pool", {"slot": 4, **NEW_POOL}),
    ],
)
async def test_no_such_slot(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    action: str,
    data: dict[str, object],
) -> None:
    """A slot that the miner does not have is a mistake of the caller."""
    device = await start_device(profile)
    entry = await add(device)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, entry, action, **data)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "no_such_slot"
    assert caught.value.translation_placeholders == {"miner": "Bench", "slots": "3"}
    assert writes(device) == []
    assert reauth_flows(hass) == []


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("enable_pool", {"slot": 1}),
        ("disable_pool", {"slot": 2}),
        ("set_pool_priority", {"slots": [2, 1]}),
        ("set_pool", {"slot": 1, "whole_configuration": True, **NEW_POOL}),
    ],
)
async def test_pools_of_other_families(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    action: str,
    data: dict[str, object],
) -> None:
    """A miner whose pools cannot be told so says so."""
    device = await start_device(profile)
    entry = await add(device)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, action, **data)
    assert caught.value.translation_key == "unsupported"
    assert writes(device) == []
    assert reauth_flows(hass) == []


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("enable_pool", {"slot": 1}, "access_denied"),
        ("disable_pool", {"slot": 1}, "access_denied"),
        ("set_pool_priority", {"slots": [2, 1]}, "access_denied"),
        ("set_pool", {"slot": 1, **NEW_POOL}, "unsupported"),
    ],
)
async def test_pools_without_privilege(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    action: str,
    data: dict[str, object],
    key: str,
) -> None:
    """A cgminer that lets nobody change anything says so, and asks for no login."""
    entry = await add(await start_device("cgminer-4.11"))
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, action, **data)
    assert caught.value.translation_key == key
    assert reauth_flows(hass) == []


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_set_pool(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
) -> None:
    """A slot is filled, the miner restarts and is back, and shows the new pool."""
    device = await start_device(profile)
    entry = await add(device, **login(device))
    device.requests.clear()
    caplog.clear()
    caplog.set_level(logging.DEBUG, "custom_components.miner_controller")
    await act(hass, entry, "set_pool", slot=2, **NEW_POOL)
    assert [name for name, _ in writes(device)] == ["setpool", "ascset"]
    assert device.state.uptime < 60
    pool = device.pools[1]
    assert (pool.url, pool.user, pool.password) == tuple(NEW_POOL.values())
    address = "solo.shale-pool.example:4334"
    assert shown_slots(hass, entry, "pool")[1] == address
    options = full_state(hass, entry, "select", "pool_slot").attributes["options"]
    assert options[1] == "2 · solo.shale-pool.example"
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert reauth_flows(hass) == []
    await poll(hass, freezer, device, seconds=30)
    await call(hass, entry, "pool_slot", "select.select_option", option=options[1])
    assert state(hass, entry, "sensor", "active_pool") == address

    own = [r for r in caplog.records if r.name.startswith("custom_components")]
    assert not [record for record in own if record.levelno >= logging.WARNING]
    text = "\n".join(record.getMessage() for record in own)
    for secret in (WEB_PASSWORD, PAYOUT, "d=8192"):
        assert secret not in text
    shown = str([item.as_dict() for item in hass.states.async_all()])
    assert PAYOUT not in shown
    assert "d=8192" not in shown


@pytest.mark.parametrize(
    ("profile", "restarts"),
    [("axeos-2.14", True), ("axeos-2.15", True), ("nerdqaxe-1.0.37", False)],
)
async def test_set_pool_over_http(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    restarts: bool,
) -> None:
    """The first pool of a miner is changed, for which some restart."""
    device = await start_device(profile)
    entry = await add(device)
    await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    pool = device.settings.pool
    url, worker, password = NEW_POOL.values()
    assert (f"stratum+tcp://{pool.url}:{pool.port}", pool.user) == (url, worker)
    assert pool.password == password
    assert (device.state.uptime < 60) is restarts
    address = "solo.shale-pool.example:4334"
    assert state(hass, entry, "sensor", "active_pool") == address
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_set_pool_without_a_password(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Most pools want no password of a worker's, so it may be left out."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **login(device))
    data = {key: value for key, value in NEW_POOL.items() if key != "password"}
    await act(hass, entry, "set_pool", slot=3, **data)
    assert device.pools[2].password == "x"


@pytest.mark.parametrize("profile", AVALON_PROFILES)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {CONF_USERNAME: "nobody", CONF_PASSWORD: WEB_PASSWORD},
        {CONF_USERNAME: "", CONF_PASSWORD: "wrong-secret"},
        {CONF_USERNAME: "", CONF_PASSWORD: "two words"},
    ],
    ids=["missing", "user", "password", "unsendable"],
)
async def test_login_rejected(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    options: dict[str, str],
) -> None:
    """A login that is missing or wrong is asked for, once, and nothing is changed."""
    caplog.set_level(logging.DEBUG, "custom_components.miner_controller")
    device = await start_device(profile)
    right = login(device)
    if options.get(CONF_USERNAME) == "":
        options = {**options, CONF_USERNAME: right[CONF_USERNAME]}
    if profile == "avalon-nano3" and options.get(CONF_PASSWORD) != "wrong-secret":
        # It knows one user only, and takes any password as a token.
        options = {**options, CONF_PASSWORD: "wrong-secret"} if options else options
    entry = await add(device, **options)
    pools = [(pool.url, pool.user) for pool in device.pools]
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as caught:
            await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
        assert caught.value.translation_domain == DOMAIN
        assert caught.value.translation_key == "login_rejected"
        await hass.async_block_till_done(wait_background_tasks=True)
        assert reauth_flows(hass) == [entry.entry_id]
    assert not device.state.pending
    assert [(pool.url, pool.user) for pool in device.pools] == pools
    assert device.state.uptime > 60

    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["miner"] == "Bench"
    chain, error = "", caught.value
    while error is not None:
        chain += repr(error)
        error = error.__cause__  # type: ignore[assignment]
    own = [r for r in caplog.records if r.name.startswith("custom_components")]
    text = chain + str(placeholders) + "".join(r.getMessage() for r in own)
    for secret in ("wrong-secret", "two words", WEB_PASSWORD, PAYOUT, "d=8192"):
        assert secret not in text


async def test_login_of_two_miners(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Each miner has a login of its own, which is asked for on its own."""
    entries = [
        await add(await start_device("avalon-nano3s", seed=seed)) for seed in (1, 2)
    ]
    for entry in entries:
        with pytest.raises(HomeAssistantError):
            await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    assert sorted(reauth_flows(hass)) == sorted(entry.entry_id for entry in entries)


async def test_login_then_set_pool(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The login that was asked for is the one that is used then."""
    device = await start_device("avalon-nano3s")
    right = login(device)
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await hass.config_entries.flow.async_configure(flow["flow_id"], right)
    await hass.async_block_till_done(wait_background_tasks=True)
    await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    assert device.pools[0].url == NEW_POOL["url"]
    assert reauth_flows(hass) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "two words"}, "url"),
        ({"url": "stratum+tcp://pool.example:99999"}, "url"),
        ({"url": "stratum+tcp://pool.example:3333/,x"}, "url"),
        ({"worker": ""}, "worker"),
        ({"worker": "a,b"}, "worker"),
        ({"worker": "a\\b"}, "worker"),
        ({"worker": "grüße"}, "worker"),
        ({"password": ""}, "password"),
        ({"password": "a b"}, "password"),
        ({"password": "a,b"}, "password"),
    ],
)
async def test_pool_unusable(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    changes: dict[str, str],
    field: str,
) -> None:
    """A pool that a miner cannot be told is refused before anything is sent."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **login(device))
    before = len(device.requests)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, entry, "set_pool", slot=1, **{**NEW_POOL, **changes})
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "pool_unusable"
    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["field"] == field
    assert PAYOUT not in str(placeholders)
    assert len(device.requests) == before


async def test_pool_that_does_not_stay(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that comes back with its old pool did not do it."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **login(device))
    device.state.pending = type(
        "Forgetful", (dict,), {"__setitem__": lambda *_: None}
    )()
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    assert caught.value.translation_key == "refused"
    assert PAYOUT not in str(caught.value.translation_placeholders)


async def test_restart_that_never_comes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A miner that takes a pool and does not restart is not waited for forever."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **login(device))
    monkeypatch.setattr(device, "restart", lambda: None)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    assert caught.value.translation_key == "unconfirmed"
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_set_pool_of_another_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A login and a pool are not sent to a miner that has got the address."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **login(device))
    told_fields(device)["DNA"] = "0201ffffffffffff"
    device.state.mac = "E0:E1:A9:00:00:99"
    device.state.dna = "0201ffffffffffff"
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, entry, "set_pool", slot=1, **NEW_POOL)
    assert caught.value.translation_key == "wrong_device"
    assert writes(device) == []
