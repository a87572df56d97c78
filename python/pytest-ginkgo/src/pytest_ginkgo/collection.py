"""What was collected, as JSON for a supervisor; and running a part of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest


class CollectionWriter:
    """Writes the collected tests and the collection errors in one step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._errors: list[dict[str, str]] = []
        self._tests: list[dict[str, Any]] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep failures."""
        if report.failed:
            self._errors.append({"nodeid": report.nodeid, "longrepr": report.longreprtext})

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what is left after deselection."""
        self._tests = [describe(item) for item in session.items]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write beside the target and rename, so that a reader sees all or nothing."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        partial.write_text(json.dumps({"tests": self._tests, "errors": self._errors}))
        partial.replace(self._path)


class Selection:
    """Deselects every test whose node id is not in a file."""

    def __init__(self, path: Path) -> None:
        try:
            self._chosen = set(path.read_text(encoding="utf-8").splitlines())
        except OSError as error:
            raise pytest.UsageError(f"--ginkgo-select {path}: {error.strerror}") from error

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
    """One test: node id, absolute path, 1-based line, name, containers and markers."""
    path, line, _ = item.reportinfo()
    file, *inner = item.nodeid.split("[", 1)[0].split("::")
    return {
        "nodeid": item.nodeid,
        "path": str(path),
        "line": (line or 0) + 1,
        "name": item.name,
        "containers": [file, *inner[:-1]],
        "markers": sorted({marker.name for marker in item.iter_markers()} - {"parametrize"}),
    }
