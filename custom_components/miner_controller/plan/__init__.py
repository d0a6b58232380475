"""The schedule of a miner: which mode it is best in, as far as prices are known."""
