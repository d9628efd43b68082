"""What several tests need: a broker, workers as real processes, records by hand."""
