"""What authentication costs DataStorage: `make bench-auth`."""
