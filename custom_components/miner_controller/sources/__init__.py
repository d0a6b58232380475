"""Clients for data from the internet, free of any Home Assistant import."""
