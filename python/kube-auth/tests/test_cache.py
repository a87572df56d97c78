"""ReviewCache: shared reviews, lifetimes and bounds."""

import asyncio
from typing import Any

import pytest
from kube_auth.cache import Answer, ReviewCache
from kube_auth.errors import ReviewUnavailableError


class Review:
    """Counts its calls; waits for `gate` when there is one, then answers or raises."""

    def __init__(self, *, yes: bool = True, until: float | None = None) -> None:
        self.calls = 0
        self.called = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self.error: Exception | None = None
        self.answer = Answer("value", yes=yes, until=until)

    async def __call__(self) -> Answer[str]:
        self.calls += 1
        self.called.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.answer


def cache_with(clock: Any, **changes: Any) -> ReviewCache[str]:
    values = {"yes_ttl": 10, "no_ttl": 2, "max_entries": 8, "in_flight": asyncio.Semaphore(4)}
    return ReviewCache(clock=clock, **{**values, **changes})


def test_a_hundred_callers_share_one_review_although_the_first_one_leaves(clock: Any) -> None:
    async def scenario() -> tuple[list[Any], int]:
        cache, review = cache_with(clock), Review()
        review.gate = asyncio.Event()
        callers = [asyncio.create_task(cache.get(b"k", review)) for _ in range(100)]
        await review.called.wait()
        callers[0].cancel()
        await asyncio.wait([callers[0]])
        review.gate.set()
        return await asyncio.gather(*callers, return_exceptions=True), review.calls

    results, calls = asyncio.run(scenario())

    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1:] == ["value"] * 99
    assert calls == 1


def test_an_error_reaches_every_caller_and_is_not_kept(clock: Any) -> None:
    async def scenario() -> None:
        cache, review = cache_with(clock), Review()
        review.error = ReviewUnavailableError("down")
        callers = (cache.get(b"k", review) for _ in range(10))
        results = await asyncio.gather(*callers, return_exceptions=True)
        assert results == [review.error] * 10
        assert review.calls == 1

        review.error = None
        assert await cache.get(b"k", review) == "value"

    asyncio.run(scenario())


def test_a_failure_whose_callers_all_left_frees_its_place(clock: Any) -> None:
    async def scenario() -> str:
        cache, review = cache_with(clock, in_flight=asyncio.Semaphore(1)), Review()
        review.gate, review.error = asyncio.Event(), ReviewUnavailableError("down")
        caller = asyncio.create_task(cache.get(b"k", review))
        await review.called.wait()
        caller.cancel()
        await asyncio.wait([caller])
        review.gate.set()
        with pytest.raises(ReviewUnavailableError, match="down"):
            await cache.get(b"k", review)
        return await cache.get(b"other", Review())

    assert asyncio.run(scenario()) == "value"


@pytest.mark.parametrize(("yes", "ttl"), [(True, 10), (False, 2)], ids=["yes", "no"])
def test_an_answer_lives_for_its_ttl(clock: Any, yes: bool, ttl: int) -> None:
    async def scenario() -> list[int]:
        cache, review, calls = cache_with(clock), Review(yes=yes), []
        for step in (0.0, ttl - 0.5, 0.5):
            clock.now += step
            await cache.get(b"k", review)
            calls.append(review.calls)
        return calls

    assert asyncio.run(scenario()) == [1, 1, 2]


@pytest.mark.parametrize("yes", [True, False], ids=["yes", "no"])
def test_a_ttl_of_zero_keeps_nothing(clock: Any, yes: bool) -> None:
    async def scenario() -> tuple[int, int]:
        cache, review = cache_with(clock, yes_ttl=0, no_ttl=0), Review(yes=yes)
        await cache.get(b"k", review)
        await cache.get(b"k", review)
        return review.calls, len(cache)

    assert asyncio.run(scenario()) == (2, 0)


def test_an_answer_does_not_outlive_its_bound(clock: Any) -> None:
    async def scenario() -> list[int]:
        cache, review, calls = cache_with(clock), Review(until=clock.now + 3), []
        for step in (0.0, 2.5, 0.5):
            clock.now += step
            await cache.get(b"k", review)
            calls.append(review.calls)
        return calls

    assert asyncio.run(scenario()) == [1, 1, 2]


def test_a_flood_of_keys_stays_within_the_bound_and_drops_the_oldest(clock: Any) -> None:
    async def scenario() -> tuple[int, int, int]:
        cache, kept, dropped = cache_with(clock), Review(), Review()
        await cache.get(b"kept", kept)
        await cache.get(b"dropped", dropped)
        for number in range(1000):
            await cache.get(b"%d" % number, Review(yes=False))
            await cache.get(b"kept", kept)
        await cache.get(b"dropped", dropped)
        return len(cache), kept.calls, dropped.calls

    assert asyncio.run(scenario()) == (8, 1, 2)


def test_a_burst_beyond_the_bound_of_reviews_in_flight_is_refused(clock: Any) -> None:
    async def scenario() -> list[Any]:
        cache = cache_with(clock, in_flight=asyncio.Semaphore(4))
        callers = (cache.get(b"%d" % number, Review()) for number in range(10))
        return await asyncio.gather(*callers, return_exceptions=True)

    results = asyncio.run(scenario())

    assert results[:4] == ["value"] * 4
    assert all(isinstance(result, ReviewUnavailableError) for result in results[4:])
