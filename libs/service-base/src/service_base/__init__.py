"""What every service here does alike: start, log, answer problems."""
