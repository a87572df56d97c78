"""pytest-retry reports a failed attempt with an outcome word of its own."""

from collections.abc import Iterator

import pytest

ATTEMPTS: dict[str, int] = {}


def nth(name: str) -> int:
    ATTEMPTS[name] = ATTEMPTS.get(name, 0) + 1
    return ATTEMPTS[name]


@pytest.mark.flaky(retries=2)
def test_second_attempt() -> None:
    assert nth("second") == 2


@pytest.mark.flaky(retries=3)
def test_third_attempt() -> None:
    assert nth("third") == 3


@pytest.mark.flaky(retries=2)
def test_never() -> None:
    raise ValueError("never")


@pytest.fixture
def broken_set_up() -> None:
    assert nth("up") == 2


@pytest.fixture
def broken_teardown() -> Iterator[None]:
    yield
    assert nth("down") == 2


@pytest.mark.flaky(retries=2)
def test_set_up(broken_set_up: None) -> None:
    """Fail before it runs."""


@pytest.mark.flaky(retries=2)
def test_teardown(broken_teardown: None) -> None:
    """Fail after it ran."""


@pytest.mark.flaky(retries=2)
def test_teardown_of_a_retry(broken_teardown: None) -> None:
    assert nth("torn") == 2


def test_plain() -> None:
    """Pass."""
