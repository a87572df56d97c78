"""Fails a test that runs too long, in its own process, so that fixtures tear down."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from pytest_ginkgo.guard import Guard
from pytest_ginkgo.originals import ORIGINAL, monotonic

SHORTEST_SECONDS = 0.001
NAME = "ginkgo-deadline"


def limit_tests(config: pytest.Config, seconds: float) -> None:
    """Bound every test; where pytest-timeout is loaded it is the means.

    Both use SIGALRM, and the one that comes later would take the other's away.
    """
    if config.pluginmanager.hasplugin("timeout"):
        config.pluginmanager.register(PytestTimeout(config, seconds), NAME)
    else:
        config.pluginmanager.register(TestDeadline(seconds), NAME)


class PytestTimeout:
    """Has pytest-timeout fail what takes too long; a shorter limit of the project stays."""

    def __init__(self, config: pytest.Config, seconds: float) -> None:
        self._seconds = seconds
        given = (
            config.getoption("timeout"),
            os.environ.get("PYTEST_TIMEOUT"),
            config.getini("timeout"),
        )
        theirs = next((value for value in given if value not in (None, "")), None)
        if theirs is None or not self._holds(theirs):
            config.option.timeout = seconds

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Shorten the limits of markers."""
        with Guard():
            for item in session.items:
                marker = item.get_closest_marker("timeout")
                if marker is None:
                    continue
                theirs = marker.args[0] if marker.args else marker.kwargs.get("timeout")
                if theirs is not None and not self._holds(theirs):
                    rest = {k: value for k, value in marker.kwargs.items() if k != "timeout"}
                    shorter = pytest.mark.timeout(self._seconds, *marker.args[1:], **rest)
                    item.add_marker(shorter, append=False)

    def _holds(self, theirs: Any) -> bool:
        """Whether it is a limit, which 0 is not, and no longer than ours."""
        try:
            return 0 < float(theirs) <= self._seconds
        except (TypeError, ValueError):
            # pytest-timeout says what is wrong with it.
            return True


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
        self._end = monotonic() + self._seconds

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Iterator[Any]:
        """Bound the set-up."""
        with _Alarm(self._left()):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Iterator[Any]:
        """Bound the call."""
        with _Alarm(self._left()):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Iterator[Any]:
        """Bound the teardown."""
        left = self._left()
        with _Alarm(left if left > SHORTEST_SECONDS else self._seconds):
            return (yield)

    def _left(self) -> float:
        return max(self._end - monotonic(), SHORTEST_SECONDS)

    def _expire(self, _signum: int, _frame: FrameType | None) -> None:
        __tracebackhide__ = True
        pytest.fail(f"the test did not end within {self._seconds:g} s")


class _Alarm:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        ORIGINAL.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        ORIGINAL.setitimer(signal.ITIMER_REAL, 0)
