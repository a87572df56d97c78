"""What was collected, as JSON for a supervisor; and running a part of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

# Markers that say how pytest runs a test, not what the test is.
PLUMBING = {"parametrize", "usefixtures", "filterwarnings", "tryfirst", "trylast"}
# Markers whose arguments are conditions and reasons.
VALUELESS = {"skip", "skipif", "xfail"}


class CollectionWriter:
    """Writes the collected tests, errors and skipped modules in one step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._errors: list[dict[str, str]] = []
        self._skipped: list[dict[str, str]] = []
        self._tests: list[dict[str, Any]] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what has no tests of its own to report it."""
        if report.failed:
            self._errors.append({"nodeid": report.nodeid, "longrepr": report.longreprtext})
        elif report.skipped:
            self._skipped.append({"nodeid": report.nodeid, "reason": _skip_reason(report)})

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what is left after deselection."""
        self._tests = [describe(item) for item in session.items]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write beside the target and rename, so that a reader sees all or nothing."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        document = {"tests": self._tests, "errors": self._errors, "skipped": self._skipped}
        partial.write_text(json.dumps(document))
        partial.replace(self._path)


class Selection:
    """Deselects every test whose node id is not in a file."""

    def __init__(self, path: Path) -> None:
        try:
            self._chosen = set(path.read_text(encoding="utf-8").splitlines())
        except OSError as error:
            raise pytest.UsageError(f"--ginkgo-select {path}: {error.strerror}") from error

    # First, because xdist's loadgroup changes the node ids.
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the order of what is chosen."""
        kept = [item for item in items if item.nodeid in self._chosen]
        gone = [item for item in items if item.nodeid not in self._chosen]
        if gone:
            config.hook.pytest_deselected(items=gone)
            items[:] = kept


def describe(item: pytest.Item) -> dict[str, Any]:
    """One test: where it is defined, in which containers, and its markers."""
    path, line, _ = item.reportinfo()
    file, _, inner = item.nodeid.partition("::")
    names = inner.partition("[")[0].split("::")
    return {
        "nodeid": item.nodeid,
        "path": str(path),
        "line": (line or 0) + 1,
        "module": str(item.path),
        "name": item.nodeid.removeprefix("::".join([file, *names[:-1]])).removeprefix("::"),
        "containers": [*file.split("/"), *names[:-1]],
        "labels": sorted({label for marker in item.iter_markers() for label in labels(marker)}),
    }


def labels(marker: pytest.Mark) -> list[str]:
    """A marker's name, and name:value for each text among its arguments."""
    if marker.name in PLUMBING:
        return []
    texts = [value for value in marker.args if isinstance(value, str) and value]
    values = [] if marker.name in VALUELESS else texts
    return [marker.name, *(f"{marker.name}:{value}" for value in values)]


def _skip_reason(report: pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return report.longreprtext
