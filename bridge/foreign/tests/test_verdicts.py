"""What the comparison notices; a difference that it hides would be no comparison."""

from collections.abc import Callable
from typing import Any

import pytest
from foreign.runs import Bridged, Record, Spec
from foreign.verdicts import differences

Change = Callable[[dict[str, Any]], None]


def report(nodeid: str, outcome: str, **fields: Any) -> dict[str, Any]:
    """A report of a call as the recorder keeps it."""
    common = {"when": "call", "word": outcome, "subtest": None, "xfail": None, "reason": ""}
    return {"nodeid": nodeid, "outcome": outcome, **common, "place": "", "lines": [], **fields}


def seen() -> dict[str, Any]:
    """A run with a test of each kind."""
    failure = {"reason": "assert 1 == 2", "place": "/x/t.py:3", "lines": ["t.py:2", "t.py:3"]}
    return {
        "bridged": False,
        "exit": 1,
        "collected": ["t.py::a", "t.py::b", "t.py::c", "t.py::d"],
        "collect": [],
        "reports": [
            report("t.py::a", "passed"),
            report("t.py::b", "failed", **failure),
            report("t.py::c", "skipped", reason="Skipped: not here"),
            report("t.py::d", "skipped", word="xfailed", xfail="known", reason="known"),
        ],
    }


def spec(nodeid: str, state: str, message: str = "", *entries: tuple[str, str]) -> Spec:
    """A spec of that test."""
    place = message.partition(" at ")[2].split("\n")[0]
    return Spec(nodeid, nodeid, state, message, place, entries)


SPECS = (
    spec("t.py::a", "passed"),
    spec("t.py::b", "failed", "failed at /x/t.py:3\n\nassert 1 == 2"),
    spec("t.py::c", "skipped", "not here"),
    spec("t.py::d", "passed", "", ("xfailed", "known")),
)


def bridged(
    specs: tuple[Spec, ...] = SPECS, code: int = 1, change: Change = lambda _: None, **fields: Any
) -> Bridged:
    """The same under the bridge, with one thing changed."""
    record = seen()
    change(record)
    return Bridged(
        Record(code, record), **{"green": False, "suite_failures": (), **fields}, specs=specs
    )


def replaced(spec: Spec) -> tuple[Spec, ...]:
    """The specs with one of them instead of that of its test."""
    return tuple(spec if each.nodeid == spec.nodeid else each for each in SPECS)


def test_the_same_verdicts_do_not_differ() -> None:
    assert list(differences(Record(1, seen()), bridged())) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        pytest.param(bridged(code=2), "exit code: raw 1, bridged 2", id="exit-code"),
        pytest.param(bridged(green=True), "the suite is green", id="green"),
        pytest.param(bridged(suite_failures=("cut off",)), "cut off", id="suite-failure"),
        pytest.param(bridged(SPECS[1:]), "t.py::a: no spec", id="no-spec"),
        pytest.param(bridged((*SPECS, spec("t.py::e", "passed"))), "no test", id="extra-spec"),
        pytest.param(bridged(replaced(spec("t.py::a", "skipped"))), "spec skipped", id="state"),
        pytest.param(
            bridged(replaced(spec("t.py::b", "failed", "error at /x/t.py:3\n\nassert 1 == 2"))),
            "the spec error",
            id="error-for-failed",
        ),
        pytest.param(
            bridged(replaced(spec("t.py::b", "failed", "failed at /x/t.py:9\n\nassert 1 == 2"))),
            "/x/t.py:9",
            id="place",
        ),
        pytest.param(
            bridged(replaced(spec("t.py::b", "failed", "failed at /x/t.py:3\n\nother"))),
            "raw pytest says 'assert 1 == 2'",
            id="reason",
        ),
        pytest.param(bridged(replaced(spec("t.py::d", "passed"))), "the entries []", id="xfailed"),
        pytest.param(
            bridged(replaced(spec("t.py::d", "passed", "", ("xpassed", "known")))),
            "the entries ['xpassed']",
            id="xpassed-for-xfailed",
        ),
        pytest.param(
            bridged(change=lambda run: run["collected"].pop()), "only raw has t.py::d", id="set"
        ),
        pytest.param(
            bridged(change=lambda run: run["collect"].append(["u.py", "failed", "no module"])),
            "only the bridged run has ['u.py'",
            id="collection-error",
        ),
        pytest.param(
            bridged(change=lambda run: run["reports"][0].update(when="setup")),
            "t.py::a: raw call passed",
            id="phase",
        ),
    ],
)
def test_each_difference_is_told(other: Bridged, said: str) -> None:
    found = list(differences(Record(1, seen()), other))

    assert any(said in line for line in found), found


def test_a_green_run_wants_a_green_suite() -> None:
    passed = {**seen(), "exit": 0, "reports": [report("t.py::a", "passed")]}
    record = Record(0, passed)

    assert list(differences(record, Bridged(record, True, SPECS[:1], ()))) == []
    [said] = differences(record, Bridged(record, False, SPECS[:1], ()))
    assert said == "raw pytest ended with 0, and the suite is red"


def test_the_group_of_loadgroup_is_not_in_the_name_of_a_spec() -> None:
    grouped = {**seen(), "exit": 0, "reports": [report("t.py::a@g@h", "passed")]}
    record = Record(0, grouped)

    assert list(differences(record, Bridged(record, True, SPECS[:1], ()))) == []
