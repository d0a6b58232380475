"""Tests of the blueprints in a Home Assistant, on simulated miners and prices."""
