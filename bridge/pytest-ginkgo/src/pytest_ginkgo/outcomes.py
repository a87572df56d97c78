"""What a report of pytest means: outcomes, reasons and places."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

RANK = {"passed": 0, "rerun": 0, "xpassed": 1, "xfailed": 1, "skipped": 2, "error": 3, "failed": 4}


@dataclass
class Progress:
    """What is known of a test that has not ended."""

    attempt: int = 1
    outcome: str = "passed"
    reason: str | None = None
    repeats: bool = False
    failed_subtests: list[str] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, report: pytest.TestReport) -> None:
        """Take a phase in. The first of the worst outcomes decides."""
        outcome = outcome_of(report)
        self.repeats = self.repeats or outcome == "rerun"
        if RANK[outcome] > RANK[self.outcome]:
            self.outcome, self.reason = outcome, reason_of(report)
        if report.when == "call" and self.failed_subtests and place_of(report)[0] is None:
            count = len(self.failed_subtests)
            title = f"{count} failed subtest{'s' if count > 1 else ''}"
            self.outcome, self.reason = "failed", "\n\n".join([title, *self.failed_subtests])

    def take_subtest(self, report: pytest.SubtestReport) -> None:
        """A failed sub-test fails its test, also where pytest's own count is another process's."""
        if report.failed:
            self.failed_subtests.append(f"{description_of(report)}\n{longrepr_of(report)}")

    def next_attempt(self) -> None:
        """Begin again, as pytest-rerunfailures does."""
        self.attempt += 1
        self.outcome, self.reason, self.repeats = "passed", None, False
        self.failed_subtests.clear()

    def fresh(self, sections: list[tuple[str, str]]) -> list[list[str]] | None:
        """The sections that no earlier phase had: pytest's reports repeat them."""
        count: Counter[tuple[str, str]] = Counter()
        found = []
        for title, text in sections:
            count[title, text] += 1
            if count[title, text] > self.seen[title, text]:
                found.append([title, text])
        self.seen |= count
        return found or None


def outcome_of(report: pytest.TestReport) -> str:
    """Passed, failed, error, skipped, xfailed, xpassed or rerun."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when in ("setup", "teardown"):
        return "error"
    return str(report.outcome)


def reason_of(report: pytest.TestReport) -> str | None:
    """Why it did not pass: the reason of a skip, else the traceback."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return longrepr_of(report)


def longrepr_of(report: pytest.TestReport) -> str | None:
    """The traceback as pytest prints it."""
    if report.longrepr is None or report.passed:
        return None
    return report.longreprtext


def place_of(report: pytest.TestReport) -> tuple[str | None, int | None]:
    """File and line of the failure."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.path, crash.lineno) if crash is not None else (None, None)


def description_of(report: pytest.SubtestReport) -> str:
    """Message and values of a sub-test."""
    message = [f"[{report.context.msg}]"] if report.context.msg is not None else []
    values = ", ".join(f"{name}={value}" for name, value in report.context.kwargs.items())
    return " ".join([*message, *([f"({values})"] if values else [])]) or "(<subtest>)"


def phase_of(report: pytest.TestReport, progress: Progress) -> dict[str, Any]:
    """The fields of a phase event."""
    path, line = place_of(report)
    # A crashed worker's report was made by the controller: it has neither times nor a phase.
    crashed = report.when not in ("setup", "call", "teardown")
    return {
        "nodeid": report.nodeid,
        "when": None if crashed else report.when,
        "outcome": outcome_of(report),
        "start": None if crashed else report.start,
        "stop": None if crashed else report.stop,
        "duration": report.duration,
        "attempt": progress.attempt,
        "longrepr": longrepr_of(report),
        "path": path,
        "line": line,
        "sections": progress.fresh(report.sections),
        "wasxfail": getattr(report, "wasxfail", None),
    }
