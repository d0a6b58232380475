"""The repairs that a miner can raise."""

from enum import StrEnum

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN


class MinerIssue(StrEnum):
    """What a person has to put right."""

    DUPLICATE_DEVICE = "duplicate_device"
    """Two entries lead to the same device."""
    OTP_REQUIRED = "otp_required"
    """The miner takes changes only with a one-time password."""
    WRONG_DEVICE = "wrong_device"
    """Another device answers at the miner's address."""


def issue_id(issue: MinerIssue, entry_id: str) -> str:
    """Return the id of an entry's issue."""
    return f"{issue}_{entry_id}"


class MinerIssues:
    """What is wrong with one miner, each of it raised once."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize with what was wrong before a reload, and may still be."""
        self.hass = hass
        self.entry = entry
        self._raised = {issue for issue in MinerIssue if self._is_active(issue)}

    def _is_active(self, issue: MinerIssue) -> bool:
        """Return whether an issue is raised already."""
        raised = ir.async_get(self.hass).async_get_issue(
            DOMAIN, issue_id(issue, self.entry.entry_id)
        )
        return raised is not None and raised.active

    @callback
    def async_raise(self, issue: MinerIssue, **placeholders: str) -> None:
        """Raise an issue that its flow in repairs can fix."""
        if issue in self._raised:
            return
        self._raised.add(issue)
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            issue_id(issue, self.entry.entry_id),
            data={"entry_id": self.entry.entry_id},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue.value,
            translation_placeholders={"miner": self.entry.title, **placeholders},
        )

    @callback
    def async_take_back(self, issue: MinerIssue) -> None:
        """Take an issue back if it was raised."""
        if issue in self._raised:
            self._raised.remove(issue)
            async_delete_issues(self.hass, self.entry.entry_id, issue)


@callback
def async_delete_issues(
    hass: HomeAssistant, entry_id: str, *issues: MinerIssue
) -> None:
    """Take back some of an entry's issues, or all of them."""
    for issue in issues or MinerIssue:
        ir.async_delete_issue(hass, DOMAIN, issue_id(issue, entry_id))
