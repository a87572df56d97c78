"""A module beside one that cannot be imported."""


def test_good() -> None:
    """Pass."""
