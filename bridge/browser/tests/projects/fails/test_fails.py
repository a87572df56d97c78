"""Every outcome that pytest knows."""

import hashlib
from collections.abc import Iterator

import pytest

LEAVES_THE_PAGE = "</script><script>window.broken = 1</script><!--"


def work() -> str:
    """Take time without sleeping."""
    return hashlib.pbkdf2_hmac("sha256", b"work", b"salt", 60_000).hex()


@pytest.fixture
def broken_setup() -> None:
    """Fail before the test."""
    raise RuntimeError("setup broke")


@pytest.fixture
def broken_teardown() -> Iterator[None]:
    """Fail after the test."""
    yield
    raise RuntimeError("teardown broke")


@pytest.fixture
def chatty() -> Iterator[None]:
    """Print before and after."""
    print("printed by the set-up")  # noqa: T201
    yield
    print("printed by the teardown")  # noqa: T201


@pytest.mark.usefixtures("chatty")
def test_chatty() -> None:
    """Print in between."""
    print("printed by the call")  # noqa: T201


def test_passes() -> None:
    """Pass."""
    assert work()


def test_fails() -> None:
    """Fail with output that looks like the end of a page."""
    print(LEAVES_THE_PAGE)  # noqa: T201
    assert work() == LEAVES_THE_PAGE, LEAVES_THE_PAGE


@pytest.mark.usefixtures("broken_setup")
def test_setup_error() -> None:
    """Never run."""


@pytest.mark.usefixtures("broken_teardown")
def test_teardown_error() -> None:
    """Pass, then fail in the teardown."""
    assert work()


def test_skips() -> None:
    """Skip."""
    pytest.skip("not today")


@pytest.mark.xfail(reason="known")
def test_expected_failure() -> None:
    """Fail as expected."""
    raise AssertionError


@pytest.mark.xfail(reason="thought to be known")
def test_unexpected_pass() -> None:
    """Pass against expectation."""
