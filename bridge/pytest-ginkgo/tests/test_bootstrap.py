"""fail_session_once: one reason, one report, exit code 3."""

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from pytest_ginkgo.bootstrap import EXIT_CODE

Run = Callable[..., pytest.RunResult]

REASON = "the catalogue was not seeded"


@pytest.fixture(autouse=True)
def _project(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        f"""
        from pytest_ginkgo.bootstrap import fail_session_once

        def pytest_configure(config):
            fail_session_once(config, "bootstrap", {REASON!r})
        """
    )
    pytester.makepyfile("def test_one(): pass\ndef test_two(): pass\n")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_terminal_has_the_reason_once(run: Run, workers: str) -> None:
    result = run("-n", workers)
    assert result.ret == EXIT_CODE == 3
    result.assert_outcomes(errors=1)
    assert result.stdout.str().count(REASON) == 1
    assert REASON in result.outlines[-1]
    assert result.errlines == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_junit_has_one_error(pytester: pytest.Pytester, run: Run, workers: str) -> None:
    run("-n", workers, "--junitxml=junit.xml")
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()
    (case,) = root.iter("testcase")
    assert case.get("name") == "bootstrap"
    (error,) = case.iter("error")
    assert REASON in (error.text or "") + error.get("message", "")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_no_test_runs(pytester: pytest.Pytester, run: Run, workers: str) -> None:
    run("-n", workers, "--ginkgo-events=events.jsonl")
    text = (pytester.path / "events.jsonl").read_text()
    events = [json.loads(line) for line in text.splitlines()]
    assert "test_start" not in [event["event"] for event in events]
    assert [event["longrepr"] for event in events if event["event"] == "phase"] == [REASON]
    finished = [event for event in events if event["event"] == "session_finish"]
    assert finished[-1]["exitstatus"] == EXIT_CODE


def test_collecting_goes_on(run: Run) -> None:
    result = run("--collect-only", "-q")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*::test_one", "*2 tests collected*"], consecutive=False)
    assert REASON not in result.stdout.str()
