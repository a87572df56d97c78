"""Whether a strategy behaves when something goes wrong, by criteria that are said beforehand."""

from dataclasses import dataclass

from kubernaut_bench.bootstrap.cells import WORKFLOWS, Run

CRITERIA = {
    "refused": (
        "the seed fails (DataStorage answers 401)",
        "no test passes, the answer is shown, a report has it, and nothing is asked twice",
    ),
    "dies": (
        "a worker dies while it seeds or, where no worker seeds, while it reads",
        "one test fails, the dead worker's; all others pass on other workers",
    ),
    "fails": (
        "`-x` and a failing test",
        "the run ends, and clean-up happens exactly once, after the last test",
    ),
}
ONE_DEAD = 1


@dataclass(frozen=True)
class Verdict:
    """right, wrong or hang, and why not right."""

    word: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.word}: {self.note}" if self.note else self.word


def judge(run: Run) -> Verdict:
    """The verdict on a run with a fault."""
    if run.hung:
        return Verdict("hang", "killed at the limit")
    problem = {"refused": _refused, "dies": _dies, "fails": _fails}[run.fault](run)
    return Verdict("wrong", problem) if problem else Verdict("right")


def _refused(run: Run) -> str:
    if run.passed or run.exit_code == 0:
        return "tests pass"
    if "401" not in run.output:
        return "the answer is not shown"
    if not run.reported:
        return "no JUnit file says so"
    return f"{run.posts} POSTs" if run.posts > len(WORKFLOWS) else ""


def _dies(run: Run) -> str:
    if run.failed == ONE_DEAD and run.passed:
        return ""
    return f"{run.failed} tests fail, {run.passed} pass"


def _fails(run: Run) -> str:
    if not run.failed:
        return "no failure is reported"
    if run.clean_ups != 1:
        return f"clean-up {run.clean_ups} times"
    return "" if run.clean_up_was_last else "clean-up before the last test ended"
