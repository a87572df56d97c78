"""One test is in quarantine, one is not."""

import pytest


@pytest.mark.quarantine
def test_in_quarantine() -> None:
    raise ValueError("known")


def test_healthy() -> None:
    """Pass."""
