"""Pace: who is refused again and again waits."""

import asyncio
from typing import Any

import pytest
from kube_auth import pace as module
from kube_auth.pace import MAX_SECONDS, Pace


def turns(count: int, rate: float, clock: Any) -> list[tuple[float, bool]]:
    """How long each of so many refusals at the same moment waits, and whether it may stay."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def scenario() -> list[tuple[float, bool]]:
        pace = Pace(rate, clock=clock, sleep=sleep)
        taken = []
        for _ in range(count):
            waits.append(0)
            kept = await pace.turn()
            taken.append((waits.pop(), kept))
        return taken

    return asyncio.run(scenario())


def test_a_seconds_worth_of_refusals_is_answered_at_once(clock: Any) -> None:
    waits = [wait for wait, _ in turns(13, 10, clock)]

    assert waits[:11] == [0] * 11
    assert waits[11:] == pytest.approx([0.1, 0.2])


def test_nobody_waits_longer_than_the_bound(clock: Any) -> None:
    taken = turns(200, 10, clock)

    assert max(wait for wait, _ in taken) == MAX_SECONDS
    assert all(kept for _, kept in taken)


def test_a_pause_gives_a_seconds_worth_back_and_no_more(clock: Any) -> None:
    async def scenario() -> list[float]:
        waits: list[float] = []

        async def sleep(seconds: float) -> None:
            waits.append(seconds)

        pace = Pace(10, clock=clock, sleep=sleep)
        for _ in range(11):
            await pace.turn()
        clock.now += 100
        for _ in range(12):
            await pace.turn()
        return waits

    assert asyncio.run(scenario()) == pytest.approx([0.1])


def test_a_rate_of_zero_lets_nobody_wait(clock: Any) -> None:
    assert {wait for wait, _ in turns(1000, 0, clock)} == {0}


def test_beyond_the_bound_of_those_who_wait_connections_are_to_be_closed(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 3)

    async def scenario() -> list[bool]:
        gate = asyncio.Event()

        async def sleep(_: float) -> None:
            await gate.wait()

        pace = Pace(1, clock=clock, sleep=sleep)
        waiting = [asyncio.create_task(pace.turn()) for _ in range(5)]
        await asyncio.sleep(0)
        refused = [await pace.turn(), await pace.turn()]
        gate.set()
        return [*await asyncio.gather(*waiting), *refused, await pace.turn()]

    kept = asyncio.run(scenario())

    assert kept == [True] * 5 + [False] * 2 + [True]
