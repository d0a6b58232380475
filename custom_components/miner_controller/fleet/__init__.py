"""All miners of the home together: totals, their pools, and telemetry for others."""
