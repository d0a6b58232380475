"""Tests of the search for the texts of errors, issues, selectors and actions."""

from pathlib import Path

from .flow_scan import Use
from .snippets import make_source
from .source_tree import parse_yaml
from .text_scan import scan_source, scan_yaml

CODE = """
from homeassistant.helpers import issue_registry as ir

def refuse(key, **names):
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"miner": "x"},
    )

refuse("refused")

try:
    pass
except MinerError as err:
    raise UpdateFailed(
        translation_domain=DOMAIN, translation_key=err.translation_key
    ) from err

class Issue(StrEnum):
    OTP = "otp_required"

def async_create_issue(hass, issue: Issue, names):
    ir.async_create_issue(
        hass, DOMAIN, "id", translation_key=issue.value, translation_placeholders=names
    )

async_create_issue(hass, Issue.OTP, {"name": "x"})

KINDS = ((TimeoutError, "late"), (OSError, "cut_off"))

def key_of(error):
    return next(key for kind, key in KINDS if isinstance(error, kind))

ARGUMENTS = {
    "translation_domain": DOMAIN,
    "translation_key": key_of(error),
    "translation_placeholders": {"miner": "x"},
}
SelectSelectorConfig(options=["auto", "manual"], translation_key="fan_mode")
ObjectSelectorConfig(
    multiple=True, translation_key="modes", fields={"name": {}, "frequency": {}}
)
DeviceInfo(translation_key="miner")
SensorEntityDescription(
    key="reset_reason", translation_key="reset_reason", options=["power", "panic"]
)
"""
HEALTH = """
async def system_health_info(hass):
    return {"miners": 1, "reachable": 1}
"""
SERVICES = """
unlock:
  fields:
    device_id:
      required: true
      selector:
        device:
    kind:
      selector:
        select:
          translation_key: kind
          options: [short, long]
"""


def required(uses: tuple[Use, ...]) -> set[str]:
    """Return the paths that have to be there."""
    return {".".join(use.paths[0]) for use in uses if use.required}


def test_the_texts_of_the_source_are_found(tmp_path: Path) -> None:
    """An error that only passes a key on names none of its own."""
    source = make_source(tmp_path, code=CODE, system_health=HEALTH)
    assert required(scan_source(source)) == {
        "device.miner",
        "entity.sensor.reset_reason",
        "entity.sensor.reset_reason.state.panic",
        "entity.sensor.reset_reason.state.power",
        "exceptions.cut_off",
        "exceptions.late",
        "exceptions.refused",
        "issues.otp_required",
        "selector.fan_mode",
        "selector.fan_mode.options.auto",
        "selector.fan_mode.options.manual",
        "selector.modes",
        "selector.modes.fields.frequency",
        "selector.modes.fields.name",
        "system_health.info.miners",
        "system_health.info.reachable",
    }


def test_the_placeholders_of_errors_are_found(tmp_path: Path) -> None:
    """What an error or an issue is given is known to the check of its texts."""
    uses = scan_source(make_source(tmp_path, code=CODE))
    given = {use.paths[0][:2]: use.given for use in uses if use.given is not None}
    assert given["exceptions", "refused"] == frozenset({"miner"})
    assert given["exceptions", "late"] == frozenset({"miner"})
    assert given["issues", "otp_required"] == frozenset({"name"})


def test_the_texts_of_actions_are_found() -> None:
    """An action has a name, each of its fields too, and so has each option."""
    assert required(tuple(scan_yaml("services", parse_yaml(SERVICES)))) == {
        "selector.kind",
        "selector.kind.options.long",
        "selector.kind.options.short",
        "services.unlock",
        "services.unlock.fields.device_id",
        "services.unlock.fields.kind",
    }
