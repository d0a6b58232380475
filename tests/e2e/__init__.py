"""Tests of the integration in a running Home Assistant, as its user sees it."""
