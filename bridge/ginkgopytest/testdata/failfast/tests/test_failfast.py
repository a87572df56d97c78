"""A test that fails at once, and one that does not end by itself."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def resource() -> Iterator[None]:
    """Leave a mark when torn down."""
    yield
    (Path(os.environ["STATE_DIR"]) / "torn-down").touch()


def test_a_fails() -> None:
    """Fail once the other test runs."""
    raise AssertionError


@pytest.mark.usefixtures("resource")
def test_b_hangs() -> None:
    """Hang."""
    threading.Event().wait()
