"""What each miner costs and earns, and all of them together."""
