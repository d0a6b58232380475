"""NerdQAxe++ boards and their fork of the Bitaxe firmware."""

from simulator.nerdqaxe.device import FIRMWARES, NerdQAxeDevice
from simulator.nerdqaxe.settings import NerdQAxeSettings, Pool

__all__ = ["FIRMWARES", "NerdQAxeDevice", "NerdQAxeSettings", "Pool"]
