"""Tables of names that the classifier reads at start."""
