"""Standing: what readiness says about reviews."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from kube_auth import AuthSettings, KubeReviewer, ReviewUnavailableError
from kube_auth import standing as module
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.standing import AGAIN_SECONDS, FRESH_SECONDS, UNKNOWN

Scenario = Callable[[Any], Awaitable[Any]]


def run(api: Any, clock: Any, scenario: Scenario, timeout: float = 30) -> Any:
    async def whole() -> Any:
        async with api:
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), timeout)
            reviewer = KubeReviewer(client, AuthSettings.model_validate({}), clock=clock)
            try:
                return await scenario(reviewer)
            finally:
                if api.gate is not None:
                    api.gate.set()
                await reviewer.aclose()

    return asyncio.run(whole())


async def told(reviewer: Any, before: str | None) -> str | None:
    """What readiness says once it says another thing than before."""
    async with asyncio.timeout(20):
        while (said := reviewer.not_ready()) == before:
            await turn()
    return str(said) if said else None


async def turn() -> None:
    """Let the other tasks and the sockets have theirs."""
    await asyncio.sleep(0)


async def first(reviewer: Any) -> str | None:
    assert reviewer.not_ready() == UNKNOWN
    return await told(reviewer, UNKNOWN)


def test_a_service_that_may_review_is_ready(api: Any, clock: Any) -> None:
    assert run(api, clock, first) is None
    assert api.self_reviews == ["tokenreviews", "subjectaccessreviews"]
    assert api.requests == []


@pytest.mark.parametrize("resource", ["tokenreviews", "subjectaccessreviews"])
def test_a_service_that_may_not_review_says_what_it_lacks(
    api: Any, clock: Any, resource: str
) -> None:
    api.own[resource] = False

    assert run(api, clock, first) == (
        f"this service may not create {resource}; bind it to system:auth-delegator"
    )


def test_where_nobody_may_review_himself_reviews_have_to_show_it(api: Any, clock: Any) -> None:
    api.own["tokenreviews"] = 403

    assert run(api, clock, first) is None


def test_a_token_of_the_service_that_the_api_server_refuses_is_told(api: Any, clock: Any) -> None:
    api.own["tokenreviews"] = 401

    assert run(api, clock, first) == "the API server answered 401"


def test_a_right_that_is_given_later_is_noticed(api: Any, clock: Any) -> None:
    api.own["tokenreviews"] = False

    async def scenario(reviewer: Any) -> str | None:
        lacking = await first(reviewer)
        api.own["tokenreviews"] = True
        clock.now += AGAIN_SECONDS
        return await told(reviewer, lacking)

    assert run(api, clock, scenario) is None


def test_a_frozen_api_server_is_told_within_the_probes_time(
    api: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)

    async def scenario(reviewer: Any) -> str | None:
        await first(reviewer)
        api.gate = asyncio.Event()
        clock.now += FRESH_SECONDS
        return await told(reviewer, None)

    assert run(api, clock, scenario) == "the API server did not answer within 0.2 s"


def test_a_review_that_failed_makes_the_service_ask_at_once(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> str | None:
        await first(reviewer)
        clock.now += AGAIN_SECONDS
        api.own["tokenreviews"] = False
        api.script(403)
        with pytest.raises(ReviewUnavailableError, match="403"):
            await reviewer.review_token("t")
        return await told(reviewer, None)

    assert "may not create tokenreviews" in run(api, clock, scenario)


def test_a_callers_own_failure_does_not_take_the_service_out_of_service(
    api: Any, clock: Any
) -> None:
    async def scenario(reviewer: Any) -> list[str | None]:
        await first(reviewer)
        said = []
        for _ in range(5):
            clock.now += AGAIN_SECONDS
            asked = len(api.self_reviews)
            api.script(400)
            with suppress(ReviewUnavailableError):
                await reviewer.review_token("one that the API server cannot stand")
            async with asyncio.timeout(20):
                while len(api.self_reviews) < asked + 2:
                    clock.now += 0.01
                    said.append(reviewer.not_ready())
                    await turn()
        return said

    assert set(run(api, clock, scenario)) == {None}


def test_nobody_is_asked_while_the_last_answer_is_fresh(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> None:
        await first(reviewer)
        clock.now += FRESH_SECONDS - 1
        await reviewer.review_token("t")
        clock.now += FRESH_SECONDS - 1
        assert reviewer.not_ready() is None
        await reviewer.review_token("u")

    run(api, clock, scenario)

    assert len(api.self_reviews) == 2


def test_missing_credentials_are_told_without_asking(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> str | None:
        api.kubeconfig.unlink()
        said: str | None = reviewer.not_ready()
        return said

    assert str(api.kubeconfig) in str(run(api, clock, scenario))
    assert api.self_reviews == []


def test_closing_ends_a_question_under_way(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> None:
        api.gate = asyncio.Event()
        reviewer.not_ready()
        async with asyncio.timeout(20):
            while not api.self_reviews:
                await turn()
        await reviewer.aclose()
        clock.now += 100
        assert reviewer.not_ready() is not None

    run(api, clock, scenario)

    assert api.self_reviews == ["tokenreviews"]
