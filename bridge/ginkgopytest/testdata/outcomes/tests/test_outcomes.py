"""One test for each outcome."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def broken_teardown() -> Iterator[None]:
    """Fail after the test."""
    yield
    raise RuntimeError("teardown broke")


def test_pass() -> None:
    """Pass."""


def test_fail() -> None:
    """Fail on a known line."""
    print("printed by the test")  # noqa: T201
    assert len("one") == 2, "lengths differ"


@pytest.mark.usefixtures("broken_teardown")
def test_both() -> None:
    """Fail, and again in the teardown."""
    raise ValueError("call broke")


@pytest.mark.usefixtures("broken_teardown")
def test_teardown() -> None:
    """Fail in the teardown only."""


def test_skip() -> None:
    """Skip."""
    pytest.skip("not today")


@pytest.mark.xfail(reason="known")
def test_xfail() -> None:
    """Fail as expected."""
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("text", ["a b", "c/d"])
def test_param(text: str) -> None:
    """Pass for the first of two parameters."""
    assert text == "a b"


class TestGroup:
    """A container."""

    def test_inside(self) -> None:
        """Pass."""
