"""The steps of the config flow for miners that are discovered."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any, Self, override

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ..const import CONF_FAMILY, CONF_IDENTITY
from ..protocols.address import Address
from ..protocols.model import MinerFamily
from ..protocols.private_network import is_private_address
from .connect import (
    AddressError,
    FoundMiner,
    async_find_miner_at,
    async_hear_miner_at,
    is_same_miner,
    shown_address,
)
from .dhcp_data import is_nmminer_hostname
from .entries import (
    async_entry_at,
    async_entry_with_id,
    async_entry_with_mac,
    async_follow_address,
    async_is_away,
    async_learn_mac,
    async_raise_if_replaced,
    entry_identity,
)
from .flow import MinerFlow
from .sensor_values import shown_hashrate

# A miner that asks for an address has just started: it may answer some seconds later.
_SECOND_TRY = 5.0

_UNREACHABLE = {"cannot_connect", "cannot_hear", "timeout"}


class MinerDiscoveryFlow(MinerFlow):
    """Handle miners that Home Assistant or the listener for broadcasts discovers."""

    _discovered_host: str | None = None

    @override
    def is_matching(self, other_flow: Self) -> bool:
        """Return whether another flow is about the same miner."""
        return (
            self._discovered_host is not None
            and other_flow._discovered_host == self._discovered_host
        )

    @override
    async def async_step_zeroconf(
        self, discovery_info: ZeroconfServiceInfo
    ) -> ConfigFlowResult:
        """Handle a miner that announces its web page."""
        return await self._async_discovered(discovery_info.host, discovery_info.port)

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Handle a miner that asks for an address, or that has a new one."""
        host, mac = discovery_info.ip, format_mac(discovery_info.macaddress)
        if not is_private_address(host):
            return self.async_abort(reason="not_private")
        if (entry := async_entry_with_mac(self.hass, mac)) is not None:
            async_follow_address(self.hass, entry, {CONF_HOST: host})
            return self.async_abort(reason="already_configured")
        if (
            (entry := async_entry_at(self.hass, host)) is not None
            and entry.data[CONF_FAMILY] == MinerFamily.NMMINER
            and entry.data[CONF_IDENTITY]["mac"] is None
            and entry.state is ConfigEntryState.LOADED
            and is_nmminer_hostname(discovery_info.hostname)
        ):
            async_learn_mac(entry, mac)
        return await self._async_discovered(host)

    @override
    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Handle a miner that broadcasts its status."""
        host = discovery_info[CONF_HOST]
        return await self._async_discovered(
            host, find=lambda: async_hear_miner_at(self.hass, host)
        )

    async def _async_discovered(
        self,
        host: str,
        port: int | None = None,
        find: Callable[[], Awaitable[FoundMiner]] | None = None,
    ) -> ConfigFlowResult:
        """Ask whether to add what is at an address, if it is a miner.

        Without a port it is where miners usually are. `find` finds it there in
        another way than by asking it.
        """
        if not is_private_address(host):
            return self.async_abort(reason="not_private")
        self._discovered_host = host
        if self.hass.config_entries.flow.async_has_matching_flow(self):
            return self.async_abort(reason="already_in_progress")
        there = async_entry_at(self.hass, host, port)
        if there is not None and not async_is_away(there):
            return self.async_abort(reason="already_configured")
        try:
            self._found = await (
                self._async_find(Address(host=host, port=port))
                if find is None
                else find()
            )
        except AddressError as err:
            if err.key in _UNREACHABLE:
                return self.async_abort(reason="cannot_connect")
            return self.async_abort(reason="not_a_miner")
        if (there := async_entry_at(self.hass, host, port)) is not None:
            if is_same_miner(self._found.identity, entry_identity(there)):
                # It is back, or somebody added it meanwhile.
                return self.async_abort(reason="already_configured")
            async_raise_if_replaced(there)
        ids = self._found.identity.ids
        if (entry := async_entry_with_id(self.hass, ids)) is not None:
            async_follow_address(self.hass, entry, self._found.location)
            return self.async_abort(reason="already_configured")
        # A miner that does not tell an id is ignored by its address.
        await self.async_set_unique_id(ids[0] if self._found.tells_id else host)
        self._abort_if_unique_id_configured()
        return await self.async_step_discovery_confirm()

    async def _async_find(self, address: Address) -> FoundMiner:
        """Return the miner at an address, which may only just be starting."""
        try:
            return await async_find_miner_at(self.hass, address)
        except AddressError as err:
            if err.key not in _UNREACHABLE:
                raise
            await sleep(_SECOND_TRY)
            return await async_find_miner_at(self.hass, address)

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add a miner."""
        if user_input is not None:
            return await self._async_add_found()
        self.context["title_placeholders"] = {"name": self._found.title}
        self._set_confirm_only()
        if (hashrate := self._found.hashrate) is None:
            return self.async_show_form(
                step_id="discovery_confirm_idle",
                description_placeholders={
                    "model": self._found.identity.model,
                    "address": shown_address(self._found.entry_data),
                },
            )
        return self.async_show_form(
            step_id="discovery_confirm",
            description_placeholders={
                "model": self._found.identity.model,
                "address": shown_address(self._found.entry_data),
                "hashrate": shown_hashrate(hashrate),
            },
        )

    async def async_step_discovery_confirm_idle(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add a miner whose hashrate is not known."""
        return await self.async_step_discovery_confirm(user_input)
