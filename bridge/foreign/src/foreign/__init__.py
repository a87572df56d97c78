"""Compares what the bridge says of third-party suites with what raw pytest says."""
