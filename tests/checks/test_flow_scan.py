"""Tests of the search for the texts of flows."""

from pathlib import Path

import pytest

from .flow_scan import scan_flows
from .snippets import make_source

FLOW = """
ERRORS = {TimeoutError: "timeout_connect", OSError: "cannot_connect"}

class MinerFlow(ConfigFlow, domain=DOMAIN):
    async def async_step_user(self, user_input=None):
        return self.async_show_menu(step_id="user", menu_options=["address", "scan"])

    async def async_step_address(self, user_input=None):
        errors = {}
        try:
            await self.async_set_unique_id(mac)
            self._abort_if_unique_id_configured(updates={})
        except OSError as err:
            errors["host"] = ERRORS[type(err)]
        return self.async_show_form(
            step_id="address",
            data_schema=vol.Schema(
                {
                    vol.Required("host"): str,
                    vol.Required("more"): section(
                        vol.Schema({vol.Optional("port"): int})
                    ),
                }
            ),
            errors=errors,
            description_placeholders={"example": "192.168.1.20"},
        )

    async def async_step_scan(self, user_input=None):
        return self.async_abort(reason="nothing_found")

def check(rows):
    if rows:
        return "not_a_number", rows[0]
    return None

class AddressError(Exception):
    def __init__(self, key):
        self.key = key

class Options(OptionsFlowWithReload):
    async def async_step_init(self, user_input=None):
        try:
            raise AddressError("bad_address")
        except AddressError as err:
            errors["host"] = err.key
        if (error := check(user_input)) is not None:
            errors["rows"], placeholders["row"] = error
        return self.async_show_form(step_id="init", errors={"base": "too_high"})

class Pool(ConfigSubentryFlow):
    async def async_step_user(self, user_input=None):
        return self.async_show_form(step_id="user")

class Types:
    def async_get_supported_subentry_types(cls, entry):
        return {"pool": Pool}
"""
REPAIRS = """
class Unlock(RepairsFlow):
    async def async_step_init(self, user_input=None):
        return self.async_show_form(step_id="code", data_schema=CODE)

CODE = vol.Schema({vol.Required("code"): str})
"""


@pytest.mark.parametrize(
    "expected",
    [
        "config.step.user",
        "config.step.user.menu_options.scan",
        "config.step.address",
        "config.step.*.data.host",
        "config.step.*.data.port",
        "config.step.*.sections.more",
        "config.error.timeout_connect",
        "config.error.cannot_connect",
        "config.abort.already_configured",
        "config.abort.nothing_found",
        "options.step.init",
        "options.error.too_high",
        "options.error.not_a_number",
        "config_subentries.pool.step.user",
        "issues.*.fix_flow.step.code",
        "issues.*.fix_flow.step.*.data.code",
    ],
)
def test_a_text_of_a_flow_is_found(tmp_path: Path, expected: str) -> None:
    """Each kind of text is found where it belongs."""
    source = make_source(tmp_path, config_flow=FLOW, repairs=REPAIRS)
    uses = scan_flows(source)
    found = {".".join(path) for use in uses if use.required for path in use.paths}
    assert expected in found


def test_nothing_is_found_that_is_not_there(tmp_path: Path) -> None:
    """What Home Assistant says in its own words needs none of ours."""
    uses = scan_flows(make_source(tmp_path, config_flow=FLOW))
    found = {".".join(path) for use in uses for path in use.paths}
    assert "config.abort.already_in_progress" not in found
    assert "config.step.init" not in found


def test_what_an_error_carries_may_be_a_text(tmp_path: Path) -> None:
    """The key of an error that is caught is used, without being demanded."""
    uses = scan_flows(make_source(tmp_path, config_flow=FLOW))
    (use,) = (use for use in uses if "bad_address" in use.paths[0])
    assert use.paths == (("options", "error", "bad_address"),)
    assert not use.required


def test_placeholders_of_a_form_are_found(tmp_path: Path) -> None:
    """What a form is given is known to the check of its texts."""
    uses = scan_flows(make_source(tmp_path, config_flow=FLOW))
    given = {use.paths[0]: use.given for use in uses}
    assert given["config", "step", "address"] == frozenset({"example"})
    assert given["options", "step", "init"] == frozenset()


def test_other_modules_are_not_flows(tmp_path: Path) -> None:
    """The schema of an action is no form."""
    code = 'SCHEMA = vol.Schema({vol.Required("code"): str})'
    assert scan_flows(make_source(tmp_path, services=code)) == ()
