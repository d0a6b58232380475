"""The repairs that a miner can raise."""

from enum import StrEnum

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


@callback
def async_active_issues(hass: HomeAssistant, entry_id: str) -> set[MinerIssue]:
    """Return the issues of an entry that are raised."""
    registry = ir.async_get(hass)
    found = {
        issue: registry.async_get_issue(DOMAIN, issue_id(issue, entry_id))
        for issue in MinerIssue
    }
    return {issue for issue, raised in found.items() if raised and raised.active}


@callback
def async_create_issue(
    hass: HomeAssistant,
    issue: MinerIssue,
    entry_id: str,
    placeholders: dict[str, str],
) -> None:
    """Raise an issue that its flow in repairs can fix."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(issue, entry_id),
        data={"entry_id": entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue.value,
        translation_placeholders=placeholders,
    )


@callback
def async_delete_issues(
    hass: HomeAssistant, entry_id: str, *issues: MinerIssue
) -> None:
    """Take back some of an entry's issues, or all of them."""
    for issue in issues or MinerIssue:
        ir.async_delete_issue(hass, DOMAIN, issue_id(issue, entry_id))
