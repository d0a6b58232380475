"""Tests for the cards and the dashboard, as far as Home Assistant serves them."""

from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from unittest.mock import Mock, patch

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.dashboard import FOLDER, MODULE
from tests.devices import StartDevice

from .conftest import AddMiner

_GAMMA = "axeos-2.12"
_ULTRA = "nerdqaxe-1.1.0"


@pytest.fixture
async def modules(hass: HomeAssistant) -> UrlManager:
    """Return what pages load, in a Home Assistant that has pages.

    The pages themselves, and with them the set-up of the real component, come with the
    newest Home Assistant in the end-to-end tests.
    """
    assert await async_setup_component(hass, "http", {})
    hass.config.components.add("frontend")
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(Mock(), [])
    return hass.data[DATA_EXTRA_MODULE_URL]


async def _remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove an entry."""
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()


async def test_pages_load_the_module_while_there_is_an_entry(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    modules: UrlManager,
) -> None:
    """It comes with the first entry, and goes with the last one."""
    first = await add(await start_device(_GAMMA))
    (url,) = modules.urls
    second = await add(await start_device(_ULTRA))
    assert modules.urls == {url}
    await hass.config_entries.async_reload(first.entry_id)
    assert modules.urls == {url}
    await _remove(hass, first)
    assert modules.urls == {url}
    await _remove(hass, second)
    assert modules.urls == frozenset()
    await add(await start_device(_GAMMA))
    assert modules.urls == {url}


async def test_the_module_is_served(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    modules: UrlManager,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Its address has the version and changes with the file, so it may be kept."""
    await add(await start_device(_GAMMA))
    (url,) = modules.urls
    content = (FOLDER / MODULE).read_bytes()
    version = (await async_get_integration(hass, DOMAIN)).version
    digest = sha256(content).hexdigest()
    assert url == f"/{DOMAIN}/{MODULE}?v={version}-{digest[:8]}"
    client = await hass_client_no_auth()
    response = await client.get(url)
    assert response.status == HTTPStatus.OK
    assert response.content_type == "text/javascript"
    assert "max-age" in response.headers["Cache-Control"]
    assert await response.read() == content


async def test_no_module(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    modules: UrlManager,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An integration without its module has miners all the same."""
    with patch("custom_components.miner_controller.dashboard.FOLDER", tmp_path):
        entry = await add(await start_device(_GAMMA))
    assert entry.state is ConfigEntryState.LOADED
    assert modules.urls == frozenset()
    assert "The dashboard is not available" in caplog.text


async def test_no_pages(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A Home Assistant without pages has miners all the same."""
    entry = await add(await start_device(_GAMMA))
    assert DATA_EXTRA_MODULE_URL not in hass.data
    await _remove(hass, entry)
