"""Stands beside a module that cannot be imported."""


def test_good() -> None:
    """Pass."""


def test_bad() -> None:
    raise ValueError("bad")
