"""How a test is named in every file of the plugin: its node id, and nothing else.

That is pytest's node id in two cases only with a difference. xdist's loadgroup
appends `@group` to it, which nobody else knows; and a character that UTF-8 cannot
hold, as of a file name that is not text, is written as an escape.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pytest_ginkgo.originals import ORIGINAL


def as_text(nodeid: str) -> str:
    """The node id in a form that every file can hold."""
    if nodeid.isascii():
        return nodeid
    return nodeid.encode("utf-8", "backslashreplace").decode("utf-8")


def identity(item: pytest.Item) -> str:
    """The name of a test."""
    return as_text(_without_group(item))


def grouped(items: Iterable[pytest.Item]) -> dict[str, str]:
    """The names of the tests whose node id has a group, by that node id."""
    names = ((item.nodeid, _without_group(item)) for item in items)
    return {nodeid: as_text(name) for nodeid, name in names if nodeid != name}


def write_json(path: Path, document: object) -> None:
    """Write beside the target and rename, so that a reader sees all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(ORIGINAL.encode(document), encoding="utf-8")
    partial.replace(path)


def _without_group(item: pytest.Item) -> str:
    nodeid = item.nodeid
    if item.config.getoption("loadgroup", False):
        for group in _groups(item):
            if nodeid.endswith(f"@{group}"):
                return nodeid[: -len(group) - 1]
    return nodeid


def _groups(item: pytest.Item) -> Iterator[str]:
    """What xdist takes for the group: of all its markers, or before 3.7 of the closest one."""
    names = [
        str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))
        for mark in item.iter_markers("xdist_group")
    ]
    if names:
        yield "_".join(sorted(set(names)))
        yield names[0]


class GroupNames:
    """The names of grouped tests, which a worker hands to the controller in a file.

    A worker writes it before xdist sends its node ids; all write the same.
    """

    def __init__(self, events: Path, *, grouped: bool) -> None:
        self._path = events.with_name(f"{events.name}.groups")
        self._grouped = grouped
        self._names: dict[str, str] = {}

    def write(self, items: Iterable[pytest.Item]) -> None:
        """Keep the names and, with groups, hand them over."""
        if self._grouped:
            self._names = grouped(items)
            write_json(self._path, self._names)

    def read(self) -> None:
        """Take what a worker has handed over."""
        if self._grouped and not self._names and self._path.exists():
            self._names = json.loads(self._path.read_text(encoding="utf-8"))

    def of(self, nodeid: str) -> str:
        """The name of the test with pytest's node id."""
        return self._names.get(nodeid) or as_text(nodeid)

    def remove(self) -> None:
        """Leave no file."""
        if self._grouped:
            self._path.unlink(missing_ok=True)
