"""The lamps and the display of an Avalon."""

from simulator.avalon.state import AvalonState

_LAST_EFFECT = 5


class RefusedError(Exception):
    """A setting is not accepted, for the reason given."""


class Panel:
    """What `ascset` changes about the lamps and the display."""

    def __init__(self, state: AvalonState) -> None:
        """Belong to a miner."""
        self._state = state

    def led_mode(self, value: str) -> str:
        """Choose between the lamp of the day and that of the night."""
        if value not in ("0", "1"):
            raise RefusedError("Input param error.")
        self._state.led_mode = int(value)
        return f"success set:{value}"

    def led_set(self, value: str) -> str:
        """Set effect, brightness, temperature and colour of the lamp."""
        if self._state.led_mode != 0:
            return "not in (day)mode now"
        parts = value.split("-")
        if len(parts) != 6 or not all(part.isdecimal() for part in parts):
            raise RefusedError("led parameter wrong")
        effect, bright, temperature, *colour = (int(part) for part in parts)
        if effect > _LAST_EFFECT:
            raise RefusedError("led parameter wrong")
        self._state.led = [
            effect,
            bright,
            temperature,
            *(part & 0xFF for part in colour),
        ]
        return "led set ok"

    def led(self, value: str) -> str | None:
        """Answer the lamp of a Nano 3."""
        state = self._state
        action, *rest = value.split(",")
        if not all(part.isdecimal() for part in rest):
            raise RefusedError("led parameter wrong")
        numbers = [int(part) for part in rest]
        match action, numbers:
            case "get", []:
                colour = "-".join(str(part) for part in state.led[3:])
                return f"led mode:{state.led_mode} bright:{state.led[1]} rgb:{colour}"
            case "setmode", [mode] if mode <= _LAST_EFFECT:
                state.led_mode = mode
            case "setbright", [bright] if bright <= 100:
                state.led[1] = bright
            case "setrgb", [_, _, _] if max(numbers) <= 255:
                state.led[3:] = numbers
            case _:
                raise RefusedError("led parameter wrong")
        return None

    def lcd(self, value: str) -> str:
        """Change the display: 0 turns it on or off, 1 chooses what it shows."""
        parts = value.split(":")
        if len(parts) != 2 or not all(part.isdecimal() for part in parts):
            raise RefusedError("No value passed to lcd")
        number, wanted = (int(part) for part in parts)
        if number == 0:
            self._state.lcd_on = wanted
        elif number == 1:
            self._state.lcd_switch = wanted
        return f"success lcd:id[{number}] val[{wanted}] len=4"

    def night_lamp(self, value: str) -> str:
        """Set the lamp of the night, if it is the one in use."""
        if self._state.led_mode != 1:
            raise RefusedError("not in (dark)mode now")
        return f"success set:{value.replace('-', ' ')}"
