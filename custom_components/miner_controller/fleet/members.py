"""The miners of the home as the fleet sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..miner.coordinator import MinerCoordinator
from ..miner.entries import async_miner_entries
from ..protocols.model import MinerStatus

# A miner is in these for as long as a start or a change of its options takes.
_PASSING: Final = {
    ConfigEntryState.SETUP_IN_PROGRESS,
    ConfigEntryState.UNLOAD_IN_PROGRESS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A miner that was added, also while it is away or not set up."""

    entry: ConfigEntry
    coordinator: MinerCoordinator | None
    changing: bool = False
    """It is being set up, so whether it answers is not known yet."""

    @property
    def name(self) -> str:
        """Return the name of the miner."""
        return self.entry.title

    @property
    def online(self) -> bool:
        """Return whether the miner answers."""
        return self.status is not None

    @property
    def status(self) -> MinerStatus | None:
        """Return what the miner tells now, which is nothing while it is away."""
        if self.coordinator is None or not self.coordinator.last_update_success:
            return None
        return self.coordinator.data

    @property
    def powered_off(self) -> bool:
        """Return whether the miner's linked switch keeps it off."""
        return self.coordinator is not None and self.coordinator.powered_off


@callback
def async_members(hass: HomeAssistant) -> list[Member]:
    """Return the miners that were added and not disabled."""
    return [
        Member(
            entry=entry,
            coordinator=_coordinator(entry),
            changing=entry.state in _PASSING,
        )
        for entry in async_miner_entries(hass)
        if entry.disabled_by is None
    ]


def _coordinator(entry: ConfigEntry) -> MinerCoordinator | None:
    """Return the coordinator of a miner that is set up."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    coordinator: MinerCoordinator = entry.runtime_data
    return coordinator


class MemberWatch:
    """Follows all miners, those too that are added, reloaded or removed later.

    `updated` hears of each poll of each miner and of a switch that turns one off;
    `changed` hears that there are other miners now, or that one was renamed or set up.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        updated: Callable[[Member], None],
        changed: Callable[[], None],
    ) -> None:
        """Start to follow the miners."""
        self._hass = hass
        self._updated = updated
        self._changed = changed
        self.members: dict[str, Member] = {}
        """The miners by the id of their entry."""
        self._names: dict[str, str] = {}
        self._unsubscribe: dict[str, CALLBACK_TYPE] = {}
        self._stop = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        self._async_follow()

    @callback
    def async_close(self) -> None:
        """Follow the miners no longer."""
        self._stop()
        for unsubscribe in self._unsubscribe.values():
            unsubscribe()
        self._unsubscribe.clear()

    @callback
    def _async_entry_changed(self, _: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Follow what became of an entry."""
        if entry.domain != DOMAIN:
            return
        members, names = dict(self.members), self._names
        self._async_follow()
        if (members, names) != (self.members, self._names):
            self._changed()

    @callback
    def _async_follow(self) -> None:
        """Listen to the coordinators that there are now."""
        present = {
            member.entry.entry_id: member for member in async_members(self._hass)
        }
        for entry_id, known in list(self.members.items()):
            if present.get(entry_id) != known:
                self.members.pop(entry_id)
                if (unsubscribe := self._unsubscribe.pop(entry_id, None)) is not None:
                    unsubscribe()
        for entry_id, member in present.items():
            if entry_id in self.members:
                continue
            self.members[entry_id] = member
            if member.coordinator is not None:
                self._unsubscribe[entry_id] = member.coordinator.async_add_listener(
                    self._listener(member)
                )
        self._names = {key: member.name for key, member in present.items()}

    def _listener(self, member: Member) -> CALLBACK_TYPE:
        """Return what a coordinator calls."""

        @callback
        def listener() -> None:
            self._updated(member)

        return listener
