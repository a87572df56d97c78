"""A test that is repeated, and one in parts."""

import hashlib

import pytest

ATTEMPTS = pytest.StashKey[int]()


@pytest.mark.flaky(reruns=2)
def test_passes_at_the_third_attempt(pytestconfig: pytest.Config) -> None:
    """Fail twice."""
    attempts = pytestconfig.stash.get(ATTEMPTS, 0) + 1
    pytestconfig.stash[ATTEMPTS] = attempts
    assert hashlib.pbkdf2_hmac("sha256", b"work", b"salt", 60_000)
    assert attempts == 3, f"attempt {attempts}"


def test_parts(subtests: pytest.Subtests) -> None:
    """One of three parts fails."""
    for number in range(3):
        with subtests.test("part", number=number):
            assert number != 1, "the middle one"
