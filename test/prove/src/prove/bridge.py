"""Proofs of the bridge: each way to die that would let a test pass unseen."""

import os
from collections.abc import Mapping
from pathlib import Path

from prove.run import ROOT, Outcome, go_mutant, goes_red, mutated, run_go, run_pytest

GO = "bridge/ginkgopytest"
MODULE = f"github.com/jordigilh/kubernaut/{GO}"
PLUGIN = "bridge/pytest-ginkgo"
PLUGIN_TESTS = ROOT / PLUGIN / "tests"


def go_check(check: str, env: Mapping[str, str]) -> Outcome:
    """One Go test of the bridge, which is a module of its own."""
    python = {"PYTHON": str(ROOT / ".venv" / "bin" / "python")}
    return run_go("-count=1", f"-run=^{check}$", MODULE, env={**env, **python})


def go_guarantee(check: str, file: str, old: str, new: str) -> None:
    """The Go test is red on a mutant of the library."""
    healthy = go_check(check, os.environ)
    with go_mutant(f"{GO}/{file}", old, new) as env:
        goes_red(check, healthy, go_check(check, env))


def plugin_guarantee(check: str, file: str, old: str, new: str) -> None:
    """The plugin's test is red on a mutant of the plugin."""
    select = ["-p", "no:randomly", f"{PLUGIN_TESTS / 'test_events.py'}::{check}"]
    healthy = run_pytest(*select)
    with mutated(PLUGIN, f"pytest_ginkgo/{file}", old, new) as python:
        goes_red(check, healthy, run_pytest(*select, python=python))


def missing_end_ignored(_: Path) -> None:
    """A log without session_finish is not taken for a whole one."""
    go_guarantee("TestARunWithoutItsLastEventIsCutOff", "summary.go", "!summary.Finished", "false")


def unreported_test_passes(_: Path) -> None:
    """A test that pytest owes is failed, not passed."""
    go_guarantee(
        "TestWhenPytestDiesEveryTestFailsWithTheReason",
        "unreported.go",
        "Outcome: events.Failed",
        "Outcome: events.Passed",
    )


def hidden_collection_error(_: Path) -> None:
    """No filter hides a collection error."""
    go_guarantee(
        "TestNoFilterHidesACollectionError",
        "runspecs.go",
        "problems := b.hiddenErrors(ginkgoReport)",
        "var problems []string",
    )


def orphaned_run_awaited(_: Path) -> None:
    """A run whose starter is gone is not waited for."""
    go_guarantee(
        "TestARunWhoseStarterIsGoneEnds",
        "run.go",
        "gone, err := abandoned(r.dir)",
        "gone, err := false, error(nil)",
    )


def crash_counts_as_pass(_: Path) -> None:
    """The test that a dead worker ran is failed."""
    plugin_guarantee(
        "test_a_killed_worker_fails_its_test_only",
        "outcomes.py",
        "    return str(report.outcome)\n",
        '    return "passed" if report.when == "???" else str(report.outcome)\n',
    )


def finish_never_written(_: Path) -> None:
    """A test without test_finish is missed."""
    plugin_guarantee("test_a_run_is_framed_and_ordered", "events.py", '"test_finish",', '"other",')


def full_disk_ignored(_: Path) -> None:
    """A log that cannot be written ends the run."""
    plugin_guarantee(
        "test_a_log_that_cannot_be_written_ends_the_run[0]",
        "events.py",
        'pytest.exit(f"pytest-ginkgo: {error}", returncode=EXIT_CODE)',
        "del error",
    )


def failed_subtest_ignored(_: Path) -> None:
    """A failed sub-test fails its test."""
    plugin_guarantee(
        "test_a_failed_subtest_fails_its_test[2]",
        "outcomes.py",
        "        if report.failed:\n            self.failed_subtests",
        "        if False:\n            self.failed_subtests",
    )


PROOFS = [
    missing_end_ignored,
    unreported_test_passes,
    hidden_collection_error,
    orphaned_run_awaited,
    crash_counts_as_pass,
    finish_never_written,
    full_disk_ignored,
    failed_subtest_ignored,
]
