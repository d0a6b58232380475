"""The power that a miner draws, and the energy that it amounts to."""

from .coordinator import MinerCoordinator
from .energy import EnergyMeter


def measured_power(coordinator: MinerCoordinator) -> float | None:
    """Return the power in W, which is none while a linked switch keeps it off."""
    if coordinator.last_update_success and coordinator.answered:
        power = coordinator.data.power
        return None if power is None else round(power, 1)
    return 0 if coordinator.powered_off else None


def drawn_power(coordinator: MinerCoordinator) -> float | None:
    """Return the power in W, also of a miner without a meter.

    Its owner may know what it draws.
    """
    power = measured_power(coordinator)
    if power is None and coordinator.last_update_success:
        return coordinator.power_draw
    return power


def count_energy(meter: EnergyMeter, coordinator: MinerCoordinator) -> float:
    """Hand the present power to a meter, at each poll.

    Returns the energy since the last poll in kWh.
    """
    interval = coordinator.update_interval or coordinator.interval
    power = drawn_power(coordinator)
    if coordinator.powered_off:
        # The power fell at once and not gradually since the last poll.
        meter.pause()
    return meter.add(
        power, at=coordinator.hass.loop.time(), interval=interval.total_seconds()
    )
