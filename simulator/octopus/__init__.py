"""A simulated Octopus Energy, which publishes the prices of electricity."""

from simulator.octopus.faults import OctopusFault
from simulator.octopus.products import (
    BUSINESS,
    CURRENT,
    FIXED,
    NEWER,
    OLDER,
    OUTGOING,
    RETIRED,
    TWIN,
    VARIABLE,
)
from simulator.octopus.server import OctopusServer

__all__ = [
    "BUSINESS",
    "CURRENT",
    "FIXED",
    "NEWER",
    "OLDER",
    "OUTGOING",
    "RETIRED",
    "TWIN",
    "VARIABLE",
    "OctopusFault",
    "OctopusServer",
]
