"""What sets Canaan's home miners apart: modes, fields and what they can be told.

Sources: the firmware of the Avalon Nano 3S, replies of the others, and Canaan's API
manual of the A10. What only libraries tell of a model is marked as such.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .model import Range
from .parse import Reply, text


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalonModel:
    """A model of Avalon.

    `modes` are the levels of `mode_option` by name. `power_index` is where PS[] has
    the power at the wall; `board_power_index` that of the board, where PS[] has one.
    `options` are those of `ascset` that every firmware has.
    """

    name: str
    modes: Mapping[str, int]
    mode_option: str = "workmode"
    power_index: int = 6
    board_power_index: int | None = None
    input_voltage: tuple[int, float] | None = None
    """Where PS[] has the voltage that feeds the miner, and its scale to V."""
    options: frozenset[str]
    reboot_parameter: str = "0"
    has_web_page: bool = False
    """The MAC address is on the miner's web page only."""
    setpool_user: str | None = None
    """Who `setpool` takes the web page's token from, instead of a plain password."""

    @property
    def mode_field(self) -> str:
        """Return the field that tells the level."""
        return self.mode_option.upper()


FAN_SPEED: Final = Range(minimum=15, maximum=100)
TARGET_TEMPERATURE: Final = Range(minimum=50, maximum=90)
TARGET_TEMPERATURE_OPTIONS: Final = ("target-temp", "limittemp")
LED_OPTIONS: Final = ("ledset", "led")

# The order of the Nano 3's levels is that of its lists of limits: 60, 90, 125 W.
_MODELS: Final[Mapping[str, AvalonModel]] = {
    "nano3": AvalonModel(
        name="Avalon Nano 3",
        modes={"low": 0, "medium": 1, "high": 2},
        mode_option="worklevel",
        power_index=5,
        input_voltage=(4, 0.01),
        options=frozenset({"fan-spd", "led"}),
        reboot_parameter="all",
        has_web_page=True,
        setpool_user="root",
    ),
    "nano3s": AvalonModel(
        name="Avalon Nano 3S",
        modes={"low": 0, "medium": 1, "high": 2},
        input_voltage=(2, 0.001),
        options=frozenset({"fan-spd", "ledset"}),
    ),
    # Libraries alone tell of limittemp and of the Q's target-temp.
    "mini3": AvalonModel(
        name="Avalon Mini 3",
        modes={"heating": 0, "mining": 1, "night": 2},
        board_power_index=4,
        options=frozenset({"limittemp", "softoff"}),
    ),
    "q": AvalonModel(
        name="Avalon Q",
        modes={"eco": 0, "standard": 1, "super": 2},
        board_power_index=4,
        options=frozenset({"fan-spd", "softoff", "target-temp"}),
    ),
}


def find_model(version: Reply) -> AvalonModel | None:
    """Return the model in a reply to `version`, None for any other miner."""
    product = _squeezed(text(version, "PROD"))
    if not product.startswith("avalon"):
        return None
    return _MODELS.get(
        _squeezed(text(version, "MODEL")) or product.removeprefix("avalon")
    )


def _squeezed(name: str | None) -> str:
    """Return a name as all firmware would write it."""
    return (name or "").replace(" ", "").lower()
