"""Clients that talk to miners, free of any Home Assistant import."""
