"""A test that ends every worker to which xdist gives it."""

import os


def test_dies() -> None:
    """End the worker without a word."""
    os._exit(9)


def test_after() -> None:
    """Not run: it is in the same group."""
