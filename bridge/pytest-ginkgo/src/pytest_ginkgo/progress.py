"""How far a node id has come: one test, or several that share it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from pytest_ginkgo.failures import place_of
from pytest_ginkgo.outcomes import (
    PHASES,
    RERUN,
    description_of,
    is_subtest,
    longrepr_of,
    outcome_of,
    reason_of,
)

RANK = {"passed": 0, RERUN: 0, "xpassed": 1, "xfailed": 1, "skipped": 2, "error": 3, "failed": 4}
NOT_DECIDED = 'pytest reported the outcome "{}", which is neither passed nor failed'


@dataclass
class Attempts:
    """One worker's attempts at a test; a worker runs one test at a time."""

    number: int = 1
    repeats: bool = False
    last: int = -1
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def begin(self, when: str) -> None:
        """A phase that does not come after the last one begins the next attempt or test."""
        phase = PHASES.index(when) if when in PHASES else self.last
        if phase <= self.last and when in PHASES:
            if self.repeats:
                self.number += 1
            else:
                self.seen.clear()
            self.repeats = False
        self.last = phase

    def fresh(self, sections: list[tuple[str, str]]) -> list[list[str]] | None:
        """The sections that no earlier phase had: pytest's reports repeat them."""
        if not sections:
            return None
        count: Counter[tuple[str, str]] = Counter()
        found = []
        for title, text in sections:
            count[title, text] += 1
            if count[title, text] > self.seen[title, text]:
                found.append([title, text])
        self.seen |= count
        return found or None


@dataclass
class Progress:
    """What is known of a node id. The first of the worst outcomes decides.

    Every report counts, also those of an attempt that was repeated: pytest's exit
    code is made of them all.
    """

    outcome: str = "passed"
    reason: str | None = None
    # How many tests of this id have ended.
    ended: int = 0
    crashes: int = 0
    attempts: dict[str | None, Attempts] = field(default_factory=dict)
    failed_subtests: list[str] = field(default_factory=list)
    _earlier: int = 0
    _word: str = ""
    _hollow: bool = False

    def at(self, worker: str | None) -> Attempts:
        """The attempts of a worker."""
        if worker not in self.attempts:
            self.attempts[worker] = Attempts(self._earlier + 1)
        return self.attempts[worker]

    def take(self, report: pytest.TestReport) -> str:
        """Take a phase in and say its outcome."""
        outcome = outcome_of(report)
        if outcome == RERUN:
            self._word = str(report.outcome)
        if RANK[outcome] > RANK[self.outcome]:
            self.outcome, self.reason = outcome, reason_of(report)
            # pytest itself fails a test for its sub-tests, without a place.
            self._hollow = place_of(report)[0] is None
        return outcome

    def take_subtest(self, report: pytest.TestReport) -> str:
        """A failed sub-test fails its test, whatever becomes of the test."""
        outcome = outcome_of(report)
        if outcome == "failed":
            self.failed_subtests.append(f"{description_of(report)}\n{longrepr_of(report)}")
        return outcome

    def crash(self, worker: str | None, repeats: bool) -> None:
        """The worker is gone; its test has ended, or another worker will repeat it."""
        self.crashes += 1
        self._earlier = self.at(worker).number
        if repeats:
            del self.attempts[worker]
        else:
            self.ended += 1

    @property
    def number(self) -> int:
        """How often it was tried."""
        return max((attempts.number for attempts in self.attempts.values()), default=1)

    @property
    def undecided(self) -> bool:
        """The last report was none that pytest ends a test with."""
        return any(attempts.repeats for attempts in self.attempts.values())

    @property
    def ran(self) -> bool:
        """Whether a test came to its end, or failed before."""
        torn_down = any(a.last == len(PHASES) - 1 for a in self.attempts.values())
        return self.ended > 0 or torn_down or self.verdict()[0] in ("failed", "error")

    def verdict(self) -> tuple[str, str | None]:
        """Outcome and reason."""
        if self.failed_subtests and (self.outcome != "failed" or self._hollow):
            count = len(self.failed_subtests)
            title = f"{count} failed subtest{'s' if count > 1 else ''}"
            return "failed", "\n\n".join([title, *self.failed_subtests])
        if self.outcome == "passed" and self.undecided:
            return "skipped", NOT_DECIDED.format(self._word)
        return self.outcome, self.reason


def take(report: pytest.TestReport, progress: Progress, worker: str | None) -> str:
    """Take a phase or a sub-test in and say its outcome."""
    if is_subtest(report):
        return progress.take_subtest(report)
    attempts = progress.at(worker)
    attempts.begin(str(report.when))
    outcome = progress.take(report)
    attempts.repeats = attempts.repeats or outcome == RERUN
    return outcome
