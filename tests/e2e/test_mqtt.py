"""Telemetry by MQTT, through a real broker that is killed in the middle."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

from simulator.identity import PAYOUT, WIFI_NAME

from .broker import HOST, Mosquitto, Reader
from .conftest import free_port
from .home import Home
from .miners import running_miner
from .waiting import until

_PREFIX = "home/miner"
_FLEET = "Miner fleet"
_NAME = "Attic +/#"
_TELEMETRY = f"{_PREFIX}/attic/telemetry"
_STATUS = f"{_PREFIX}/attic/status"
_CANARY = "canary-of-the-export"

# What the miner of the test is called, one after the other, and all of them together.
_OURS = ("attic", "barn", "fleet")

_ENTRIES = "/api/config/config_entries"


async def _submit(home: Home, flows: str, handler: str, *forms: dict[str, Any]) -> None:
    """Fill the forms of a flow in, one after the other."""
    flow = await home.api.post(flows, {"handler": handler})
    for form in forms:
        result = await home.api.post(f"{flows}/{flow['flow_id']}", form)
    assert result["type"] == "create_entry", result


async def _add_mqtt(home: Home, broker: Mosquitto) -> None:
    """Set the MQTT integration up as its user would."""
    settings = {"set_client_cert": False, "set_ca_cert": "off", "transport": "tcp"}
    form = {"broker": HOST, "port": broker.port, "protocol": "5"}
    await _submit(
        home, f"{_ENTRIES}/flow", "mqtt", {**form, "other_settings": settings}
    )


@asynccontextmanager
async def _without_mqtt_in_the_end(home: Home) -> AsyncIterator[None]:
    """Remove the MQTT integration in the end, if it is there."""
    try:
        yield
    finally:
        for entry in await home.api.get(f"{_ENTRIES}/entry?domain=mqtt"):
            await home.api.delete(f"{_ENTRIES}/entry/{entry['entry_id']}")


async def _export(home: Home, entry_id: str) -> None:
    """Have telemetry published."""
    form = {"publish": True, "prefix": _PREFIX, "qos": "1", "retain": True}
    await _submit(
        home, f"{_ENTRIES}/options/flow", entry_id, {"next_step_id": "mqtt"}, form
    )


async def _until_asked_for_mqtt(home: Home, *, asked: bool) -> None:
    """Wait until a repair asks for the MQTT integration, or no longer does.

    The fleet reloads after its options are saved, and looks for MQTT only then.
    """

    async def so() -> bool:
        keys = {issue["translation_key"] for issue in await home.issues()}
        return ("mqtt_missing" in keys) is asked

    await until(so, f"a repair asks for MQTT: {asked}", 30)


async def _until_retained(broker: Mosquitto, *topics: str) -> dict[str, str]:
    """Wait until those topics and no others of these miners have something.

    Other tests may have miners of their own. Returns what the topics have.
    """
    found: dict[str, str] = {}

    async def there() -> bool:
        nonlocal found
        found = await broker.retained(_PREFIX)
        ours = {topic for topic in found if topic.split("/")[-2] in _OURS}
        return ours == set(topics)

    await until(there, f"{topics} and nothing else is there", 30)
    return found


async def test_export(home: Home, tmp_path: Path) -> None:
    """What a miner does is there for others, whatever happens to the broker."""
    async with (
        Mosquitto(tmp_path, free_port()) as broker,
        running_miner("axeos:gamma601:2.12", "127.0.0.6", seed=11) as device,
        home.with_miner(device.url) as miner,
    ):
        await home.api.command(
            "config_entries/update", entry_id=miner.entry_id, title=_NAME
        )
        await home.api.add_fleet()
        with Reader(broker.port) as reader:
            async with (
                _without_mqtt_in_the_end(home),
                home.removing(_FLEET) as entry_id,
            ):
                await home.api.add_pool(
                    entry_id, "Shed", "stratum+tcp://127.0.0.1:9", password=_CANARY
                )
                await _export(home, entry_id)
                await _until_asked_for_mqtt(home, asked=True)
                await _add_mqtt(home, broker)
                await _until_asked_for_mqtt(home, asked=False)
                await _expect_all_of_it(home, broker, miner.entry_id)
            assert await broker.retained(_PREFIX) == {}
        everything = str(reader.messages)
        assert _STATUS in everything
        mac = device.info()["macAddr"]
        for secret in (_CANARY, PAYOUT, WIFI_NAME, mac, device.host):
            assert secret not in everything


async def _expect_all_of_it(home: Home, broker: Mosquitto, entry_id: str) -> None:
    """Expect a miner's messages, through all that may happen to them."""
    topics = (_STATUS, _TELEMETRY, f"{_PREFIX}/fleet/telemetry")
    found = await _until_retained(broker, *topics)
    assert found[_STATUS] == "online"
    told = json.loads(found[_TELEMETRY])
    assert (told["name"], told["state"]) == (_NAME, "hashing")
    assert told["hashrate_hs"] > 5e11

    # The broker that comes back has forgotten everything, and gets it again.
    await broker.kill()
    await broker.start()
    found = await _until_retained(broker, *topics)
    assert found[_STATUS] == "online"

    # Home Assistant says in time that nobody looks after the miner.
    async def expect_offline() -> None:
        assert (await broker.retained(_PREFIX))[_STATUS] == "offline"

    await home.restart(between=expect_offline)

    async def polled() -> bool:
        found = await broker.retained(_PREFIX)
        uptime = json.loads(found[_TELEMETRY])["uptime_s"] or 0
        return found[_STATUS] == "online" and uptime > told["uptime_s"]

    await until(polled, "the miner is online again", 30)

    # A miner that is renamed moves, and leaves nothing behind.
    await home.api.command("config_entries/update", entry_id=entry_id, title="Barn")
    await _until_retained(broker, *(topic.replace("attic", "barn") for topic in topics))
