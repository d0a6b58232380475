"""What a miner is to do, until somebody wishes something else."""

from asyncio import Future, wait
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

# For so long a miner that is being told something is waited for. A switch whose own
# automation calls the action would else be waited for by what it waits for.
_LONGEST_WAIT: Final = 60.0

# The newest wish for each miner, by the id of its entry.
_NEWEST: HassKey[dict[str, ModeWish]] = HassKey(f"{DOMAIN}_modes_wanted")
# What miners, or their switches, are being told now.
_RUNNING: HassKey[dict[str, Future[None]]] = HassKey(f"{DOMAIN}_modes_running")


class ModeWish:
    """One wish. It ends where a newer one for the same miner comes."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize as the newest wish."""
        self._hass = hass
        self._entry = entry
        self._newest = hass.data.setdefault(_NEWEST, {})
        self._running = hass.data.setdefault(_RUNNING, {})
        self._newest[entry.entry_id] = self

    def close(self) -> None:
        """End the wish, which is fulfilled or has failed."""
        if self._is_newest:
            del self._newest[self._entry.entry_id]

    @property
    def _is_newest(self) -> bool:
        """Return whether nobody wishes something else."""
        return self._newest.get(self._entry.entry_id) is self

    def check(self) -> None:
        """Raise HomeAssistantError where somebody wishes something else."""
        if not self._is_newest:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="mode_superseded",
                translation_placeholders={"miner": self._entry.title},
            )

    async def async_wait(self) -> None:
        """Wait for what the miner is being told for an older wish.

        Until that is over nobody knows how the miner is.
        """
        if (earlier := self._running.get(self._entry.entry_id)) is not None:
            await wait([earlier], timeout=_LONGEST_WAIT)
            self.check()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let newer wishes wait while the miner is told something for this one."""
        self.check()
        done = self._hass.loop.create_future()
        self._running[self._entry.entry_id] = done
        try:
            yield
        finally:
            done.set_result(None)
            if self._running.get(self._entry.entry_id) is done:
                del self._running[self._entry.entry_id]
