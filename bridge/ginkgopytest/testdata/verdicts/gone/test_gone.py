"""One test is gone when the tests run."""


def test_there() -> None:
    """Pass."""


def test_gone() -> None:
    """Pass."""
