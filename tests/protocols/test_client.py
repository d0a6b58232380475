"""A family that overrides no command has none."""

from typing import Any, override

import pytest

from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.errors import MinerUnsupportedError
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    WorkMode,
)
from custom_components.miner_controller.protocols.pool_settings import PoolSettings

POOL = PoolSettings(url="stratum+tcp://pool.example:3333", worker="me.one")
MODE = WorkMode(name="standard", frequency=525, core_voltage=1.15)


class BareClient(MinerClient):
    """A client that can only look."""

    @override
    async def identify(self) -> MinerIdentity:
        return MinerIdentity(
            family=MinerFamily.AXEOS, manufacturer="Bitaxe", model="Bitaxe"
        )

    @override
    async def fetch(self) -> MinerStatus:
        return MinerStatus(hashrate=0)


@pytest.mark.parametrize(
    ("command", "arguments", "options"),
    [
        ("set_frequency", (525,), {}),
        ("set_core_voltage", (1.15,), {}),
        ("set_work_mode", (MODE,), {}),
        ("set_fan_speed", (50,), {}),
        ("set_automatic_fan", (), {"enabled": True}),
        ("set_target_temperature", (55,), {}),
        ("set_mining", (), {"enabled": False}),
        ("clear_overheat", (MODE,), {}),
        ("set_named_mode", ("eco",), {}),
        ("restart", (), {}),
        ("switch_pool", (1,), {}),
        ("set_pool_enabled", (1,), {"enabled": True}),
        ("set_pool_priorities", ((1, 0),), {}),
        ("set_pool", (1, POOL), {}),
        ("use_pool", (POOL,), {}),
        ("set_pools", ([POOL],), {}),
        ("locate", (), {}),
        ("unlock", ("123456",), {}),
    ],
)
async def test_a_command_that_is_not_there_is_unsupported(
    command: str, arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """Each command says so in the same way."""
    with pytest.raises(MinerUnsupportedError, match="no such command"):
        await getattr(BareClient(), command)(*arguments, **options)


def test_nothing_is_offered_before_the_miner_is_known() -> None:
    """There are no capabilities, no reply and no login, and no code is wanted."""
    client = BareClient()
    assert client.capabilities == Capabilities()
    assert client.last_reply is None
    assert client.needs_code is False
    assert client.web_login is None
