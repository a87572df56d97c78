"""Errors that end a service before it serves."""


class StartError(Exception):
    """The service cannot start; the text says why, naming the setting or the file."""
