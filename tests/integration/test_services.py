"""Tests for the action that unlocks a miner."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import CONF_OTP_EARLY, DOMAIN
from custom_components.miner_controller.miner.issues import MinerIssue
from simulator.faults import Fault
from tests.devices import Device, StartDevice

from . import OTP_SECRET, call, device_entry, find_issue, poll, state, writes
from .conftest import AddMiner

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
