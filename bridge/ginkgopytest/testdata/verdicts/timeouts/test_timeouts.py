"""Limits of the project's own, with pytest-timeout."""

import threading
from collections.abc import Iterator

import pytest


def hang(seconds: float) -> None:
    threading.Event().wait(seconds)


@pytest.mark.timeout(0.3)
def test_above_its_own_limit() -> None:
    hang(30)


@pytest.mark.timeout(60)
def test_below_its_own_limit() -> None:
    hang(0.1)


@pytest.fixture
def slow_teardown() -> Iterator[None]:
    yield
    hang(30)


@pytest.mark.timeout(0.3)
def test_teardown_above_its_limit(slow_teardown: None) -> None:
    """Pass until then."""


def test_without_a_limit() -> None:
    """Pass."""
