"""Canaan's Avalon home miners."""

from simulator.avalon.device import AvalonDevice
from simulator.avalon.models import MODELS

__all__ = ["MODELS", "AvalonDevice"]
