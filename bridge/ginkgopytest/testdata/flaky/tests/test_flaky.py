"""Tests that pass at the second attempt, and sub-tests."""

import itertools

import pytest

attempts = itertools.count(1)


def test_flaky() -> None:
    """Pass at the second attempt."""
    assert next(attempts) > 1, "too early"


def test_rows(subtests: pytest.Subtests) -> None:
    """One of three sub-tests fails."""
    for row in range(3):
        with subtests.test(f"row {row}"):
            assert row != 1, "row is one"
