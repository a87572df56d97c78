"""A test that passes."""


def test_pass() -> None:
    """Pass."""
