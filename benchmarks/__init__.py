"""What a poll, a start and an import cost, against a floor of the same run."""
