"""A module whose name stands in another folder as well."""

import pytest


def test_same() -> None:
    """Fail."""
    raise AssertionError("the other one")


@pytest.mark.skip(reason="not here")
def test_skip() -> None:
    """Skip, as a marker says."""


@pytest.mark.skipif("1 < 2", reason="one is less")
def test_skipif() -> None:
    """Skip on a condition."""


@pytest.mark.xfail(reason="never ran", run=False)
def test_norun() -> None:
    """Would fail."""


@pytest.mark.xfail(reason="was known", strict=True)
def test_strict() -> None:
    """Pass although it must fail."""
