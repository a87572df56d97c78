"""What a report of pytest means: outcomes and reasons."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_ginkgo.failures import skip_reason

# A phase that is not the last word on its test: it will be repeated, or its
# outcome is a word of some plugin.
RERUN = "rerun"
PHASES = ("setup", "call", "teardown")


def outcome_of(report: pytest.TestReport) -> str:
    """Passed, failed, error, skipped, xfailed, xpassed or rerun."""
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.passed else "xfailed"
    if report.failed:
        return "error" if report.when in ("setup", "teardown") else "failed"
    return str(report.outcome) if report.passed or report.skipped else RERUN


def is_subtest(report: pytest.TestReport) -> bool:
    """Whether it is of pytest 9, or of the plugin pytest-subtests."""
    context = getattr(report, "context", None)
    return context is not None and hasattr(context, "msg") and hasattr(context, "kwargs")


def reason_of(report: pytest.TestReport) -> str | None:
    """Why it did not pass: the reason of a skip, else the traceback."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return skip_reason(report.longrepr)
    return longrepr_of(report)


def longrepr_of(report: pytest.TestReport) -> str | None:
    """The traceback as pytest prints it."""
    if report.longrepr is None or report.passed:
        return None
    return report.longreprtext


def description_of(report: pytest.TestReport) -> str:
    """Message and values of a sub-test."""
    context: Any = report.context
    message = [f"[{context.msg}]"] if context.msg is not None else []
    values = ", ".join(f"{name}={value}" for name, value in context.kwargs.items())
    return " ".join([*message, *([f"({values})"] if values else [])]) or "(<subtest>)"


def times_of(report: pytest.TestReport, begin: float, end: float) -> dict[str, float | None]:
    """Start, stop and duration, as far as they can be true: a test may set pytest's clock."""
    start, stop, duration = report.start, report.stop, report.duration
    sound = begin <= start <= stop <= end
    return {
        "start": start if sound else None,
        "stop": stop if sound else None,
        "duration": duration if 0 <= duration <= end - begin else None,
    }
