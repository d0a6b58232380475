"""Miners that speak cgminer's API over TCP."""

from simulator.cgminer.device import CgminerDevice
from simulator.cgminer.plain import PlainCgminerDevice
from simulator.cgminer.pools import Pool

__all__ = ["CgminerDevice", "PlainCgminerDevice", "Pool"]
