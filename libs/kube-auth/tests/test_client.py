"""HTTPReviewClient: what is retried, how long it waits, and what it refuses."""

import asyncio
import os
from typing import Any

import pytest
from kube_auth.client import MAX_ANSWER_BYTES, HTTPReviewClient
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
            source = CredentialSource(api.kubeconfig, {})
            # Time passes by waiting only, so that a busy machine changes nothing.
            client = HTTPReviewClient(source, timeout, sleep=sleep, clock=lambda: sum(waits))
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
    for wait, backoff in zip(waits, (0.2, 0.3, 0.45, 0.675, 1.0125, 1.51875, 2), strict=True):
        assert backoff <= wait <= backoff * 1.2


def test_waits_are_jittered(api: Any) -> None:
    for _ in range(7):
        api.script(500)

    _, waits = create(api)

    factors = {
        round(wait / backoff, 6) for wait, backoff in zip(waits, (0.2, 0.3, 0.45), strict=False)
    }
    assert len(factors) == 3


def test_a_503_is_retried_when_it_says_when(api: Any) -> None:
    api.script(503, {"Retry-After": "1"})

    answer, waits = create(api)

    assert answer["status"]["authenticated"] is True
    assert 1 <= waits[0] <= 1.2


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 503])
def test_a_lasting_failure_is_asked_once(api: Any, status: int) -> None:
    api.script(status, {"Location": "/elsewhere"})

    with pytest.raises(ReviewUnavailableError, match=str(status)) as caught:
        create(api)

    assert len(api.requests) == 1
    assert caught.value.retry_after == 5


def test_nobody_comes_back_before_retry_after(api: Any) -> None:
    api.script(429, {"Retry-After": "7"})

    _, waits = create(api)

    assert 7 <= waits[0] <= 7 * 1.2


@pytest.mark.parametrize(
    ("asked", "handed_on"), [("32", 32), ("3600", 60), ("9" * 400, 60)], ids=["32", "hour", "huge"]
)
def test_a_retry_after_beyond_the_deadline_is_handed_on_at_once(
    api: Any, asked: str, handed_on: int
) -> None:
    api.script(429, {"Retry-After": asked})

    with pytest.raises(ReviewUnavailableError, match="no time is left") as caught:
        create(api, timeout=10)

    assert caught.value.retry_after == handed_on
    assert len(api.requests) == 1


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
    for _ in range(100):
        api.script(500)

    with pytest.raises(ReviewUnavailableError, match="answered 500, no time is left"):
        create(api, timeout=10)

    assert 5 <= len(api.requests) <= 12


def test_the_deadline_ends_an_attempt_that_is_not_answered(api: Any) -> None:
    async def scenario() -> None:
        async with api:
            api.gate = asyncio.Event()
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 0.2)
            try:
                await client.create("/reviews", BODY)
            finally:
                api.gate.set()
                await client.aclose()

    with pytest.raises(ReviewUnavailableError, match=r"within 0\.2 s"):
        asyncio.run(scenario())


def test_an_endless_answer_is_cut_off(api: Any) -> None:
    api.script(201, {}, "[" * (MAX_ANSWER_BYTES + 1))

    with pytest.raises(ReviewUnavailableError, match="too large"):
        create(api)


def test_deep_nesting_is_no_answer(api: Any) -> None:
    api.script(201, {}, "[" * 200_000)

    with pytest.raises(ReviewUnavailableError, match="answer is no"):
        create(api)


def test_a_connection_that_is_reset_is_tried_again(api: Any) -> None:
    waits: list[float] = []

    async def scenario() -> dict[str, Any]:
        async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        async with api:
            good = api.url
            server = await asyncio.start_server(reset, "127.0.0.1", 0)
            host, port = server.sockets[0].getsockname()
            api.url = f"http://{host}:{port}"
            api.write_kubeconfig("service-token")

            async def sleep(seconds: float) -> None:
                waits.append(seconds)
                if len(waits) == 3:
                    api.url = good
                    api.write_kubeconfig("service-token")

            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30, sleep=sleep)
            try:
                return await client.create("/reviews", BODY)
            finally:
                await client.aclose()
                server.close()

    assert asyncio.run(scenario())["status"]["authenticated"] is True
    assert len(waits) == 3


def test_nothing_is_sent_after_closing(api: Any) -> None:
    async def scenario() -> None:
        async with api:
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            await client.aclose()
            await client.create("/reviews", BODY)

    with pytest.raises(ReviewUnavailableError, match="stopping"):
        asyncio.run(scenario())
    assert api.requests == []


def test_a_broken_connection_is_retried_with_the_credentials_of_then(api: Any) -> None:
    async def scenario() -> dict[str, Any]:
        async with api:
            url, api.url = api.url, "http://127.0.0.1:0"
            api.write_kubeconfig("old-token")

            async def sleep(_: float) -> None:
                api.url = url
                api.write_kubeconfig("new-token")

            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30, sleep=sleep)
            try:
                return await client.create("/reviews", BODY)
            finally:
                await client.aclose()

    assert asyncio.run(scenario())["status"]["authenticated"] is True
    assert [authorization for _, _, authorization in api.requests] == ["Bearer new-token"]


def test_without_credentials_nothing_is_sent_and_the_client_is_not_ready(api: Any) -> None:
    client = HTTPReviewClient(CredentialSource(api.kubeconfig, os.environ), 30)

    assert str(api.kubeconfig) in str(client.not_ready())
    with pytest.raises(ReviewUnavailableError, match="No such file"):
        create(api, before=api.kubeconfig.unlink)
    assert api.requests == []
