"""The marker quarantine: what fails is told and does not fail the run."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., pytest.RunResult]
Events = Callable[..., list[dict[str, Any]]]

LATE = 'quarantine(reason="races with the cache", until="9999-12-31")'


def project(pytester: pytest.Pytester, marker: str, body: str = "assert not 1") -> None:
    """One test with a marker."""
    pytester.makeini("[pytest]\naddopts = --strict-markers")
    pytester.makepyfile(
        test_it=f"import pytest\n\n\n@pytest.mark.{marker}\ndef test_it():\n    {body}\n"
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failure_is_an_expected_one(pytester: pytest.Pytester, run: Run, workers: str) -> None:
    project(pytester, LATE)

    result = run("-n", workers, "-rx")

    assert result.ret == 0
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["*quarantine until 9999-12-31: races with the cache*"])


def test_the_log_has_the_traceback_and_why(pytester: pytest.Pytester, events: Events) -> None:
    project(pytester, LATE)

    found = events("-p", "no:randomly")

    [phase] = [event for event in found if event.get("when") == "call"]
    assert phase["outcome"] == "xfailed"
    assert phase["wasxfail"] == "quarantine until 9999-12-31: races with the cache"
    assert "assert not 1" in phase["longrepr"]
    [finish] = [event for event in found if event["event"] == "test_finish"]
    assert finish["outcome"] == "xfailed"


@pytest.mark.parametrize("phase", ["setup", "teardown"])
def test_fixtures_are_in_quarantine_too(pytester: pytest.Pytester, run: Run, phase: str) -> None:
    project(pytester, f'usefixtures("broken")\n@pytest.mark.{LATE}', "pass")
    fail = {"setup": "raise KeyError\n    yield", "teardown": "yield\n    raise KeyError"}[phase]
    pytester.makeconftest(f"import pytest\n\n\n@pytest.fixture\ndef broken():\n    {fail}\n")

    assert run().ret == 0


def test_a_test_that_passes_is_passed(pytester: pytest.Pytester, run: Run) -> None:
    project(pytester, LATE, "pass")

    run().assert_outcomes(passed=1)


def test_a_strict_xfail_that_passes_is_in_quarantine_too(
    pytester: pytest.Pytester, run: Run
) -> None:
    project(pytester, f"xfail(strict=True)\n@pytest.mark.{LATE}", "pass")

    run().assert_outcomes(xfailed=1)


@pytest.mark.parametrize(
    ("marker", "problem"),
    [
        pytest.param(
            'quarantine("slow", "2020-02-29")',
            "quarantine ended on 2020-02-29 (slow): mend the test and remove the marker",
            id="ended",
        ),
        pytest.param("quarantine", "without a reason and a last day", id="bare"),
        pytest.param('quarantine("slow")', "without a reason and a last day", id="no-day"),
        pytest.param('quarantine(" ", "9999-12-31")', "without a reason", id="no-reason"),
        pytest.param('quarantine("slow", "soon")', "until 'soon', which is no day", id="no-date"),
        pytest.param('quarantine("slow", until=3)', "until 3, which is no day", id="number"),
    ],
)
def test_a_marker_that_does_not_count_fails_its_test(
    pytester: pytest.Pytester, run: Run, marker: str, problem: str
) -> None:
    project(pytester, marker, "pass")

    result = run()

    assert result.ret == 1
    result.assert_outcomes(errors=1)
    assert problem in result.stdout.str()


def test_a_marker_of_the_project_itself_is_left_alone(pytester: pytest.Pytester, run: Run) -> None:
    project(pytester, "quarantine", "pass")
    pytester.makeini("[pytest]\nmarkers = quarantine: ours")

    run().assert_outcomes(passed=1)
