"""A test that ends its worker."""

import os


def test_dies() -> None:
    """End the worker."""
    os._exit(9)


def test_lives() -> None:
    """Pass in another worker."""
