"""Tells many miners something at once, and says what became of each."""

import asyncio
from collections.abc import Awaitable, Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from .targets import async_targeted_miners


async def async_tell_each[ResultT](
    call: ServiceCall, tell: Callable[[ConfigEntry], Awaitable[ResultT]]
) -> list[tuple[ConfigEntry, ResultT | HomeAssistantError]]:
    """Tell each of the miners that a call targets, and return what became of it.

    One that fails stops no other. Whoever asks for a response is told in it what
    failed, and goes on; else the error names all that failed. Raises
    ServiceValidationError where no miner is targeted.
    """
    entries = async_targeted_miners(call)
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_targeted"
        )
    told = await asyncio.gather(*map(tell, entries), return_exceptions=True)
    results: list[tuple[ConfigEntry, ResultT | HomeAssistantError]] = []
    failed: list[HomeAssistantError] = []
    for entry, result in zip(entries, told, strict=True):
        if isinstance(result, HomeAssistantError):
            failed.append(result)
        elif isinstance(result, BaseException):
            # Nobody foresaw it. All the others have been told by now.
            raise result
        results.append((entry, result))
    if not failed or call.return_response:
        return results
    if len(entries) == 1:
        raise failed[0]
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="not_everywhere",
        translation_placeholders={
            # Each of them names its miner.
            "failed": "; ".join(str(error) for error in failed)
        },
    )
