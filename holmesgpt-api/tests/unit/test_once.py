"""One analysis for each Idempotency-Key."""

import asyncio
import functools
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec

import pytest
from holmesgpt_api.answers import KEEP_SECONDS, Answers, Kept
from holmesgpt_api.once import Once, Ticket, ticket
from service_base.problems import ProblemError

ASKED = Ticket("name", "fingerprint")
P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class Analysis:
    """Counts how often it runs, and ends when it is told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self) -> bytes:
        self.runs += 1
        self.begun.set()
        await self.may_end.wait()
        return b"answer"


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path / "answers")


@in_loop
async def test_callers_at_the_same_time_share_one_analysis(answers: Answers) -> None:
    analysis, once = Analysis(), Once(answers)
    callers = [asyncio.create_task(once.answer(ASKED, analysis.run)) for _ in range(5)]
    await analysis.begun.wait()
    analysis.may_end.set()

    assert await asyncio.gather(*callers) == [b"answer"] * 5
    assert analysis.runs == 1


@in_loop
async def test_a_caller_that_leaves_ends_nothing(answers: Answers) -> None:
    analysis, once = Analysis(), Once(answers)
    first = asyncio.create_task(once.answer(ASKED, analysis.run))
    await analysis.begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(once.answer(ASKED, analysis.run))
    analysis.may_end.set()

    assert await second == b"answer"
    assert analysis.runs == 1


@in_loop
async def test_another_process_finds_the_answer(answers: Answers, tmp_path: Path) -> None:
    analysis = Analysis()
    analysis.may_end.set()
    await Once(answers).answer(ASKED, analysis.run)

    assert await Once(Answers(tmp_path / "answers")).answer(ASKED, analysis.run) == b"answer"
    assert analysis.runs == 1


@in_loop
async def test_another_body_is_a_conflict_while_it_runs_and_later(answers: Answers) -> None:
    analysis, once = Analysis(), Once(answers)
    other = Ticket(ASKED.name, "other")
    first = asyncio.create_task(once.answer(ASKED, analysis.run))
    await analysis.begun.wait()
    with pytest.raises(ProblemError) as during:
        await once.answer(other, analysis.run)
    analysis.may_end.set()
    await first
    with pytest.raises(ProblemError) as later:
        await once.answer(other, analysis.run)

    assert (during.value.status, later.value.status) == (409, 409)
    assert analysis.runs == 1


@in_loop
async def test_a_failure_is_not_kept(answers: Answers) -> None:
    async def fail() -> bytes:
        raise ProblemError(503, "service-unavailable", "Service Unavailable", "away")

    analysis, once = Analysis(), Once(answers)
    analysis.may_end.set()
    with pytest.raises(ProblemError):
        await once.answer(ASKED, fail)

    assert await once.answer(ASKED, analysis.run) == b"answer"


@in_loop
async def test_close_ends_what_is_under_way(answers: Answers) -> None:
    analysis, once = Analysis(), Once(answers)
    caller = asyncio.create_task(once.answer(ASKED, analysis.run))
    await analysis.begun.wait()
    await once.close()

    with pytest.raises(asyncio.CancelledError):
        await caller


def test_callers_keys_and_bodies_make_tickets() -> None:
    def of(caller: str, key: str, kind: str = "incident", body: str = "{}") -> Ticket | None:
        return ticket({"idempotency-key": key}, caller, kind, body)

    assert ticket({}, "me", "incident", "{}") is None
    one = of("me", "key")
    assert one is not None
    assert one == of("me", "key")
    names = {made.name for made in (of("you", "key"), of("me", "other")) if made}
    assert len(names | {one.name}) == 3
    others = (of("me", "key", "recovery"), of("me", "key", body="[]"))
    prints = {made.fingerprint for made in others if made}
    assert len(prints | {one.fingerprint}) == 3


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 256])
def test_a_malformed_key_is_named(key: str) -> None:
    with pytest.raises(ProblemError, match="Idempotency-Key") as refused:
        ticket({"idempotency-key": key}, "me", "incident", "{}")

    assert refused.value.status == 400
    assert "Idempotency-Key" in refused.value.members["field_errors"]


def test_old_answers_are_removed(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.write("old", Kept("f", b"{}"))
    answers.write("new", Kept("f", b"{}"))
    long_ago = time.time() - KEEP_SECONDS - 60
    os.utime(tmp_path / "old.json", (long_ago, long_ago))
    answers.prune()

    assert answers.read("old") is None
    assert answers.read("new") == Kept("f", b"{}")
