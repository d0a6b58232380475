"""Lottery miners with NMMiner's firmware, over UDP and, from version 2 on, HTTP."""

from simulator.nmminer.boards import BOARDS, Board
from simulator.nmminer.http_device import HTTP_FIRMWARES, NMMinerHttpDevice
from simulator.nmminer.udp_device import UDP_FIRMWARES, NMMinerUdpDevice

__all__ = [
    "BOARDS",
    "HTTP_FIRMWARES",
    "UDP_FIRMWARES",
    "Board",
    "NMMinerHttpDevice",
    "NMMinerUdpDevice",
]
