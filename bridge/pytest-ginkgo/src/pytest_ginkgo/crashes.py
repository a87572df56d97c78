"""Ends a run in which one test ends worker after worker.

Under these schedulers xdist gives a test that ended its worker to the next one
again, which it ends too, until it has no more restarts: four for each worker.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pytest_ginkgo.guard import Guard
from pytest_ginkgo.identity import GroupNames

REPEATING = ("loadfile", "loadscope", "loadgroup")
LIMIT = 3
WARNING = (
    "\npytest-ginkgo: under --dist {dist} xdist gives this test to the next worker again; "
    "the run ends when it has ended {limit} workers"
)
REASON = "{nodeid} ended {limit} workers, and xdist would give it to the next one"


class CrashLoop:
    """Counts the workers that a test ends; lives in the controller.

    A limit of the user's own, --max-worker-restart, is the limit.
    """

    def __init__(self, config: pytest.Config, names: GroupNames) -> None:
        self._config = config
        self._names = names
        self._dist: str = config.getoption("dist")
        self._guard = Guard()
        self._crashes: Counter[str] = Counter()

    @staticmethod
    def threatens(config: pytest.Config) -> bool:
        """Whether xdist repeats what crashes, and nobody has set a limit."""
        repeats = config.getoption("dist", "no") in REPEATING
        return repeats and config.getoption("maxworkerrestart", None) is None

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """Warn with the first worker, end with the last one."""
        with self._guard:
            self._crashes[crashitem] += 1
            report.longrepr = f"{report.longrepr}{WARNING.format(dist=self._dist, limit=LIMIT)}"
            session: Any = self._config.pluginmanager.get_plugin("dsession")
            if self._crashes[crashitem] >= LIMIT and not session.shouldstop:
                session.shouldstop = REASON.format(nodeid=self._names.of(crashitem), limit=LIMIT)
