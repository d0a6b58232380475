"""What a mode of a miner does by its model, until the miner has shown it."""

from collections.abc import Mapping
from typing import Final

from ..protocols.model import MinerIdentity, MinerStatus, WorkMode
from .mode_learning import LearnedMode
from .plan_model import OFF, ModeFigures

# By model and mode: hashrate in H/s and power in W, the latter as the miner itself
# tells it. Of the other modes of these models, replies and the maker tell nothing.
# - Nano 3: replies have 3.33 TH/s at 92 W in medium and 126 W in high, the list of
#   limits has 60 W for low, the list of clocks 313, 467 and 594 MHz for the three.
# - Nano 3S: a reply has 6.42 TH/s at 132 W in high.
# - Mini 3: rated 37.5 TH/s at 800 W, which is what it draws in mining.
# - Q: rated 90 TH/s at 1674 W, which is its fastest mode.
_AVALON: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "Avalon Nano 3": {
        "low": (2.2e12, 60),
        "medium": (3.3e12, 92),
        "high": (4.2e12, 126),
    },
    "Avalon Nano 3S": {"high": (6.4e12, 132)},
    "Avalon Mini 3": {"mining": (37.5e12, 800)},
    "Avalon Q": {"super": (90e12, 1674)},
}


def setting_of(mode: WorkMode | None) -> str:
    """Return what a mode is set to, in the form in which `ModeLearner` takes it.

    A mode that only the firmware knows is always set to the same.
    """
    if mode is None:
        return ""
    return f"{mode.frequency:g} MHz {mode.core_voltage:g} V"


def nominal_modes(
    identity: MinerIdentity,
    modes: Mapping[str, WorkMode | None],
    status: MinerStatus | None,
    *,
    power_draw: float | None = None,
) -> dict[str, ModeFigures | None]:
    """Return what modes do by what is known without trying them, by name.

    `modes` has the pair of each mode, None for those that only the firmware knows, and
    `off` where the miner can be off. `status` is what the miner tells now, and
    `power_draw` what its owner says that it draws, in W. None where nothing is known.

    A pair is scaled from the present one: each core does one hash in a cycle, so the
    hashrate grows with the frequency, and the power of a chip grows with the frequency
    and with the square of the voltage. An Avalon has figures of its model. The only
    mode of a miner, and one that the miner says it is in, does what it does now.
    """
    present = _present(status, power_draw)
    working = [name for name in modes if name != OFF]
    figures: dict[str, ModeFigures | None] = {}
    for name, pair in modes.items():
        known = _AVALON.get(identity.model, {}).get(name)
        if name == OFF:
            known = (0.0, 0.0)
        elif pair is not None:
            known = _scaled(present, status, pair)
        elif (
            known is None
            and status is not None
            and (status.work_mode == name or len(working) == 1)
        ):
            known = present
        figures[name] = (
            None
            if known is None
            else ModeFigures(name=name, hashrate=known[0], power=known[1])
        )
    return figures


def best_known(
    nominal: Mapping[str, ModeFigures | None], learned: Mapping[str, LearnedMode]
) -> dict[str, ModeFigures]:
    """Return the figures of each mode that has any: learned where they are, by name.

    A miner without a meter learns its hashrate and keeps its nominal power. Its figures
    are not learned then: what it costs follows from the power.
    """
    figures = {}
    for name, known in nominal.items():
        shown = learned.get(name)
        if shown is None:
            figure = known
        else:
            power = shown.power
            if power is None and known is not None:
                power = known.power
            figure = (
                None
                if power is None
                else ModeFigures(
                    name=name,
                    hashrate=shown.hashrate,
                    power=power,
                    learned=shown.power is not None,
                )
            )
        if figure is not None:
            figures[name] = figure
    return figures


def _present(
    status: MinerStatus | None, power_draw: float | None
) -> tuple[float, float] | None:
    """Return the hashrate and the power of a miner that works now."""
    if status is None or status.is_hashing(None) is False:
        return None
    hashrate = status.expected_hashrate or status.hashrate_average or status.hashrate
    power = power_draw if status.power is None else status.power
    return (hashrate, power) if hashrate and power else None


def _scaled(
    present: tuple[float, float] | None, status: MinerStatus | None, mode: WorkMode
) -> tuple[float, float] | None:
    """Return what another pair of frequency and voltage gives and takes."""
    if (
        present is None
        or status is None
        or not status.frequency
        or not status.core_voltage
    ):
        return None
    faster = mode.frequency / status.frequency
    harder = mode.core_voltage / status.core_voltage
    return present[0] * faster, present[1] * faster * harder**2
