"""AnswerStore: lifetimes, bounds and clocks."""

from typing import Any

import pytest
from kube_auth.store import Answer, AnswerStore

YES, NO = Answer("yes", yes=True), Answer("no", yes=False)


def store(clock: Any, wall: Any = None, **changes: Any) -> AnswerStore[str]:
    values = {"yes_ttl": 10, "no_ttl": 2, "max_entries": 8}
    return AnswerStore(clock=clock, wall=wall or clock, **{**values, **changes})


@pytest.mark.parametrize(("answer", "ttl"), [(YES, 10), (NO, 2)], ids=["yes", "no"])
def test_an_answer_lives_for_the_ttl_of_its_kind(clock: Any, answer: Any, ttl: float) -> None:
    kept = store(clock)
    kept.keep(b"k", answer)

    clock.now += ttl - 0.01
    assert kept.find(b"k") is answer
    clock.now += 0.01
    assert kept.find(b"k") is None


@pytest.mark.parametrize("answer", [YES, NO], ids=["yes", "no"])
def test_a_ttl_of_zero_keeps_nothing(clock: Any, answer: Any) -> None:
    kept = store(clock, yes_ttl=0, no_ttl=0)

    kept.keep(b"k", answer)

    assert kept.find(b"k") is None
    assert len(kept) == 0


def test_the_ttls_are_independent(clock: Any) -> None:
    kept = store(clock, yes_ttl=10, no_ttl=0)

    kept.keep(b"yes", YES)
    kept.keep(b"no", NO)

    assert (kept.find(b"yes"), kept.find(b"no")) == (YES, None)


def test_an_answer_that_is_not_to_be_kept_is_not(clock: Any) -> None:
    kept = store(clock)

    kept.keep(b"k", Answer("yes", yes=True, keep=False))

    assert len(kept) == 0


def test_an_answer_ends_with_its_own_bound(clock: Any) -> None:
    kept = store(clock)
    kept.keep(b"k", Answer("yes", yes=True, until=clock.now + 3))

    clock.now += 2.99
    assert kept.find(b"k") is not None
    clock.now += 0.01
    assert kept.find(b"k") is None


@pytest.mark.parametrize("until", [-1.0, 0.0, float("-inf")])
def test_an_answer_that_ended_already_is_not_kept(clock: Any, until: float) -> None:
    kept = store(clock)

    kept.keep(b"k", Answer("yes", yes=True, until=clock.now + until))

    assert len(kept) == 0


@pytest.mark.parametrize("until", [float("inf"), float("nan"), 10.0**300])
def test_a_bound_beyond_the_ttl_prolongs_nothing(clock: Any, until: float) -> None:
    kept = store(clock)
    kept.keep(b"k", Answer("yes", yes=True, until=until))

    clock.now += 10

    assert kept.find(b"k") is None


def test_a_wall_clock_set_back_prolongs_nothing(clock: Any) -> None:
    wall = type(clock)()
    kept = store(clock, wall)
    kept.keep(b"k", YES)

    clock.now += 10
    wall.now -= 3600

    assert kept.find(b"k") is None


def test_a_monotonic_clock_that_stood_still_prolongs_nothing(clock: Any) -> None:
    wall = type(clock)()
    kept = store(clock, wall)
    kept.keep(b"k", YES)

    wall.now += 3600

    assert kept.find(b"k") is None


def test_a_later_answer_replaces_an_earlier_one_of_the_other_kind(clock: Any) -> None:
    kept = store(clock)

    kept.keep(b"k", YES)
    kept.keep(b"k", NO)

    assert kept.find(b"k") is NO
    assert len(kept) == 1


def test_a_flood_of_bad_tokens_pushes_out_no_good_one(clock: Any) -> None:
    kept = store(clock)
    for number in range(8):
        kept.keep(b"good-%d" % number, YES)

    for number in range(100_000):
        kept.keep(b"bad-%d" % number, NO)

    assert all(kept.find(b"good-%d" % number) is YES for number in range(8))
    assert len(kept) == 16


def test_a_flood_of_good_answers_stays_within_the_bound(clock: Any) -> None:
    kept = store(clock)

    for number in range(100_000):
        kept.keep(number, YES)

    assert len(kept) == 8


def test_the_least_recently_used_answer_leaves_first(clock: Any) -> None:
    kept = store(clock, max_entries=2)
    kept.keep(b"used", YES)
    kept.keep(b"unused", YES)

    kept.find(b"used")
    kept.keep(b"new", YES)

    assert kept.find(b"used") is YES
    assert kept.find(b"unused") is None


def test_a_yes_that_ended_is_remembered_as_one_until_the_next_answer(clock: Any) -> None:
    kept = store(clock)
    kept.keep(b"k", YES)
    kept.keep(b"bad", NO)

    clock.now += 1000

    assert (kept.find(b"k"), kept.said_yes(b"k")) == (None, True)
    assert not kept.said_yes(b"bad")
    kept.keep(b"k", NO)
    assert not kept.said_yes(b"k")
