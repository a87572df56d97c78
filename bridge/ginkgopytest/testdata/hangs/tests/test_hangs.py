"""A test that never ends."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

STATE = Path(os.environ["STATE_DIR"])
if "HANG_IN_COLLECTION" in os.environ:
    threading.Event().wait()


@pytest.fixture
def resource() -> Iterator[None]:
    """Leave a mark when torn down."""
    yield
    (STATE / "torn-down").touch()


@pytest.mark.usefixtures("resource")
def test_hangs() -> None:
    """Say which process hangs, then hang."""
    (STATE / "parent").write_text(str(os.getppid()))
    (STATE / "pid.partial").write_text(str(os.getpid()))
    (STATE / "pid.partial").replace(STATE / "pid")
    threading.Event().wait()
