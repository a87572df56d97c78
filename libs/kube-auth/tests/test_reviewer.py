"""KubeReviewer against an API server: what it asks, trusts and keeps."""

import asyncio
import base64
import gc
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any

import pytest
from kube_auth import AuthSettings, Identity, KubeReviewer, ReviewUnavailableError
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.metrics import REVIEWS
from kube_auth.reviews import ACCESS_REVIEWS, MAX_CACHED_SPEC, TOKEN_REVIEWS
from service_base.logs import configure_logs

RIGHT = {"namespace": "ns", "resource": "services", "name": "thing", "verb": "get"}
USER = {"username": "system:serviceaccount:ns:caller", "uid": "1", "groups": ["g"]}
CALLER = Identity("system:serviceaccount:ns:caller", "1", ("g",))


def review(api: Any, clock: Any, scenario: Callable[[Any], Awaitable[Any]], **env: object) -> Any:
    """Run a scenario with a reviewer that talks to the fake API server."""

    async def run() -> Any:
        async with api:
            settings = AuthSettings.model_validate({"KUBE_AUTH_AUDIENCES": "kubernaut", **env})
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            reviewer = KubeReviewer(client, settings, clock=clock, wall=clock)
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


def test_what_a_token_says_of_itself_makes_nobody(api: Any, clock: Any) -> None:
    token = token_with({"sub": "system:admin", "groups": ["system:masters"], "aud": ["kubernaut"]})

    identity = review(api, clock, lambda reviewer: reviewer.review_token(token))

    assert identity == CALLER


def test_a_server_that_ignores_audiences_is_not_trusted(api: Any, clock: Any) -> None:
    del api.token["audiences"]

    assert review(api, clock, one_token) is None


def test_one_common_audience_suffices(api: Any, clock: Any) -> None:
    api.token["audiences"] = ["elsewhere", "kubernaut"]

    assert review(api, clock, one_token) == CALLER


@pytest.mark.parametrize("user", [None, {}, {"username": ""}, {"username": 7}, "name"])
def test_an_authenticated_answer_without_a_user_is_no_answer(
    api: Any, clock: Any, user: Any
) -> None:
    api.token["user"] = user

    with pytest.raises(ReviewUnavailableError, match="names no user"):
        review(api, clock, one_token)


@pytest.mark.parametrize(
    "changes",
    [
        {"groups": "system:masters"},
        {"groups": [["g"]]},
        {"groups": {"g": 1}},
        {"uid": 7},
        {"extra": ["x"]},
        {"extra": {"scopes": "admin"}},
    ],
)
def test_a_user_of_another_shape_is_no_answer(api: Any, clock: Any, changes: Any) -> None:
    api.token["user"] = {**api.token["user"], **changes}

    with pytest.raises(ReviewUnavailableError, match="malformed"):
        review(api, clock, one_token)


@pytest.mark.parametrize("audiences", ["kubernaut", [["kubernaut"]], {"kubernaut": 1}])
def test_audiences_of_another_shape_are_no_answer(api: Any, clock: Any, audiences: Any) -> None:
    api.token["audiences"] = audiences

    with pytest.raises(ReviewUnavailableError, match="malformed"):
        review(api, clock, one_token)


def test_a_token_that_could_not_be_checked_is_refused_and_the_refusal_not_kept(
    api: Any, clock: Any
) -> None:
    """As k8s.io/apiserver does: `status.error` may mean a bad token or a broken check."""

    async def scenario(reviewer: Any) -> list[Any]:
        api.token = {"error": "could not be checked"}
        refused = await reviewer.review_token("t")
        api.token = {"authenticated": True, "user": USER, "audiences": ["kubernaut"]}
        return [refused, await reviewer.review_token("t")]

    assert review(api, clock, scenario) == [None, CALLER]
    assert len(api.requests) == 2


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


