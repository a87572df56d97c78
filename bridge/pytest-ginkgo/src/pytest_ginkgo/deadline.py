"""Fails a test that runs too long, in its own process, so that fixtures tear down."""

import signal
import threading
import time
from types import FrameType
from typing import Any

import pytest

SHORTEST_SECONDS = 0.001


class TestDeadline:
    """Raises a failure in the test when its time is over, by SIGALRM.

    The time of an attempt counts from the start of its set-up. A teardown that
    comes after the end gets the whole time again. What blocks signals is the
    supervisor's to end.
    """

    __test__ = False

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0

    def pytest_sessionstart(self) -> None:
        """Signals reach the main thread only."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGALRM, self._expire)

    def pytest_runtest_logstart(self) -> None:
        """An attempt begins."""
        self._end = time.monotonic() + self._seconds

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Any:
        """Bound the set-up."""
        with _Alarm(self._left()):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Any:
        """Bound the call."""
        with _Alarm(self._left()):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Any:
        """Bound the teardown."""
        left = self._left()
        with _Alarm(left if left > SHORTEST_SECONDS else self._seconds):
            return (yield)

    def _left(self) -> float:
        return max(self._end - time.monotonic(), SHORTEST_SECONDS)

    def _expire(self, _signum: int, _frame: FrameType | None) -> None:
        pytest.fail(f"the test did not end within {self._seconds:g} s")


class _Alarm:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
