"""Ways to seed for many pytest workers, compared: `make bench-bootstrap`."""
