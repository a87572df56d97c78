"""The name of a test, whatever xdist and the file system make of its node id."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_ginkgo.identity import identity


def item(nodeid: str, *groups: str, grouped: bool = True) -> Any:
    """A test with these groups, as a worker of loadgroup has it."""
    config = SimpleNamespace(getoption=lambda _name, _default: grouped)
    marks = [pytest.mark.xdist_group(group).mark for group in groups]
    return SimpleNamespace(nodeid=nodeid, config=config, iter_markers=lambda _name: iter(marks))


@pytest.mark.parametrize(
    ("nodeid", "groups", "name"),
    [
        pytest.param("t.py::a[x@y]@database", ["database"], "t.py::a[x@y]", id="one"),
        pytest.param("t.py::a@b_c", ["c", "b"], "t.py::a", id="all-of-several"),
        pytest.param("t.py::a@c", ["c", "b"], "t.py::a", id="the-closest"),
        pytest.param("t.py::a@b::c", ["b::c"], "t.py::a", id="separators"),
        pytest.param("t.py::a@b", [], "t.py::a@b", id="no-group"),
        pytest.param("t.py::a@b", ["c"], "t.py::a@b", id="another-group"),
    ],
)
def test_the_group_of_loadgroup_is_not_in_the_name(
    nodeid: str, groups: list[str], name: str
) -> None:
    assert identity(item(nodeid, *groups)) == name


def test_without_loadgroup_the_name_is_the_node_id() -> None:
    assert identity(item("t.py::a@b", "b", grouped=False)) == "t.py::a@b"


def test_what_utf8_cannot_hold_is_escaped() -> None:
    assert identity(item("t.py::a[\udcff]")) == "t.py::a[\\udcff]"
