"""Proofs of the life cycle that every suite has: what fails no spec still fails the run."""

from collections.abc import Callable, Iterator
from pathlib import Path

from prove.run import REPORTS, ROOT, Outcome, expect, run_suite

PASSES = "def test_passes() -> None:\n    assert True\n"
# As a coverage that is too low does; the collection is not disturbed.
UNSOUND = """def pytest_sessionfinish(session) -> None:
    if not session.config.option.collectonly:
        session.exitstatus = 1
"""
UNIMPORTABLE = "import no_such_module\n"


def suites() -> list[str]:
    """The folders in test of all suites that run pytest; that there are none is an error."""
    files = (ROOT / "test").glob("*/*/*suite_test.go")
    found = {file.parent for file in files if ".Pytest(" in file.read_text(encoding="utf-8")}
    if not found:
        raise SystemExit("prove: test has no suites that run pytest")
    return sorted(folder.relative_to(ROOT / "test").as_posix() for folder in found)


def latest(suite: str) -> Path:
    """The folder of the newest run of a suite; it may not exist yet."""
    return (REPORTS / suite.replace("/", "-") / "latest").resolve()


def runs(tests: Path, conftest: str) -> Iterator[tuple[str, Outcome]]:
    """Each suite on one test that passes, first alone and then with this conftest.

    A run has a report folder of its own, to which `latest` leads.
    """
    project = tests.parent / "project"
    project.mkdir()
    (project / "test_passes.py").write_text(PASSES)
    for suite in suites():
        (project / "conftest.py").unlink(missing_ok=True)
        healthy = run_suite(project, suite=suite)
        green = healthy.code == 0 and healthy.checks == [("test_passes", "passed")]
        expect(green, f"{suite} is not green: {healthy.checks}", healthy)
        before = latest(suite)
        (project / "conftest.py").write_text(conftest)
        broken = run_suite(project, suite=suite)
        expect(broken.code != 0, f"{suite}: exit code 0", broken)
        expect(latest(suite) != before, f"{suite}: `latest` leads to the run before", broken)
        yield suite, broken


def told(suite: str, reason: str, outcome: Outcome) -> None:
    """The newest report of the suite says that it failed, and why."""
    report = latest(suite) / "summary.md"
    expect(report.is_file(), f"{suite} left no {report.name}", outcome)
    text = report.read_text()
    expect(text.splitlines()[0].endswith(": failed"), f"{report} does not say failed", outcome)
    expect(reason in text, f"{report} does not say: {reason}", outcome)
    expect(reason in outcome.output, f"not in the output: {reason}", outcome)


def pytest_fails_without_a_failed_test(tests: Path) -> None:
    """Every suite is red when pytest ends non-zero although no test failed."""
    for suite, outcome in runs(tests, UNSOUND):
        expect(outcome.checks == [("test_passes", "passed")], f"specs: {outcome.checks}", outcome)
        told(suite, "although no test failed", outcome)


def unimportable_conftest(tests: Path) -> None:
    """Every suite makes a failing spec and a report of a conftest that cannot be imported."""
    for suite, outcome in runs(tests, UNIMPORTABLE):
        expect([state for _, state in outcome.checks] == ["failed"], f"{outcome.checks}", outcome)
        expect("control plane:" not in outcome.output, "the stack was started", outcome)
        told(suite, "no_such_module", outcome)


PROOFS: list[Callable[[Path], None]] = [
    pytest_fails_without_a_failed_test,
    unimportable_conftest,
]
