"""The simulated devices themselves, against the reference of their protocols."""
