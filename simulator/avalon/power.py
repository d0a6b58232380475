"""The seven numbers about power, whose meaning depends on the model."""

from simulator.avalon.state import AvalonState

# What a Q that sleeps goes on telling, whatever it draws.
STALE_WATTS = 146

_CONTROL_VOLTAGE = 1214


def power_supply(state: AvalonState) -> list[int]:
    """Return what `PS` shows; only one of the numbers is the power at the wall."""
    match state.kind.key:
        case "nano3":
            return _nano3(state)
        case "nano3s":
            return _nano3s(state)
        case _:
            return _large(state)


def _nano3(state: AvalonState) -> list[int]:
    """Return amperes, volts of the supply, watts, and volts of the chips."""
    watts = state.model.power
    supply = state.model.input_voltage
    amperes = int(watts / (supply / 1000))
    chips = state.chip_voltage * state.kind.hardware.chips
    return [0, 0, 0, amperes, round(supply / 10), round(watts), round(chips / 10)]


def _nano3s(state: AvalonState) -> list[int]:
    """Return millivolts of the supply, amperes, millivolts set, and watts."""
    watts = state.model.power
    supply = state.model.input_voltage
    amperes = int(watts / (supply / 1000))
    chips = state.chip_voltage * state.kind.hardware.chips
    return [0, 0, round(supply), amperes, 0, round(chips), round(watts)]


def _large(state: AvalonState) -> list[int]:
    """Return two voltages, amperes and watts of the board, volts set, and watts."""
    chips = round(state.chip_voltage * state.kind.hardware.chips / 10)
    if state.soft_off:
        return [0, _CONTROL_VOLTAGE, 4, 0, 0, chips, STALE_WATTS]
    watts = state.model.power
    board = 0.93 * watts
    amperes = int(board / (chips / 100))
    return [0, _CONTROL_VOLTAGE, chips - 1, amperes, round(board), chips, round(watts)]
