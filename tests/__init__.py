"""Tests of Miner Controller."""
