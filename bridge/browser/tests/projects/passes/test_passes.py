"""Tests that pass, with set-up and teardown that take a while."""

import hashlib
from collections.abc import Iterator

import pytest


def work(rounds: int) -> str:
    """Take time without sleeping."""
    return hashlib.pbkdf2_hmac("sha256", b"work", b"salt", rounds * 10_000).hex()


@pytest.fixture
def prepared() -> Iterator[str]:
    """Work before and after."""
    yield work(2)
    work(1)


@pytest.mark.parametrize("rounds", range(1, 9))
def test_work(prepared: str, rounds: int) -> None:
    """Pass."""
    assert work(rounds) != prepared or rounds == 2


def test_empty() -> None:
    """Pass at once."""
