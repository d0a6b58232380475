"""Tests of the fleet in a Home Assistant, against simulated devices and pools."""
