"""Benchmarks of the services: `make bench-auth`, `make bench-bootstrap`."""
