"""Proofs that the bridge's verdict is raw pytest's, a mutant for each kind of error."""

import os
from pathlib import Path

from prove.bridge import PLUGIN, go_check, go_guarantee, plugin_guarantee
from prove.run import ROOT, go_mutant, goes_red, mutated

CASES_PYTHON = ROOT / ".venv-cases" / "bin" / "python"
TRIALS = "TestTheBridgesVerdictIsThatOfRawPytest"


def trial_guarantee(trial: str, file: str, old: str, new: str) -> None:
    """A project is judged as by raw pytest, and otherwise by a mutant of the plugin."""
    check = f"{TRIALS}/{trial}"
    healthy = go_check(check, os.environ | {"CASES_PYTHON": str(CASES_PYTHON)})
    with mutated(PLUGIN, f"pytest_ginkgo/{file}", old, new, CASES_PYTHON) as python:
        goes_red(check, healthy, go_check(check, os.environ | {"CASES_PYTHON": str(python)}))


def dropped_flags_unnoticed(_: Path) -> None:
    """The ginkgo command that takes a suite for a plain go test is told."""
    go_guarantee(
        "TestGinkgosCommandLineIsToldThatItDropsItsFlags",
        "commandline.go",
        "if !belowGinkgo(os.Getppid()) {",
        "if true || !belowGinkgo(os.Getppid()) {",
    )


def selection_before_the_hooks(_: Path) -> None:
    """Tests are selected when every hook has shaped the collection."""
    plugin_guarantee(
        "test_a_test_is_deselected_by_the_name_that_hooks_gave_it",
        "collection.py",
        "def pytest_collection_finish(self, session: pytest.Session) -> Iterator[Any]:",
        "def pytest_collection_modifyitems(self, session: pytest.Session) -> Iterator[Any]:",
        "test_collection.py",
    )


def word_of_a_plugin_decides(_: Path) -> None:
    """An outcome that pytest does not know is never the last word on a test."""
    plugin_guarantee(
        "test_a_word_that_nothing_follows_is_a_skip_with_the_word",
        "outcomes.py",
        "if report.passed or report.skipped else RERUN",
        'if report.passed or report.skipped else "passed"',
        "test_progress.py",
    )


def patched_writer_reached(_: Path) -> None:
    """A test that replaces os.write does not reach the event log."""
    trial_guarantee(
        "mocks_n0",
        "writer.py",
        "written = ORIGINAL.write(self._fd, line)",
        "written = os.write(self._fd, line)",
    )


def two_alarms_fight(_: Path) -> None:
    """Where pytest-timeout is loaded it is the means of TestTimeout."""
    plugin_guarantee(
        "test_a_test_that_takes_too_long_fails_at_its_line_and_tears_down[pytest-timeout-0]",
        "deadline.py",
        'if config.pluginmanager.hasplugin("timeout"):',
        "if False:",
        "test_runner.py",
    )


def work_taken_for_a_hang(_: Path) -> None:
    """A pytest that writes after its last test is not ended."""
    go_guarantee(
        "TestAPytestThatWritesAfterItsLastTestIsNoHang",
        "silence.go",
        "if written := r.written(); written != before {",
        "if written := r.written(); false && written != before {",
    )


def cause_repeated_for_every_test(_: Path) -> None:
    """What concerns the run is told once, and the specs refer to it."""
    go_guarantee(
        "TestWorkersThatCollectOtherTestsFailTheRun",
        "unreported.go",
        "return reason.String() + r.briefly()",
        "return reason.String() + r.lastLines()",
    )


def stop_counts_as_loss(_: Path) -> None:
    """What pytest decided not to run is skipped, not failed."""
    check = f"{TRIALS}/stops_n0_-x"
    env = os.environ | {"CASES_PYTHON": str(CASES_PYTHON)}
    old, new = "case stop != nil:\n", "case false:\n"
    healthy = go_check(check, env)
    with go_mutant("bridge/ginkgopytest/unreported.go", old, new) as mutant:
        goes_red(check, healthy, go_check(check, env | mutant))


def crash_loop_unbounded(_: Path) -> None:
    """A test that ends worker after worker ends the run."""
    plugin_guarantee(
        "test_the_run_ends_when_a_test_has_ended_three_workers[loadfile]",
        "crashes.py",
        "if self._crashes[crashitem] >= LIMIT",
        "if False",
        "test_crashes.py",
    )


PROOFS = [
    dropped_flags_unnoticed,
    selection_before_the_hooks,
    word_of_a_plugin_decides,
    patched_writer_reached,
    two_alarms_fight,
    work_taken_for_a_hang,
    cause_repeated_for_every_test,
    stop_counts_as_loss,
    crash_loop_unbounded,
]
