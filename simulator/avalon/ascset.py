"""The command that changes how an Avalon works."""

from collections.abc import Callable
import re
from typing import TYPE_CHECKING

from simulator.avalon.panel import Panel, RefusedError
from simulator.avalon.state import AUTOMATIC_FAN
from simulator.cgminer.request import leading_number
from simulator.cgminer.wire import Reply, Severity

if TYPE_CHECKING:
    from simulator.avalon.device import AvalonDevice

type Option = Callable[[str], str | None]

LONGEST_REBOOT_DELAY = 300
TARGET_RANGE = (50, 90)
REBOOT_WORDS = ("all", "0", "master", "slave")

_SCHEDULE = re.compile(r"1:(\d{1,10})")
_NUMBER = re.compile(r"\s*[-+]?\d+")


class _SilentError(Exception):
    """The connection closes without a reply."""


class AscSet:
    """Answer `ascset`, whose options depend on the model."""

    def __init__(self, device: AvalonDevice) -> None:
        """Belong to a device."""
        self._device = device
        self._state = device.state
        self._kind = device.kind
        panel = Panel(device.state)
        self._options: dict[str, Option] = {
            "help": self._help,
            "workmode": self._workmode,
            "worklevel": self._worklevel,
            "work_mode_lvl": self._work_mode_level,
            "fan-spd": self._fan,
            "reboot": self._reboot,
            "softoff": self._soft_off,
            "softon": self._soft_on,
            "target-temp": self._target,
            "limittemp": self._target,
            "ledmode": panel.led_mode,
            "ledset": panel.led_set,
            "led": panel.led,
            "lcd": panel.lcd,
            "nightlamp": panel.night_lamp,
            "password": self._password,
            "filter-clean": self._filter_clean,
            "loop": lambda _: f"LOOP[{self._kind.hardware.chips} ]",
            "facopts": lambda _: f"FACOPTS_LK[1] WORKMODE[{self._state.mode}]",
            "hash-sn-read": lambda _: f"Hash-0 SN:{self._state.dna.upper()}",
            "voltage": self._voltage,
            "qr_auth": self._never("auth error 01!"),
            "wallpaper": self._never("input param error"),
            "faclock": self._never("Lock: True"),
            "frequency": lambda _: None,
            "volt-adjust-switch": lambda _: None,
        }

    @property
    def _offered(self) -> tuple[str, ...]:
        """Return the options that this device knows."""
        options = self._kind.options
        extra = "target-temp"
        if self._device.offers_target_temperature and extra not in options:
            return (*options, extra)
        return options

    def run(self, parameter: str | None) -> Reply | None:
        """Change one thing, or tell why not."""
        device = self._device
        if not parameter:
            return device.error(15, "Missing device id parameter")
        text, comma, rest = parameter.partition(",")
        number = leading_number(text)
        if number != 0:
            return device.error(107, f"Invalid ASC id {number} - range is 0 - 0")
        if not comma:
            return device.error(115, "Missing option after ASC number")
        name, _, value = rest.partition(",")
        try:
            said = self._apply(name, value)
        except RefusedError as refusal:
            return device.error(120, f"ASC 0 set failed: {refusal}")
        except _SilentError:
            return None
        if said is None:
            return device.reply(119, "ASC 0 set OK")
        return device.reply(118, f"ASC 0 set info: {said}", Severity.INFO)

    def _apply(self, name: str, value: str) -> str | None:
        """Apply one option, whose name may be written in any case."""
        option = name.lower()
        if option not in self._offered:
            raise RefusedError(f"Unknown option: {name}")
        if not value and option not in ("help", "voltage", "loop"):
            raise RefusedError(f"missing {option} setting")
        return self._options[option](value)

    @staticmethod
    def _never(reason: str) -> Option:
        """Return an option that always refuses."""

        def refuse(_value: str) -> str | None:
            raise RefusedError(reason)

        return refuse

    def _help(self, _value: str) -> str:
        """List the options, each with a bar behind it."""
        return "".join(f"{name}|" for name in self._offered)

    def _workmode(self, value: str) -> str | None:
        """Choose a mode."""
        state = self._state
        if value == "get":
            return f"workmode {state.mode}"
        mode = _set_numbers(value, 1)
        if mode is None:
            raise RefusedError("error:2 parameter error")
        self._check_mode(mode[0])
        self._check_calibration(f"mode {state.mode} is caling Don't permit switch mode")
        state.choose(mode[0], state.level)
        return None

    def _worklevel(self, value: str) -> str | None:
        """Choose a level, which on a Nano 3 is what others call a mode."""
        state = self._state
        old = self._kind.key == "nano3"
        if value == "get":
            return f"worklevel {state.mode if old else state.level}"
        level = _set_numbers(value, 1)
        least, most = self._kind.levels
        if level is None or not least <= level[0] <= most:
            raise RefusedError("worklevel unknown argument")
        if old:
            state.choose(level[0], 0)
            return None
        self._check_calibration(
            f"level {state.level} is caling,Don't permit switch level"
        )
        state.choose(state.mode, level[0])
        return None

    def _work_mode_level(self, value: str) -> str | None:
        """Choose a mode and a level at once."""
        state = self._state
        if value == "get":
            return f"workmode {state.mode} worklevel {state.level}"
        wanted = _set_numbers(value, 2)
        if wanted is None:
            raise RefusedError("error:2 parameter error")
        self._check_calibration(
            f"mode {state.mode} is caling. Don't permit switch mode"
        )
        mode, level = wanted
        self._check_mode(mode)
        least, most = self._kind.levels
        if not least <= level <= most:
            raise RefusedError(
                f"worklevel unknown argument level range:{least} ~ {most}"
            )
        state.choose(mode, level)
        return None

    def _check_mode(self, mode: int) -> None:
        """Refuse a mode that the model does not have."""
        count = len(self._kind.modes)
        if not 0 <= mode < count:
            raise RefusedError(f"error:1 not support set workmode max_mode[{count}]")

    def _check_calibration(self, reason: str) -> None:
        """Refuse any change, even to the same, while the chips are tuned."""
        if not self._state.calibrated:
            raise RefusedError(f"current {reason}")

    def _fan(self, value: str) -> str | None:
        """Set the fan by hand, or leave it to the firmware."""
        if not _NUMBER.match(value):
            raise RefusedError("No value passed to avalon-fan")
        wanted = leading_number(value)
        least = self._kind.least_fan
        if wanted != AUTOMATIC_FAN and not least <= wanted <= 100:
            raise RefusedError(
                f"invalid fan value, valid range {least}-100 for stable pwm,"
                "-1 for auto adjust"
            )
        self._state.fan = wanted
        return None

    def _reboot(self, value: str) -> str | None:
        """Restart at once, without a reply, or after a delay."""
        if self._kind.key == "nano3":
            if value not in REBOOT_WORDS:
                raise RefusedError("reboot value error")
            self._device.restart()
            raise _SilentError
        if not _NUMBER.match(value):
            raise RefusedError("reboot value not number")
        delay = leading_number(value)
        if not 0 <= delay <= LONGEST_REBOOT_DELAY:
            raise RefusedError("reboot value should be 0~300 seconds")
        if delay == 0:
            self._device.restart()
            raise _SilentError
        self._state.reboot_in = float(delay)
        return None

    def _soft_off(self, value: str) -> str:
        """Stop hashing when the miner's clock shows a time."""
        self._state.off_time = self._state.off_at = _moment("softoff", value)
        return f"success softoff:{self._state.off_at}"

    def _soft_on(self, value: str) -> str:
        """Hash again when the miner's clock shows a time; a Q does not answer."""
        self._state.on_time = self._state.on_at = _moment("softon", value)
        if self._kind.key == "q":
            raise _SilentError
        return f"success softon:{self._state.on_at}"

    def _target(self, value: str) -> str | None:
        """Set how hot the chips may get."""
        least, most = TARGET_RANGE
        wanted = leading_number(value)
        if not least <= wanted <= most:
            raise RefusedError(f"invalid temperature, valid range {least}-{most}")
        self._state.target = wanted
        return None

    def _filter_clean(self, value: str) -> None:
        """Take note of a cleaned filter."""
        if value != "1":
            raise RefusedError("Input param error.")

    def _voltage(self, value: str) -> str | None:
        """Show the power supply; its voltage is not for everybody to set."""
        if not value:
            return "PS[0 0 0 0 0 0 0]"
        raise RefusedError("Setting invalid: voltage range 0~0")

    def _password(self, value: str) -> str:
        """Change the password of the web page, which asks for the old one."""
        parts = value.split(",")
        if len(parts) != 2 or not all(parts):
            count = len([part for part in parts if part])
            raise RefusedError(f"we need 2 arguments, your input is {count} arguments.")
        old, new = parts
        if old != self._device.web_password:
            raise RefusedError("Auth Failed! password invalid!")
        self._device.web_password = new
        return "new password success set."


def _set_numbers(value: str, count: int) -> list[int] | None:
    """Return the numbers behind `set`, or None if there are not that many."""
    word, *rest = value.split(",")
    if word != "set" or len(rest) < count:
        return None
    if not all(_NUMBER.match(part) for part in rest[:count]):
        return None
    return [leading_number(part) for part in rest[:count]]


def _moment(name: str, value: str) -> int:
    """Return the time at which something shall happen."""
    found = _SCHEDULE.fullmatch(value)
    if found is None:
        raise RefusedError(f"{name} param error")
    return int(found[1])
