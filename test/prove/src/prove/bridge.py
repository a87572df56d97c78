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


def plugin_guarantee(
    check: str, file: str, old: str, new: str, tests: str = "test_events.py"
) -> None:
    """The plugin's test is red on a mutant of the plugin."""
    select = ["-p", "no:randomly", f"{PLUGIN_TESTS / tests}::{check}"]
    healthy = run_pytest(*select)
    with mutated(PLUGIN, f"pytest_ginkgo/{file}", old, new) as python:
        goes_red(check, healthy, run_pytest(*select, python=python))


def missing_end_ignored(_: Path) -> None:
    """A log without session_finish is not taken for a whole one."""
    go_guarantee(
        "TestARunWithoutItsLastEventIsCutOff",
        "verify.go",
        "case !r.seen.Session.Finished():",
        "case false:",
    )


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
        'else "failed"',
        'else ("passed" if report.when == "???" else "failed")',
    )


def finish_never_written(_: Path) -> None:
    """A test without test_finish is missed."""
    plugin_guarantee("test_a_run_is_framed_and_ordered", "events.py", '"test_finish",', '"other",')


def full_disk_ignored(_: Path) -> None:
    """A log that cannot be written ends the run."""
    plugin_guarantee(
        "test_a_log_that_cannot_be_written_ends_the_run[0]",
        "events.py",
        "            self._guard.end(str(error))",
        "            del error",
    )


def failed_subtest_ignored(_: Path) -> None:
    """A failed sub-test fails its test."""
    plugin_guarantee(
        "test_a_failed_subtest_fails_its_test[2]",
        "progress.py",
        'if outcome == "failed":\n            self.failed_subtests',
        "if False:\n            self.failed_subtests",
    )


def go_test_answers_from_its_cache(_: Path) -> None:
    """cmd/go keeps no result of a suite, whose Python files it does not see."""
    go_guarantee(
        "TestGoTestAnswersFromPytestAndNotFromItsCache",
        "uncached.go",
        'if err != nil || module == "" {',
        'if err != nil || module != "" {',
    )


def better_outcome_wins(_: Path) -> None:
    """A node id has the worst of all outcomes that are reported of it."""
    plugin_guarantee(
        "test_the_first_of_the_worst_decides",
        "progress.py",
        "if RANK[outcome] > RANK[self.outcome]:",
        "if True:",
        "test_progress.py",
    )


def xfail_hides_a_failed_subtest(_: Path) -> None:
    """A failed sub-test fails its test, also when xfail comes after it."""
    plugin_guarantee(
        "test_an_xfail_after_a_failed_subtest_hides_nothing",
        "progress.py",
        'self.failed_subtests and (self.outcome != "failed" or self._hollow)',
        'self.failed_subtests and self.outcome == "passed"',
        "test_progress.py",
    )


def selection_by_text(_: Path) -> None:
    """A test is named by its identity, whatever xdist appends to its node id."""
    plugin_guarantee(
        "test_the_group_of_loadgroup_is_not_in_the_name[one]",
        "identity.py",
        'if nodeid.endswith(f"@{group}"):',
        "if False:",
        "test_identity.py",
    )


def extra_test_of_the_run_ignored(_: Path) -> None:
    """A test that only the run collects fails the suite when it fails."""
    go_guarantee(
        "TestTheBridgesVerdictIsThatOfRawPytest/workers_only_n2",
        "verify.go",
        "if !known[test.NodeID] && ended(test) {",
        "if false && !known[test.NodeID] && ended(test) {",
    )


def nothing_selected_passes(_: Path) -> None:
    """A suite whose filters leave nothing fails."""
    go_guarantee(
        "TestASuiteThatRunsNothingFailsAndSaysWhatWasMeant",
        "empty.go",
        "if s.AllowEmpty || len(specs) == 0 ||",
        "if true || s.AllowEmpty || len(specs) == 0 ||",
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
    go_test_answers_from_its_cache,
    better_outcome_wins,
    xfail_hides_a_failed_subtest,
    selection_by_text,
    extra_test_of_the_run_ignored,
    nothing_selected_passes,
]
