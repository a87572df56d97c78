"""Proofs of the stampede's reproduction and of the broken way to the API server."""

import os
from collections.abc import Callable
from pathlib import Path

from prove.run import Outcome, expect, mutated, run


def reproduce(*arguments: str) -> Outcome:
    """Measure some targets of the reproduction, each once."""
    return run(["go", "run", "./test/stampede/cmd/reproduce", *arguments], os.environ)


def break_the_way(python: Path) -> Outcome:
    """Stop the API server once, with writers going on."""
    options = ("-count=1", "-run=TestFaultsOfTheAPIServer/stopped", ".", f"-python={python}")
    return run(["go", "-C", "test/chaos", "test", *options], os.environ)


def limiter_off(_: Path) -> None:
    """A historic reviewer that loses nothing is noticed: it is the limiter that loses."""
    outcome = reproduce("--only=A", "--historic-qps=-1")
    lost = "does not lose: 0 of 121 requests were lost to the limiter"
    expect(outcome.code != 0 and lost in outcome.output, f"not seen: {lost}", outcome)


def stampede_without_cache(_: Path) -> None:
    """A DataStorage that asks the API server for every request is noticed."""
    healthy = reproduce("--only=B")
    shown = "shown: DataStorage loses none"
    expect(healthy.code == 0 and shown in healthy.output, f"not seen: {shown}", healthy)
    outcome = reproduce("--only=B", "--datastorage-env=KUBE_AUTH_YES_TTL_SECONDS=0")
    counted = "TokenReviews, at most 2 are needed"
    expect(outcome.code != 0 and counted in outcome.output, f"not seen: {counted}", outcome)


def stale_identity_served(_: Path) -> None:
    """A token that is accepted longer than its answer holds is noticed."""
    checked = "if self._clock() >= entry.monotonic_end or self._wall() >= entry.wall_end:"
    with mutated("libs/kube-auth", "kube_auth/store.py", checked, "if False:") as python:
        outcome = break_the_way(python)
    stale = "accepted without a review"
    expect(outcome.code != 0 and stale in outcome.output, f"not seen: {stale}", outcome)


PROOFS: list[Callable[[Path], None]] = [limiter_off, stampede_without_cache, stale_identity_served]
