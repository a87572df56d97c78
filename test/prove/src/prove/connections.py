"""Proofs of how the services speak HTTP: a mutant makes the test of its guarantee fail."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from prove.run import Outcome, copied, goes_red, mutated, run_pytest

PACKAGE = "libs/service-base"


@cache
def healthy() -> Outcome:
    """The tests on an unchanged copy, once for all proofs."""
    with copied(PACKAGE) as (_, python):
        return run_pytest(f"{PACKAGE}/tests", python=python)


def mutant(file: str, old: str, new: str, check: str) -> None:
    """The check goes red on a mutant of one source file."""
    test = f"{PACKAGE}/tests/test_{file}::{check}"
    with mutated(PACKAGE, f"service_base/{file}", old, new) as python:
        goes_red(check, healthy(), run_pytest(test, python=python))


def answers_that_wait(_: Path) -> None:
    """A connection of another protocol that waits for acknowledgements is noticed."""
    check = "test_answers_over_a_kept_connection_do_not_wait_for_acknowledgements[mptcp]"
    mutant("protocol.py", "        _send_at_once(transport)\n", "", check)


def two_framings_taken(_: Path) -> None:
    """A request whose end is in doubt and that is served is noticed."""
    check = (
        "test_a_request_whose_end_is_in_doubt_is_refused_and_what_follows_not_read[both-reversed]"
    )
    doubt = 'return b"transfer-encoding" in names and b"content-length" in names'
    mutant("protocol.py", doubt, "return not names", check)


def endless_heads(_: Path) -> None:
    """A head that may trickle for ever is noticed."""
    check = "test_a_head_that_trickles_is_given_up_all_the_same"
    again = "if owed is self._waits_for:"
    mutant("protocol.py", again, "if False:", check)


def answer_begun_twice(_: Path) -> None:
    """A second start of an answer is noticed."""
    check = "test_an_answer_that_has_begun_is_not_begun_again"
    mutant("requests.py", "if self.status != 0:\n            return", "pass", check)


def cut_off_at_the_end(_: Path) -> None:
    """A request that waits when the grace ends and gets no answer is noticed."""
    check = "test_a_request_that_is_cancelled_is_answered_and_stays_cancelled"
    caught = "except asyncio.CancelledError:"
    mutant("requests.py", caught, "except asyncio.InvalidStateError:", check)


PROOFS: list[Callable[[Path], None]] = [
    answers_that_wait,
    two_framings_taken,
    endless_heads,
    answer_begun_twice,
    cut_off_at_the_end,
]
