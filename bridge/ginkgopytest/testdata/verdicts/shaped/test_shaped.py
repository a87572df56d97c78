"""Tests whose items the project's hooks replace."""


def test_plain() -> None:
    """Pass."""


def test_replaced() -> None:
    """Pass."""


def test_replaced_and_broken() -> None:
    raise ValueError("broken")
