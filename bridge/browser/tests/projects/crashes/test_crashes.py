"""A test that ends its worker among tests that pass."""

import hashlib
import os

import pytest


def work() -> str:
    """Take time without sleeping."""
    return hashlib.pbkdf2_hmac("sha256", b"work", b"salt", 60_000).hex()


@pytest.mark.parametrize("number", range(4))
def test_before(number: int) -> None:
    """Pass."""
    assert work(), number


def test_dies() -> None:
    """End the worker."""
    work()
    os._exit(9)


@pytest.mark.parametrize("number", range(4))
def test_after(number: int) -> None:
    """Pass in whatever worker is left."""
    assert work(), number
