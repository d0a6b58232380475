"""Tests of the plans of miners in a Home Assistant."""
