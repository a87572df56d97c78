"""ReviewCache: kept answers, shared reviews, and where each answer came from."""

import asyncio
from typing import Any

import pytest
from kube_auth.cache import ReviewCache
from kube_auth.errors import ReviewUnavailableError
from kube_auth.flights import Admission
from kube_auth.metrics import LOOKUPS
from kube_auth.store import Answer


class Review:
    """Counts its calls; answers, or raises when there is an error."""

    def __init__(self, *, yes: bool = True) -> None:
        self.calls = 0
        self.error: Exception | None = None
        self.answer = Answer("value", yes=yes)

    async def __call__(self) -> Answer[str]:
        self.calls += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return self.answer


def cache_with(clock: Any, **changes: Any) -> ReviewCache[str]:
    values = {"yes_ttl": 10, "no_ttl": 2, "max_entries": 8, "admission": Admission(4)}
    return ReviewCache("token", clock=clock, wall=clock, **{**values, **changes})


async def ask(cache: ReviewCache[str], key: Any, review: Review) -> str:
    """As the reviewer asks: a kept answer first."""
    kept = cache.kept(key)
    return kept.value if kept is not None else await cache.ask(key, review)


@pytest.mark.parametrize(("yes", "ttl"), [(True, 10), (False, 2)], ids=["yes", "no"])
def test_an_answer_is_asked_for_again_after_its_ttl(clock: Any, yes: bool, ttl: float) -> None:
    async def scenario() -> list[int]:
        cache, review, calls = cache_with(clock), Review(yes=yes), []
        for step in (0.0, ttl - 0.5, 0.5):
            clock.now += step
            await ask(cache, b"k", review)
            calls.append(review.calls)
        return calls

    assert asyncio.run(scenario()) == [1, 1, 2]


@pytest.mark.parametrize("error", [ReviewUnavailableError("down"), ZeroDivisionError()])
def test_an_error_is_not_kept(clock: Any, error: Exception) -> None:
    async def scenario() -> tuple[str, int]:
        cache, review = cache_with(clock), Review()
        review.error = error
        callers = (ask(cache, b"k", review) for _ in range(10))
        results = await asyncio.gather(*callers, return_exceptions=True)
        assert results == [error] * 10
        assert review.calls == 1
        review.error = None
        return await ask(cache, b"k", review), review.calls

    assert asyncio.run(scenario()) == ("value", 2)


def test_an_error_does_not_extend_an_answer_that_ended(clock: Any) -> None:
    async def scenario() -> None:
        cache, review = cache_with(clock), Review()
        await ask(cache, b"k", review)
        clock.now += 10
        review.error = ReviewUnavailableError("down")
        await ask(cache, b"k", review)

    with pytest.raises(ReviewUnavailableError):
        asyncio.run(scenario())


def test_without_ttls_callers_at_the_same_moment_still_share_a_review(clock: Any) -> None:
    async def scenario() -> tuple[int, int, int]:
        cache, review = cache_with(clock, yes_ttl=0, no_ttl=0), Review()
        await asyncio.gather(*(ask(cache, b"k", review) for _ in range(10)))
        together = review.calls
        await ask(cache, b"k", review)
        return together, review.calls, len(cache)

    assert asyncio.run(scenario()) == (1, 2, 0)


def test_each_lookup_is_counted_by_its_source(clock: Any) -> None:
    sources = ("cached", "shared", "reviewed", "refused")
    before = {source: LOOKUPS["token", source].count for source in sources}

    async def scenario() -> None:
        cache, review = cache_with(clock, admission=Admission(1)), Review()
        callers = [ask(cache, key, review) for key in (b"k", b"k", b"k", b"other")]
        await asyncio.gather(*callers, return_exceptions=True)
        await ask(cache, b"k", review)

    asyncio.run(scenario())

    counted = {source: LOOKUPS["token", source].count - before[source] for source in sources}
    assert counted == {"cached": 1, "shared": 2, "reviewed": 1, "refused": 1}


@pytest.mark.parametrize(("kind", "before"), [("token", True), ("access", False)])
def test_a_caller_who_was_known_is_reviewed_again_during_a_flood(
    clock: Any, kind: Any, before: bool
) -> None:
    async def scenario() -> Any:
        values = {"yes_ttl": 10, "no_ttl": 2, "max_entries": 8, "clock": clock, "wall": clock}
        admission = Admission(4)
        strangers = ReviewCache[str]("token", admission=admission, **values)
        cache = (
            strangers if kind == "token" else ReviewCache[str](kind, admission=admission, **values)
        )
        if before:
            await ask(cache, b"known", Review())
            clock.now += 1000
        flood = [asyncio.create_task(ask(strangers, number, Review())) for number in range(100)]
        await asyncio.sleep(0)
        answer = await ask(cache, b"known", Review())
        results = await asyncio.gather(*flood, return_exceptions=True)
        assert results.count("value") == 3
        return answer

    assert asyncio.run(scenario()) == "value"
