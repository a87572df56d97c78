"""KubeReviewer against an API server: what it asks, trusts and keeps."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from kube_auth import AuthSettings, Identity, KubeReviewer, ReviewUnavailableError
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.reviewer import ACCESS_REVIEWS, MAX_CACHED_SPEC, TOKEN_REVIEWS
from service_base.logs import configure_logs

RIGHT = {"namespace": "ns", "resource": "services", "name": "thing", "verb": "get"}
CALLER = Identity("system:serviceaccount:ns:caller", "1", ("g",))


def review(api: Any, clock: Any, scenario: Callable[[Any], Awaitable[Any]], **env: object) -> Any:
    """Run a scenario with a reviewer that talks to the fake API server."""

    async def run() -> Any:
        async with api:
            settings = AuthSettings.model_validate({"KUBE_AUTH_AUDIENCES": "kubernaut", **env})
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            reviewer = KubeReviewer(client, settings, clock)
            try:
                return await scenario(reviewer)
            finally:
                await reviewer.aclose()

    return asyncio.run(run())


def token_with(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"header.{payload}.signature"


async def one_token(reviewer: Any) -> Any:
    return await reviewer.review_token("t")


def test_a_token_review_asks_for_our_audiences_and_gives_the_identity(api: Any, clock: Any) -> None:
    api.token["user"] = {**api.token["user"], "extra": {"pod": ["a", "b"]}}

    identity = review(api, clock, one_token, KUBE_AUTH_AUDIENCES="kubernaut, other")

    assert identity == Identity(CALLER.username, "1", ("g",), {"pod": ("a", "b")})
    [(path, body, _)] = api.requests
    assert path == TOKEN_REVIEWS
    assert body["spec"] == {"token": "t", "audiences": ["kubernaut", "other"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"authenticated": False},
        {"authenticated": "true"},
        {"audiences": []},
        {"audiences": None},
        {"audiences": ["https://kubernetes.default.svc"]},
    ],
    ids=["refused", "text", "no-audience", "null-audience", "foreign-audience"],
)
def test_a_token_that_is_not_for_us_has_no_identity(api: Any, clock: Any, changes: Any) -> None:
    api.token.update(changes)

    assert review(api, clock, one_token) is None


def test_a_server_that_ignores_audiences_is_not_trusted(api: Any, clock: Any) -> None:
    del api.token["audiences"]

    assert review(api, clock, one_token) is None


def test_one_common_audience_suffices(api: Any, clock: Any) -> None:
    api.token["audiences"] = ["elsewhere", "kubernaut"]

    assert review(api, clock, one_token) == CALLER


@pytest.mark.parametrize("user", [None, {}, {"username": ""}, "name"])
def test_an_authenticated_answer_without_a_user_is_no_answer(
    api: Any, clock: Any, user: Any
) -> None:
    api.token["user"] = user

    with pytest.raises(ReviewUnavailableError, match="names no user"):
        review(api, clock, one_token)


@pytest.mark.parametrize("status", [None, [], "yes"])
def test_an_answer_without_a_status_is_no_answer(api: Any, clock: Any, status: Any) -> None:
    api.token = status

    with pytest.raises(ReviewUnavailableError, match="no status"):
        review(api, clock, one_token)


def test_a_hundred_callers_cause_one_review(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> Any:
        return await asyncio.gather(*(reviewer.review_token("t") for _ in range(100)))

    assert review(api, clock, scenario) == [CALLER] * 100
    assert len(api.requests) == 1


@pytest.mark.parametrize(("authenticated", "ttl"), [(True, 10), (False, 2)], ids=["yes", "no"])
def test_an_answer_is_kept_for_its_ttl(
    api: Any, clock: Any, authenticated: bool, ttl: float
) -> None:
    async def scenario(reviewer: Any) -> list[int]:
        counts = []
        for step in (0.0, ttl - 0.5, 0.5):
            clock.now += step
            await reviewer.review_token("t")
            counts.append(len(api.requests))
        return counts

    api.token["authenticated"] = authenticated

    assert review(api, clock, scenario) == [1, 1, 2]


def test_a_token_is_not_kept_beyond_its_expiry(api: Any, clock: Any) -> None:
    token = token_with({"exp": clock.now + 3})

    async def scenario(reviewer: Any) -> list[int]:
        counts = []
        for step in (0.0, 2.5, 0.5):
            clock.now += step
            await reviewer.review_token(token)
            counts.append(len(api.requests))
        return counts

    assert review(api, clock, scenario) == [1, 1, 2]


@pytest.mark.parametrize(
    "token",
    ["opaque", "a.b.c", "a.\u00e4.c", token_with({}), token_with([]), token_with({"exp": 10**400})],
    ids=["opaque", "no-base64", "no-ascii", "no-exp", "no-claims", "huge"],
)
def test_an_unreadable_expiry_bounds_nothing(api: Any, clock: Any, token: str) -> None:
    async def scenario(reviewer: Any) -> None:
        assert await reviewer.review_token(token) == CALLER
        assert await reviewer.review_token(token) == CALLER

    review(api, clock, scenario)

    assert len(api.requests) == 1


def test_an_access_review_names_identity_and_right(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[bool]:
        return [await reviewer.review_access(CALLER, RIGHT) for _ in range(2)]

    assert review(api, clock, scenario) == [True, True]
    [(path, body, _)] = api.requests
    assert path == ACCESS_REVIEWS
    assert body["spec"] == {
        "user": CALLER.username,
        "uid": "1",
        "groups": ["g"],
        "extra": {},
        "resourceAttributes": RIGHT,
    }


@pytest.mark.parametrize(
    "status", [{}, {"allowed": False}, {"allowed": True, "denied": True}, {"allowed": "true"}]
)
def test_anything_but_a_clear_yes_is_no_right(api: Any, clock: Any, status: Any) -> None:
    api.access = status

    async def scenario(reviewer: Any) -> Any:
        return await reviewer.review_access(CALLER, RIGHT)

    assert review(api, clock, scenario) is False


def test_a_right_is_kept_for_one_identity_and_verb_only(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> None:
        await reviewer.review_access(CALLER, RIGHT)
        await reviewer.review_access(CALLER, {**RIGHT, "verb": "create"})
        await reviewer.review_access(Identity(CALLER.username, "2", ("g",)), RIGHT)

    review(api, clock, scenario)

    assert len(api.requests) == 3


def test_the_right_of_an_oversized_identity_is_not_kept(api: Any, clock: Any) -> None:
    large = Identity("caller", extra={"x": ("x" * MAX_CACHED_SPEC,)})

    async def scenario(reviewer: Any) -> list[bool]:
        return [await reviewer.review_access(large, RIGHT) for _ in range(2)]

    assert review(api, clock, scenario) == [True, True]
    assert len(api.requests) == 2


def test_too_many_reviews_in_flight_are_refused(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> Any:
        callers = (reviewer.review_token(str(number)) for number in range(5))
        return await asyncio.gather(*callers, return_exceptions=True)

    results = review(api, clock, scenario, KUBE_AUTH_MAX_IN_FLIGHT=2)

    assert results[:2] == [CALLER] * 2
    assert [getattr(result, "retry_after", None) for result in results[2:]] == [1] * 3


def test_a_failed_review_logs_no_token(
    api: Any, clock: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logs("debug")
    api.script(403, {}, "sensitive-token")

    with pytest.raises(ReviewUnavailableError) as caught:
        review(api, clock, lambda reviewer: reviewer.review_token("sensitive-token"))

    output = capfd.readouterr()
    assert "sensitive-token" not in output.out + output.err + str(caught.value)