def test_a_revoked_token_is_refused_within_the_yes_ttl(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[Any]:
        answers = [await reviewer.review_token("t")]
        api.token["authenticated"] = False
        for step in (9.9, 0.1):
            clock.now += step
            answers.append(await reviewer.review_token("t"))
        return answers

    assert review(api, clock, scenario) == [CALLER, CALLER, None]


def test_a_revoked_right_is_refused_within_the_yes_ttl(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[Any]:
        answers = [await reviewer.review_access(CALLER, RIGHT)]
        api.access = {"allowed": False}
        for step in (9.9, 0.1):
            clock.now += step
            answers.append(await reviewer.review_access(CALLER, RIGHT))
        return answers

    assert review(api, clock, scenario) == [True, True, False]


def test_a_granted_right_is_seen_within_the_no_ttl(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[Any]:
        api.access = {"allowed": False}
        answers = [await reviewer.review_access(CALLER, RIGHT)]
        api.access = {"allowed": True}
        for step in (1.9, 0.1):
            clock.now += step
            answers.append(await reviewer.review_access(CALLER, RIGHT))
        return answers

    assert review(api, clock, scenario) == [False, False, True]


def test_an_outage_neither_prolongs_an_answer_nor_is_remembered(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[Any]:
        answers = [await reviewer.review_token("t")]
        clock.now += 10
        api.script(403)
        with pytest.raises(ReviewUnavailableError):
            await reviewer.review_token("t")
        return [*answers, await reviewer.review_token("t")]

    assert review(api, clock, scenario) == [CALLER, CALLER]
    assert len(api.requests) == 3


def test_with_ttls_of_zero_each_request_is_reviewed(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> None:
        for _ in range(3):
            await reviewer.review_token("t")
            await reviewer.review_access(CALLER, RIGHT)

    review(api, clock, scenario, KUBE_AUTH_YES_TTL_SECONDS=0, KUBE_AUTH_NO_TTL_SECONDS=0)

    assert len(api.requests) == 6


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


@pytest.mark.parametrize(
    ("caller", "right"),
    [
        (CALLER, {"verb": "create"}),
        (CALLER, {"name": "other"}),
        (CALLER, {"namespace": "other"}),
        (CALLER, {"resource": "pods"}),
        (CALLER, {"group": "apps"}),
        (Identity("other", "1", ("g",)), {}),
        (Identity(CALLER.username, "2", ("g",)), {}),
        (Identity(CALLER.username, "1", ("g", "h")), {}),
        (Identity(CALLER.username, "1", ()), {}),
        (Identity(CALLER.username, "1", ("g",), {"scopes": ("a",)}), {}),
    ],
    ids=[
        "verb",
        "name",
        "namespace",
        "resource",
        "group",
        "user",
        "uid",
        "more-groups",
        "fewer-groups",
        "extra",
    ],
)
def test_a_right_is_kept_for_exactly_what_was_asked(
    api: Any, clock: Any, caller: Identity, right: dict[str, str]
) -> None:
    async def scenario(reviewer: Any) -> list[bool]:
        allowed = await reviewer.review_access(CALLER, RIGHT)
        api.access = {"allowed": False}
        return [allowed, await reviewer.review_access(caller, RIGHT | right)]

    assert review(api, clock, scenario) == [True, False]


@pytest.mark.parametrize(
    ("length", "reviews"), [(MAX_CACHED_SPEC - 300, 1), (MAX_CACHED_SPEC, 2)], ids=["kept", "large"]
)
@pytest.mark.parametrize("field", ["groups", "extra"])
def test_the_right_of_an_oversized_identity_is_not_kept(
    api: Any, clock: Any, field: str, length: int, reviews: int
) -> None:
    long = ("x" * length,)
    caller = Identity(
        "caller",
        groups=long if field == "groups" else (),
        extra={"x": long} if field == "extra" else {},
    )

    async def scenario(reviewer: Any) -> list[bool]:
        return [await reviewer.review_access(caller, RIGHT) for _ in range(2)]

    assert review(api, clock, scenario) == [True, True]
    assert len(api.requests) == reviews


def test_a_token_is_kept_nowhere(api: Any, clock: Any) -> None:
    """What a memory dump of an idle service could tell: no token that was reviewed."""

    async def scenario(reviewer: Any) -> list[str]:
        for authenticated in (True, False):
            api.token["authenticated"] = authenticated
            await reviewer.review_token(f"sensitive-token-{authenticated}")
        return [text for text in strings_in(reviewer) if "sensitive-token" in text]

    assert review(api, clock, scenario) == []


@pytest.mark.parametrize("status", [{"authenticated": False}, None], ids=["refused", "accepted"])
def test_a_flood_of_tokens_leaves_a_bounded_number_of_answers(
    api: Any, clock: Any, status: Any
) -> None:
    async def scenario(reviewer: Any) -> tuple[int, int]:
        for number in range(200):
            await reviewer.review_token(f"token-{number}")
        return len(reviewer._identities), len(reviewer._identities._flights)

    api.token = status or api.token

    assert review(api, clock, scenario, KUBE_AUTH_MAX_CACHED=8) == (8, 0)
    assert len(api.requests) == 200


def strings_in(root: Any) -> list[str]:
    """Every text and bytes that can be reached from an object, without the event loop."""
    found, seen, left = [], set(), [root]
    while left:
        item = left.pop()
        if id(item) in seen or isinstance(item, ModuleType | FunctionType | type):
            continue
        seen.add(id(item))
        if isinstance(item, str | bytes):
            found.append(item if isinstance(item, str) else item.decode("latin-1"))
        elif not isinstance(item, asyncio.AbstractEventLoop):
            left.extend(gc.get_referents(item))
    return found


def test_closing_gives_callers_in_flight_an_answer(api: Any, clock: Any) -> None:
    async def scenario(reviewer: Any) -> list[Any]:
        api.gate = asyncio.Event()
        callers = [asyncio.create_task(reviewer.review_token("t")) for _ in range(3)]
        await api.arrived.wait()
        await reviewer.aclose()
        async with asyncio.timeout(10):
            results = await asyncio.gather(*callers, return_exceptions=True)
        api.gate.set()
        return results

    assert [type(result) for result in review(api, clock, scenario)] == [ReviewUnavailableError] * 3


@pytest.mark.parametrize(
    ("prepare", "result"),
    [
        (lambda _: None, "yes"),
        (lambda api: api.token.update(authenticated=False), "no"),
        (lambda api: api.token.update(authenticated=False, error="?"), "unchecked"),
        (lambda api: api.script(403), "error"),
        (lambda api: api.token.update(user=None), "error"),
    ],
    ids=["yes", "no", "unchecked", "refused", "malformed"],
)
def test_each_review_is_counted_by_kind_and_result(
    api: Any, clock: Any, prepare: Any, result: str
) -> None:
    prepare(api)
    before = {key: counter._value.get() for key, counter in REVIEWS.items()}

    async def scenario(reviewer: Any) -> None:
        with suppress(ReviewUnavailableError):
            await reviewer.review_token("t")

    review(api, clock, scenario)

    changed = {key for key, counter in REVIEWS.items() if counter._value.get() != before[key]}
    assert changed == {("token", result)}


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
