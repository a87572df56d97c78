"""What was collected, as JSON for a supervisor; and running a part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.nodes import Node

from pytest_ginkgo.guard import Guard
from pytest_ginkgo.identity import as_text, identity, write_json
from pytest_ginkgo.lines import last_line

# Markers that say how pytest runs a test, not what the test is.
PLUMBING = {"parametrize", "usefixtures", "filterwarnings", "tryfirst", "trylast"}
# Markers whose arguments are conditions and reasons.
VALUELESS = {"skip", "skipif", "xfail", "quarantine"}


class CollectionWriter:
    """Writes the collected tests, errors and skipped modules in one step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = Guard()
        self._errors: list[dict[str, str]] = []
        self._skipped: list[dict[str, str]] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what has no tests of its own to report it."""
        with self._guard:
            nodeid = as_text(report.nodeid)
            if report.failed:
                self._errors.append({"nodeid": nodeid, "longrepr": report.longreprtext})
            elif report.skipped:
                self._skipped.append({"nodeid": nodeid, "reason": _skip_reason(report)})

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Iterator[Any]:
        """When all hooks have shaped the collection, and before one can end the process."""
        result = yield
        with self._guard:
            document = {
                "tests": [describe(item) for item in session.items],
                "errors": self._errors,
                "skipped": self._skipped,
                "continues": session.config.getoption("continue_on_collection_errors"),
            }
            write_json(self._path, document)
        return result


class Deselection:
    """Deselects the tests that a file names, a JSON array; what it does not name runs."""

    def __init__(self, path: Path) -> None:
        try:
            self._gone = frozenset(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise pytest.UsageError(f"--ginkgo-deselect {path}: {error.strerror}") from error
        except ValueError as error:
            raise pytest.UsageError(
                f"--ginkgo-deselect {path} is not valid JSON: {error}"
            ) from None

    # Every hook has shaped the collection by then, and nobody has taken it yet.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> Iterator[Any]:
        """Keep the order of what stays."""
        with Guard():
            kept: list[pytest.Item] = []
            gone: list[pytest.Item] = []
            for item in session.items:
                (gone if identity(item) in self._gone else kept).append(item)
            if gone:
                session.config.hook.pytest_deselected(items=gone)
                session.items[:] = kept
        return (yield)


def describe(item: pytest.Item) -> dict[str, Any]:
    """One test: where it is defined, in which containers, and its markers."""
    path, line = _place(item)
    nodeid = identity(item)
    containers, name = _split(item, nodeid)
    return {
        "nodeid": nodeid,
        "path": as_text(path),
        "line": line + 1,
        "last_line": last_line(getattr(item, "obj", None)) or 0,
        "module": as_text(str(item.path)),
        "name": name,
        "containers": containers,
        "labels": sorted({label for marker in item.iter_markers() for label in labels(marker)}),
    }


def _place(item: pytest.Item) -> tuple[str, int]:
    path, line, _ = item.reportinfo()
    return str(path), line or 0


def _split(item: pytest.Item, nodeid: str) -> tuple[list[str], str]:
    """Folders, file and classes, and the rest of the node id.

    By the tree: names may contain the separators of a node id.
    """
    for node in reversed(item.listchain()[:-1]):
        owner = as_text(node.nodeid)
        if owner and nodeid.startswith(f"{owner}::"):
            return _containers(node), nodeid[len(owner) + 2 :]
    return [], nodeid


def _containers(node: Node) -> list[str]:
    if isinstance(node, pytest.File) or node.parent is None:
        return as_text(node.nodeid).split("/")
    return [*_containers(node.parent), as_text(node.name)]


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
