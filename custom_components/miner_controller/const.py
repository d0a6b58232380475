"""Constants for the Miner Controller integration."""

import logging
from typing import Final

DOMAIN: Final = "miner_controller"
LOGGER = logging.getLogger(__package__)

CONF_CAPABILITIES: Final = "capabilities"
CONF_CODE: Final = "code"
CONF_CORE_VOLTAGE: Final = "core_voltage"
CONF_FAMILY: Final = "family"
CONF_FLEET: Final = "fleet"
CONF_FREQUENCY: Final = "frequency"
CONF_IDENTITY: Final = "identity"
CONF_MINERS: Final = "miners"
CONF_NETWORKS: Final = "networks"
CONF_OTP_EARLY: Final = "otp_early"
CONF_OVERHEAT: Final = "overheat"
CONF_PLAN: Final = "plan"
CONF_POLL_INTERVAL: Final = "poll_interval"
CONF_POSTCODE: Final = "postcode"
CONF_POWER_CAP: Final = "power_cap"
CONF_POWER_DRAW: Final = "power_draw"
CONF_POWER_SWITCH: Final = "power_switch"
CONF_PRODUCT: Final = "product"
CONF_RANGE: Final = "range"
CONF_TARIFF: Final = "tariff"
CONF_WIDE_RANGE: Final = "wide_range"
CONF_WORK_MODES: Final = "work_modes"

DEFAULT_POLL_INTERVAL: Final = 15
MIN_POLL_INTERVAL: Final = 10
MAX_POLL_INTERVAL: Final = 600

# A name for what a miner is set to when that is none of its work modes.
MODE_CUSTOM: Final = "custom"
# The mode that a miner is delivered with.
MODE_STANDARD: Final = "standard"
# What a miner does that works and has no modes to choose among.
MODE_ON: Final = "on"
