"""A test that never runs."""


def test_never() -> None:
    """Pass."""
