"""A test of a project that leaves early."""


def test_pass() -> None:
    """Pass."""
