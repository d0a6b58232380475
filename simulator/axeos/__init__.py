"""Bitaxe boards that run AxeOS."""

from simulator.axeos.boards import BOARDS, Board
from simulator.axeos.device import FIRMWARES, AxeOSDevice
from simulator.axeos.settings import AxeOSSettings, Pool

__all__ = ["BOARDS", "FIRMWARES", "AxeOSDevice", "AxeOSSettings", "Board", "Pool"]
