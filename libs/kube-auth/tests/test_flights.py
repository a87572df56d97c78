"""Flights: callers that share a review, leave it, and see it fail."""

import asyncio
from contextvars import ContextVar
from typing import Any

import pytest
from kube_auth.errors import ReviewUnavailableError, TooManyReviewsError
from kube_auth.flights import Admission, Flights


class Review:
    """Counts its calls and waits for its gate, then answers or raises."""

    def __init__(self) -> None:
        self.calls = 0
        self.called, self.gate = asyncio.Event(), asyncio.Event()
        self.error: BaseException | None = None
        self.context: Any = None

    async def __call__(self) -> str:
        self.calls += 1
        self.called.set()
        self.context = CALLER.get()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return "answer"


CALLER: ContextVar[str] = ContextVar("caller", default="nobody")


async def gathered(callers: list[Any]) -> list[Any]:
    """The results of all callers; a caller that hangs fails the test instead."""
    async with asyncio.timeout(10):
        return await asyncio.gather(*callers, return_exceptions=True)


@pytest.mark.parametrize(
    "leaving", [[0], [0, 1, 2], list(range(9))], ids=["first", "three", "nine"]
)
def test_those_who_stay_get_the_answer_of_one_review(leaving: list[int]) -> None:
    async def scenario() -> tuple[list[Any], int]:
        flights, review = Flights[str](Admission(1)), Review()
        callers = [asyncio.create_task(flights.join(b"k", review)) for _ in range(10)]
        await review.called.wait()
        for index in leaving:
            callers[index].cancel()
        await asyncio.wait([callers[index] for index in leaving])
        review.gate.set()
        return await gathered(callers), review.calls

    results, calls = asyncio.run(scenario())

    assert calls == 1
    for index, result in enumerate(results):
        if index in leaving:
            assert isinstance(result, asyncio.CancelledError)
        else:
            assert result == "answer"


def test_a_review_that_all_callers_left_still_ends_and_frees_its_place() -> None:
    async def scenario() -> tuple[bool, str]:
        flights, review = Flights[str](Admission(1)), Review()
        caller = asyncio.create_task(flights.join(b"k", review))
        await review.called.wait()
        caller.cancel()
        await asyncio.wait([caller])
        review.error = ReviewUnavailableError("down")
        review.gate.set()
        joined = await gathered([flights.join(b"k", review)])
        other = Review()
        other.gate.set()
        return joined == [review.error], await flights.join(b"other", other)

    assert asyncio.run(scenario()) == (True, "answer")


@pytest.mark.parametrize(
    "error",
    [ReviewUnavailableError("down"), ZeroDivisionError(), KeyError("x"), StopAsyncIteration()],
)
def test_what_the_review_raises_reaches_every_caller(error: Exception) -> None:
    async def scenario() -> tuple[list[Any], int]:
        flights, review = Flights[str](Admission(1)), Review()
        review.error = error
        review.gate.set()
        return await gathered([flights.join(b"k", review) for _ in range(10)]), len(flights)

    results, left = asyncio.run(scenario())

    assert [type(result) for result in results] == [type(error)] * 10
    assert left == 0


def test_other_questions_have_other_reviews() -> None:
    async def scenario() -> int:
        flights, review = Flights[str](Admission(2)), Review()
        review.gate.set()
        await gathered([flights.join(b"a", review), flights.join(b"b", review)])
        return review.calls

    assert asyncio.run(scenario()) == 2


def test_a_burst_beyond_the_bound_is_refused_at_once() -> None:
    async def scenario() -> list[Any]:
        flights, review = Flights[str](Admission(4)), Review()
        callers = [asyncio.create_task(flights.join(number, review)) for number in range(10)]
        await review.called.wait()
        assert [caller.done() for caller in callers] == [False] * 3 + [True] * 7
        review.gate.set()
        return await gathered(callers)

    results = asyncio.run(scenario())

    assert results[:3] == ["answer"] * 3
    assert [type(result) for result in results[3:]] == [TooManyReviewsError] * 7


def test_strangers_leave_a_quarter_of_the_places_to_known_callers() -> None:
    async def scenario() -> list[Any]:
        flights, review = Flights[str](Admission(8)), Review()
        strangers = [asyncio.create_task(flights.join(number, review)) for number in range(100)]
        await review.called.wait()
        known = [
            asyncio.create_task(flights.join(f"known-{number}", review, known=True))
            for number in range(3)
        ]
        await asyncio.wait(known[2:])
        review.gate.set()
        results = await gathered([*known, *strangers])
        assert results[3:].count("answer") == 6
        return results[:3]

    results = asyncio.run(scenario())

    assert results[:2] == ["answer"] * 2
    assert isinstance(results[2], TooManyReviewsError)


def test_the_bound_is_shared_between_kinds_of_reviews() -> None:
    async def scenario() -> list[Any]:
        admission, review = Admission(1), Review()
        tokens, rights = Flights[str](admission), Flights[str](admission)
        caller = asyncio.create_task(tokens.join(b"k", review))
        await review.called.wait()
        refused = await gathered([rights.join(b"k", review)])
        review.gate.set()
        return refused + await gathered([caller])

    refused, answered = asyncio.run(scenario())

    assert isinstance(refused, TooManyReviewsError)
    assert answered == "answer"


def test_a_review_does_not_run_in_the_context_of_its_first_caller() -> None:
    async def scenario() -> Any:
        CALLER.set("first")
        flights, review = Flights[str](Admission(1)), Review()
        review.gate.set()
        await flights.join(b"k", review)
        return review.context

    assert asyncio.run(scenario()) == "nobody"


def test_closing_gives_the_callers_an_answer_and_leaves_no_task() -> None:
    async def scenario() -> tuple[list[Any], int, int]:
        flights, review = Flights[str](Admission(2)), Review()
        callers = [asyncio.create_task(flights.join(b"k", review)) for _ in range(3)]
        await review.called.wait()
        await flights.aclose()
        results = await gathered([*callers, flights.join(b"later", review)])
        return results, len(flights), len(asyncio.all_tasks())

    results, left, tasks = asyncio.run(scenario())

    assert [type(result) for result in results] == [ReviewUnavailableError] * 4
    assert (left, tasks) == (0, 1)


def test_closing_before_a_review_began_gives_the_caller_an_answer() -> None:
    async def scenario() -> list[Any]:
        flights, review = Flights[str](Admission(2)), Review()
        caller = asyncio.create_task(flights.join(b"k", review))
        await asyncio.sleep(0)
        assert (b"k" in flights, review.calls) == (True, 0)
        await flights.aclose()
        return await gathered([caller])

    assert [type(result) for result in asyncio.run(scenario())] == [ReviewUnavailableError]


def test_a_caller_that_is_cancelled_while_closing_stays_cancelled() -> None:
    async def scenario() -> list[Any]:
        flights, review = Flights[str](Admission(2)), Review()
        caller = asyncio.create_task(flights.join(b"k", review))
        await review.called.wait()
        caller.cancel()
        await flights.aclose()
        return await gathered([caller])

    assert [type(result) for result in asyncio.run(scenario())] == [asyncio.CancelledError]
