"""Checks of the files that Home Assistant, HACS and people read."""
