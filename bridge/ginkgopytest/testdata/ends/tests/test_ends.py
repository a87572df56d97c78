"""Tests that pass."""


def test_one() -> None:
    """Pass."""


def test_two() -> None:
    """Pass."""
