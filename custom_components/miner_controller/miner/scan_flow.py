"""The steps of the config flow that look for miners in a network."""

import asyncio
from ipaddress import IPv4Network
from typing import Any, override

from homeassistant.config_entries import SOURCE_IMPORT, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import probatio

from ..const import CONF_MINERS, CONF_NETWORKS, CONF_RANGE, DOMAIN
from ..protocols.private_network import NetworkError, parse_network
from .connect import AddressError, FoundMiner, async_find_miner
from .entries import async_entry_with_id, async_follow_address
from .flow import MinerFlow
from .listening import async_shared_listener
from .own_networks import async_own_networks
from .scan import (
    SCAN_ERRORS,
    ScannedMiner,
    async_scan,
)


class MinerScanFlow(MinerFlow):
    """Handle the search for miners."""

    _networks: list[IPv4Network]
    _scan: asyncio.Task[list[ScannedMiner]] | None = None
    _progress_shown = -1

    async def async_step_scan(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose where to look."""
        errors: dict[str, str] = {}
        own = [str(network) for network in await async_own_networks(self.hass)]
        if user_input is not None:
            chosen = list(user_input.get(CONF_NETWORKS) or ())
            if typed := (user_input.get(CONF_RANGE) or "").strip():
                chosen.append(typed)
            try:
                self._networks = [parse_network(network) for network in chosen]
            except NetworkError as err:
                errors[CONF_RANGE] = SCAN_ERRORS[type(err)]
            if not chosen:
                errors["base"] = "no_network"
            if not errors:
                self._scan = None
                return await self.async_step_scanning()
        return self.async_show_form(
            step_id="scan",
            data_schema=self.add_suggested_values_to_schema(
                _scan_schema(own), user_input or {CONF_NETWORKS: own}
            ),
            errors=errors,
        )

    async def async_step_scanning(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Look for miners and show how far it is."""
        if self._scan is None:
            self._scan = self.hass.async_create_task(
                async_scan(self.hass, self._networks, self._async_show_part),
                f"{DOMAIN} scan",
            )
        if not self._scan.done():
            return self.async_show_progress(
                step_id="scanning",
                progress_action="scanning",
                progress_task=self._scan,
                description_placeholders={"networks": _joined(self._networks)},
            )
        new = any(miner.entry is None for miner in self._scan.result())
        return self.async_show_progress_done(
            next_step_id="select_miners" if new else "nothing_found"
        )

    @callback
    def _async_show_part(self, done: int, total: int) -> None:
        """Show the part that is done, in whole percent."""
        if (percent := 100 * done // total) != self._progress_shown:
            self._progress_shown = percent
            self.async_update_progress(done / total)

    @callback
    @override
    def async_remove(self) -> None:
        """Stop looking when nobody waits for it any more."""
        if self._scan is not None:
            self._scan.cancel()

    async def async_step_select_miners(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose from the miners that were found."""
        errors: dict[str, str] = {}
        lost: list[str] = []
        scanned = self._scan.result() if self._scan else []
        new = {miner.address: miner for miner in scanned if miner.entry is None}
        if user_input is not None:
            chosen = user_input[CONF_MINERS]
            results = await asyncio.gather(*map(self._async_find_again, chosen))
            found = [each for each in results if each is not None]
            lost = [
                address
                for address, result in zip(chosen, results, strict=True)
                if result is None
            ]
            if not chosen:
                errors[CONF_MINERS] = "no_miner"
            elif lost:
                errors[CONF_MINERS] = "miners_lost"
            else:
                return await self._async_add_all(found)
        return self.async_show_form(
            step_id="select_miners",
            data_schema=self.add_suggested_values_to_schema(
                _miners_schema(new), user_input or {CONF_MINERS: list(new)}
            ),
            description_placeholders={
                "known": _names(scanned),
                "lost": ", ".join(lost),
                "networks": _joined(self._networks),
            },
            errors=errors,
        )

    async def _async_find_again(self, address: str) -> FoundMiner | None:
        """Return a miner that was seen in the search, None if it is gone."""
        try:
            return await async_find_miner(self.hass, address)
        except AddressError:
            return None

    async def _async_add_all(self, found: list[FoundMiner]) -> ConfigFlowResult:
        """Add several miners, the first of them with this flow."""
        await asyncio.gather(
            *(
                self.hass.config_entries.flow.async_init(
                    DOMAIN, context={"source": SOURCE_IMPORT}, data=miner
                )
                for miner in found[1:]
            )
        )
        self._found = found[0]
        return await self._async_add_found()

    async def async_step_import(self, found: FoundMiner) -> ConfigFlowResult:
        """Add another of several miners that were chosen."""
        self._found = found
        if entry := async_entry_with_id(self.hass, found.identity.ids):
            # Nobody sees this flow, so nobody could be asked.
            async_follow_address(self.hass, entry, found.location)
            return self.async_abort(reason="already_configured")
        return await self._async_add_found()

    async def async_step_nothing_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that there is no miner to add, and what may be the reason."""
        if async_shared_listener(self.hass).problem is not None:
            return await self.async_step_nothing_heard()
        return self.async_show_menu(
            step_id="nothing_found",
            menu_options=["scan", "address"],
            description_placeholders=self._searched,
        )

    async def async_step_nothing_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that there is no miner to add, and that broadcasts were not heard."""
        return self.async_show_menu(
            step_id="nothing_heard",
            menu_options=["scan", "address"],
            description_placeholders=self._searched,
        )

    @property
    def _searched(self) -> dict[str, str]:
        """Return where was looked and which miners there were added already."""
        return {
            "known": _names(self._scan.result() if self._scan else []),
            "networks": _joined(self._networks),
        }


def _scan_schema(own: list[str]) -> probatio.Schema:
    """Return the form for where to look."""
    fields: dict[Any, Any] = {}
    if own:
        fields[probatio.Optional(CONF_NETWORKS)] = SelectSelector(
            SelectSelectorConfig(
                options=own, multiple=True, mode=SelectSelectorMode.LIST
            )
        )
    fields[probatio.Optional(CONF_RANGE)] = TextSelector()
    return probatio.Schema(fields)


def _miners_schema(miners: dict[str, ScannedMiner]) -> probatio.Schema:
    """Return the form with the miners that were found."""
    return probatio.Schema(
        {
            probatio.Required(CONF_MINERS): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=address, label=miner.label)
                        for address, miner in miners.items()
                    ],
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                )
            )
        }
    )


def _joined(networks: list[IPv4Network]) -> str:
    """Return networks as a text."""
    return ", ".join(str(network) for network in networks)


def _names(scanned: list[ScannedMiner]) -> str:
    """Return the names of the miners that are added already."""
    return ", ".join(miner.entry.title for miner in scanned if miner.entry) or "–"
