"""What AxeOS does when the chip or the voltage regulator gets too hot."""

from simulator.axeos.boards import Board
from simulator.axeos.settings import AxeOSSettings
from simulator.firmware import Version
from simulator.physics import RigModel

CHIP_LIMIT = 75.0
VR_LIMIT = 105.0
RECOVERS_SINCE: Version = (2, 11)

_COOLING_SECONDS = 30.0
_VR_COOL = VR_LIMIT - 10.0
_CHIP_COOL = 45.0
_REDUCTION = 100
_HALT_FREQUENCY = 50
_HALT_VOLTAGE = 1000
# What is set when nothing is left to subtract from.
_LEAST_FREQUENCY = 400
_LEAST_VOLTAGE = 1000


class OverheatGuard:
    """Halt mining when it gets too hot; newer firmware resumes by itself."""

    def __init__(self, board: Board, version: Version, settings: AxeOSSettings) -> None:
        """Watch one device."""
        self._board = board
        self._recovers = version >= RECOVERS_SINCE
        self._settings = settings
        self._cooled_for = 0.0

    @property
    def halted(self) -> bool:
        """Tell whether mining is halted by heat."""
        return self._settings.overheat_mode

    def boot(self) -> None:
        """Begin the cooling time again; the mark itself is in flash and stays."""
        self._cooled_for = 0.0

    def watch(self, model: RigModel, seconds: float) -> None:
        """Look at the temperatures once."""
        if not self.halted:
            if self._too_hot(model):
                self._halt()
        elif self._recovers:
            self._cool(model, seconds)

    def _too_hot(self, model: RigModel) -> bool:
        """Tell whether a limit is passed; boards without a sensor ignore the VR."""
        hot_regulator = self._board.regulator and model.vr_temperature > VR_LIMIT
        return hot_regulator or model.chip_temperature > CHIP_LIMIT

    def _halt(self) -> None:
        """Stop mining with the fan at full speed."""
        settings = self._settings
        settings.overheat_mode = True
        settings.autofan = False
        settings.manual_fan = 100
        self._cooled_for = 0.0
        if not self._recovers:
            settings.frequency = _HALT_FREQUENCY
            settings.core_voltage = _HALT_VOLTAGE

    def _cool(self, model: RigModel, seconds: float) -> None:
        """Wait until it is cool for long enough, then resume a little slower."""
        if not self._board.chip_diode and model.chip_temperature > _CHIP_COOL:
            # Boards that still see the chip's temperature wait for it as well.
            self._cooled_for = 0.0
            return
        self._cooled_for += seconds
        hot_regulator = self._board.regulator and model.vr_temperature > _VR_COOL
        if self._cooled_for < _COOLING_SECONDS or hot_regulator:
            return
        settings = self._settings
        settings.overheat_mode = False
        settings.frequency = (
            settings.frequency - _REDUCTION
            if settings.frequency > _REDUCTION
            else _LEAST_FREQUENCY
        )
        settings.core_voltage = (
            settings.core_voltage - _REDUCTION
            if settings.core_voltage > _REDUCTION
            else _LEAST_VOLTAGE
        )
