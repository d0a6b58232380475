"""One miner as a Home Assistant device."""
