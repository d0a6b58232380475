"""Fake miners that answer on real sockets the way the real firmware does."""
