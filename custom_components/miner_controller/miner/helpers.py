"""Helpers for the entities of a miner."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate

from homeassistant.exceptions import HomeAssistantError

from ..protocols.errors import MinerError
from .entity import MinerEntity
from .errors import translated


def miner_exception_handler[EntityT: MinerEntity, **P](
    func: Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]]:
    """Decorate a command so that its failure is told in the user's language."""

    async def handler(self: EntityT, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await func(self, *args, **kwargs)
        except MinerError as err:
            raise translated(
                err, self.coordinator.config_entry.title, HomeAssistantError
            ) from err

    return handler
