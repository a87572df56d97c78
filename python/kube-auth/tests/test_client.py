"""HTTPReviewClient: what is retried, how long it waits, and what it refuses."""

import asyncio
import os
from typing import Any

import pytest
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.errors import ReviewUnavailableError

BODY = {"kind": "TokenReview"}


def create(api: Any, timeout: float = 30, before: Any = None) -> tuple[dict[str, Any], list[float]]:
    """One review against the fake API server, and the waits between its attempts."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def scenario() -> dict[str, Any]:
        async with api:
            if before is not None:
                before()
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), timeout, sleep)
            try:
                return await client.create("/reviews", BODY)
            finally:
                await client.aclose()

    return asyncio.run(scenario()), waits


def test_a_review_carries_the_token_of_the_service(api: Any) -> None:
    answer, waits = create(api)

    assert answer["status"]["authenticated"] is True
    assert api.requests == [("/reviews", BODY, "Bearer service-token")]
    assert waits == []


@pytest.mark.parametrize("status", [429, 500, 504])
def test_a_passing_failure_is_retried_until_answered(api: Any, status: int) -> None:
    for _ in range(7):
        api.script(status)

    answer, waits = create(api)

    assert answer["status"]["authenticated"] is True
    assert len(api.requests) == 8
    assert len(waits) == 7
    assert max(waits) <= 2 * 1.2


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 503])
def test_a_lasting_failure_is_asked_once(api: Any, status: int) -> None:
    api.script(status, {"Location": "/elsewhere"})

    with pytest.raises(ReviewUnavailableError, match=str(status)):
        create(api)

    assert len(api.requests) == 1


def test_retry_after_lengthens_the_wait(api: Any) -> None:
    api.script(429, {"Retry-After": "7"})

    _, waits = create(api)

    assert 7 * 0.8 <= waits[0] <= 7 * 1.2


@pytest.mark.parametrize("value", ["soon", "-1", "\u00b2"], ids=["word", "negative", "superscript"])
def test_an_unusable_retry_after_is_ignored(api: Any, value: str) -> None:
    api.script(429, {"Retry-After": value})

    _, waits = create(api)

    assert waits[0] < 1


@pytest.mark.parametrize("text", ["not json", "[]", ""])
def test_an_unreadable_answer_is_an_error(api: Any, text: str) -> None:
    api.script(201, {}, text)

    with pytest.raises(ReviewUnavailableError, match="answer is no"):
        create(api)


def test_the_deadline_bounds_all_attempts(api: Any) -> None:
    async def scenario() -> None:
        async with api:
            # It lasts longer than the deadline, which ends it.
            forever = asyncio.Event()

            async def sleep(_: float) -> None:
                await forever.wait()

            api.script(500)
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 0.2, sleep)
            try:
                await client.create("/reviews", BODY)
            finally:
                await client.aclose()

    with pytest.raises(ReviewUnavailableError, match=r"within 0\.2 s"):
        asyncio.run(scenario())


def test_a_broken_connection_is_retried_with_the_credentials_of_then(api: Any) -> None:
    async def scenario() -> dict[str, Any]:
        async with api:
            url, api.url = api.url, "http://127.0.0.1:0"
            api.write_kubeconfig("old-token")

            async def sleep(_: float) -> None:
                api.url = url
                api.write_kubeconfig("new-token")

            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30, sleep)
            try:
                return await client.create("/reviews", BODY)
            finally:
                await client.aclose()

    assert asyncio.run(scenario())["status"]["authenticated"] is True
    assert [authorization for _, _, authorization in api.requests] == ["Bearer new-token"]


def test_without_credentials_nothing_is_sent_and_the_client_is_not_ready(api: Any) -> None:
    client = HTTPReviewClient(CredentialSource(api.kubeconfig, os.environ), 30)

    assert client.ready() is False
    with pytest.raises(ReviewUnavailableError, match="No such file"):
        create(api, before=api.kubeconfig.unlink)
    assert api.requests == []
