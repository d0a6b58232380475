"""A simulated pool that speaks stratum, with the manners that pools have."""

from simulator.stratum.pool import Manners, StratumPool

__all__ = ["Manners", "StratumPool"]
