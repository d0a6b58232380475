"""Tests of the clients for data from the internet."""
