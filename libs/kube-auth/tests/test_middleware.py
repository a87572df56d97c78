"""KubeAuthMiddleware: who gets through, and what the application sees."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kube_auth import (
    Authorization,
    AuthSettings,
    Identity,
    KubeAuthMiddleware,
    Operation,
    ReviewUnavailableError,
)
from kube_auth.bearer import MAX_TOKEN_BYTES
from kube_auth.metrics import REQUESTS
from kube_auth.middleware import MAX_HEADER_BYTES
from service_base.logs import configure_logs

TOKEN = "sensitive-token"
BEARER = (b"authorization", b"Bearer " + TOKEN.encode())
OBJECT = {"namespace": "ns", "group": "", "resource": "services", "name": "thing"}
AUTHORIZATION = Authorization(
    [
        Operation("GET", "/x", {**OBJECT, "verb": "get"}),
        Operation("POST", "/x", {**OBJECT, "verb": "create"}),
    ],
    {"/health"},
)
IDENTITY = Identity("caller")
Call = Callable[..., list[Any]]


class FakeReviewer:
    """Knows one token; `error` is raised instead of an answer."""

    def __init__(self) -> None:
        self.allowed = True
        self.error: Exception | None = None
        self.access_error: Exception | None = None
        self.tokens: list[str] = []
        self.asked: list[Mapping[str, str]] = []

    async def review_token(self, token: str) -> Identity | None:
        self.tokens.append(token)
        if self.error is not None:
            raise self.error
        return IDENTITY if token == TOKEN else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        assert identity is IDENTITY
        if self.access_error is not None:
            raise self.access_error
        self.asked.append(attributes)
        return self.allowed

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        return None


class FakeApp:
    """Keeps the scopes that reached it and answers 200."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def reviewer() -> FakeReviewer:
    return FakeReviewer()


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
def guarded(app: FakeApp, reviewer: FakeReviewer) -> KubeAuthMiddleware:
    return KubeAuthMiddleware(app, reviewer=reviewer, authorization=AUTHORIZATION)


def problem(sent: list[Any]) -> tuple[int, dict[bytes, bytes], dict[str, Any]]:
    start, body = sent
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"application/problem+json"
    return start["status"], headers, json.loads(body["body"])


def test_an_allowed_request_carries_its_identity(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer
) -> None:
    sent = call(guarded, method="POST", headers=[BEARER])

    assert sent[0]["status"] == 200
    assert app.scopes[0]["state"]["identity"] is IDENTITY
    assert reviewer.asked == [{**OBJECT, "verb": "create"}]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Basic " + TOKEN.encode())],
        [(b"authorization", b"Bearer  " + TOKEN.encode())],
        [(b"authorization", b"Bearer other")],
        [BEARER, BEARER],
    ],
    ids=["none", "basic", "two-spaces", "unknown", "duplicate"],
)
def test_a_request_without_a_valid_token_is_401(
    call: Call, guarded: Any, app: FakeApp, headers: Any
) -> None:
    status, answered, body = problem(call(guarded, headers=headers))

    assert (status, body["status"]) == (401, 401)
    assert answered[b"www-authenticate"] == b"Bearer"
    assert body["type"].endswith("/unauthorized")
    assert app.scopes == []


def test_a_caller_without_the_right_is_403(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer
) -> None:
    reviewer.allowed = False

    status, _, body = problem(call(guarded, headers=[BEARER]))

    assert (status, body["type"].rpartition("/")[2]) == (403, "forbidden")
    assert app.scopes == []


@pytest.mark.parametrize("method", ["DELETE", "HEAD", "OPTIONS", "BREW", "get"])
def test_a_method_that_the_contract_lacks_is_405_and_never_handed_on(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer, method: str
) -> None:
    status, headers, body = problem(call(guarded, method=method, headers=[BEARER]))

    assert (status, headers[b"allow"]) == (405, b"GET, POST")
    assert body["type"].endswith("/method-not-allowed")
    assert (reviewer.asked, app.scopes) == ([], [])


def test_a_path_that_the_contract_lacks_is_404_and_never_handed_on(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer
) -> None:
    status, headers, body = problem(call(guarded, path="/hidden", headers=[BEARER]))

    assert (status, body["type"].rpartition("/")[2]) == (404, "not-found")
    assert b"allow" not in headers
    assert (reviewer.asked, app.scopes) == ([], [])


@pytest.mark.parametrize("scope", [{"method": "BREW"}, {"path": "/hidden"}])
def test_what_the_contract_has_is_not_told_to_strangers(
    call: Call, guarded: Any, scope: dict[str, str]
) -> None:
    assert problem(call(guarded, **scope))[0] == 401
    other = [(b"authorization", b"Bearer other")]
    assert problem(call(guarded, headers=other, **scope))[0] == 401


def test_an_undecided_request_is_503_with_whole_seconds(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer
) -> None:
    reviewer.error = ReviewUnavailableError("down", 5)

    status, headers, body = problem(call(guarded, headers=[BEARER]))

    assert (status, headers[b"retry-after"]) == (503, b"5")
    assert body["type"].endswith("/service-unavailable")
    assert app.scopes == []


def test_an_exempt_path_needs_no_token(call: Call, guarded: Any) -> None:
    assert call(guarded, path="/health")[0]["status"] == 200


@pytest.mark.parametrize(
    "path",
    ["/health/", "//health", "/x/../health", "/health/..", "/healthy", "/health/x", "/HEALTH", ""],
)
def test_what_only_resembles_an_exempt_path_needs_a_token(
    call: Call, guarded: Any, path: str
) -> None:
    assert problem(call(guarded, path=path))[0] == 401


@pytest.mark.parametrize("header", [b"host", b"x-forwarded-host", b"x-original-url"])
def test_a_header_does_not_make_a_path_exempt(call: Call, guarded: Any, header: bytes) -> None:
    headers = [(header, b"example/health?"), (b"x-rewrite-url", b"/health")]

    assert problem(call(guarded, headers=headers, raw_path=b"/health"))[0] == 401


@pytest.mark.parametrize("path", ["/x", "/health"], ids=["guarded", "exempt"])
def test_neither_credentials_nor_claims_reach_the_application(
    call: Call, guarded: Any, app: FakeApp, path: str
) -> None:
    headers = [(b"x_remote_user", b"admin"), BEARER, (b"accept", b"*/*")]

    call(guarded, path=path, headers=headers)

    assert app.scopes[0]["headers"] == [(b"accept", b"*/*")]


def test_what_the_review_leaves_empty_is_not_filled_by_the_client(
    call: Call, guarded: Any, app: FakeApp
) -> None:
    claims = [(b"x-remote-group", b"admins"), (b"x-remote-extra-scopes", b"all")]

    call(guarded, headers=[BEARER, *claims])

    identity = app.scopes[0]["state"]["identity"]
    assert (identity.groups, identity.uid, dict(identity.extra)) == ((), "", {})
    assert app.scopes[0]["headers"] == []


@pytest.mark.parametrize("path", ["/x", "/health"], ids=["guarded", "exempt"])
def test_oversized_headers_are_refused_without_a_review(
    call: Call, guarded: Any, app: FakeApp, reviewer: FakeReviewer, path: str
) -> None:
    sent = call(guarded, path=path, headers=[BEARER, (b"x-filler", b"x" * MAX_HEADER_BYTES)])

    assert problem(sent)[0] == 431
    assert app.scopes == []
    assert reviewer.tokens == []


def test_an_oversized_token_is_refused_without_a_review(
    call: Call, guarded: Any, reviewer: FakeReviewer
) -> None:
    headers = [(b"authorization", b"Bearer " + b"x" * (MAX_TOKEN_BYTES + 1))]

    assert problem(call(guarded, headers=headers))[0] == 401
    assert reviewer.tokens == []


@pytest.mark.parametrize("failing", ["token", "access"])
def test_a_defect_in_a_review_is_500_and_tells_its_place_but_not_its_text(
    call: Call,
    guarded: Any,
    app: FakeApp,
    reviewer: FakeReviewer,
    failing: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logs("debug")
    setattr(reviewer, "error" if failing == "token" else "access_error", KeyError(TOKEN))

    status, _, body = problem(call(guarded, headers=[BEARER]))

    output = capfd.readouterr().err
    assert (status, body["type"].rpartition("/")[2]) == (500, "internal-error")
    assert app.scopes == []
    assert '"error":"KeyError"' in output
    assert "test_middleware.py" in output
    assert TOKEN not in output + json.dumps(body)


def test_each_request_is_counted_by_its_decision(
    call: Call, guarded: Any, reviewer: FakeReviewer
) -> None:
    before = {result: counter.count for result, counter in REQUESTS.items()}

    call(guarded, headers=[BEARER])
    call(guarded, path="/health")
    call(guarded)
    call(guarded, method="DELETE", headers=[BEARER])
    reviewer.allowed = False
    call(guarded, headers=[BEARER])
    call(guarded, headers=[BEARER, (b"x", b"x" * MAX_HEADER_BYTES)])
    reviewer.error = ReviewUnavailableError("down")
    call(guarded, headers=[BEARER])
    reviewer.error = ZeroDivisionError()
    call(guarded, headers=[BEARER])

    assert {result: counter.count - before[result] for result, counter in REQUESTS.items()} == (
        dict.fromkeys(REQUESTS, 1)
    )


def test_a_websocket_is_closed(call: Call, guarded: Any, app: FakeApp) -> None:
    sent = call(guarded, type="websocket", path="/health", headers=[BEARER])

    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert app.scopes == []


def test_lifespan_passes(call: Call, guarded: Any, app: FakeApp) -> None:
    call(guarded, type="lifespan")

    assert len(app.scopes) == 1


def test_a_refusal_carries_path_and_request_id(call: Call, guarded: Any) -> None:
    _, _, body = problem(call(guarded, path="/a/b", state={"request_id": "r-1"}))

    assert (body["instance"], body["request_id"]) == ("/a/b", "r-1")


def test_the_token_is_never_logged_nor_answered(
    call: Call, guarded: Any, reviewer: FakeReviewer, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logs("debug")
    sent = call(guarded, headers=[BEARER])
    reviewer.allowed = False
    sent += call(guarded, headers=[BEARER])
    reviewer.error = ReviewUnavailableError("down")
    sent += call(guarded, headers=[BEARER])

    output = capfd.readouterr()
    assert '"event":"review unavailable"' in output.err
    assert TOKEN not in output.out + output.err + repr(sent)


class Exchange:
    """Requests that run beside each other, and what was sent for each."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def ask(self, token: bytes, sent: list[Any]) -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"authorization", b"Bearer " + token)]
        scope = {"type": "http", "method": "GET", "path": "/x", "headers": headers}
        await self._app(scope, None, send)


async def turns() -> None:
    """Let every task go on until it waits for something else than a turn."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_good_callers_are_served_while_refused_ones_wait_their_turn(
    app: FakeApp, reviewer: FakeReviewer
) -> None:
    settings = AuthSettings.model_validate({"KUBE_AUTH_REFUSALS_PER_SECOND": 10})
    guarded = KubeAuthMiddleware(
        app, reviewer=reviewer, authorization=AUTHORIZATION, settings=settings
    )

    async def scenario() -> tuple[int, int, list[Any]]:
        exchange = Exchange(guarded)
        refused: list[list[Any]] = [[] for _ in range(200)]
        flood = [asyncio.create_task(exchange.ask(b"unknown", sent)) for sent in refused]
        await turns()
        good: list[Any] = []
        await exchange.ask(TOKEN.encode(), good)
        at_once = sum(map(bool, refused))
        for waiting in flood:
            waiting.cancel()
        await asyncio.wait(flood)
        return at_once, sum(map(bool, refused)), good

    at_once, in_the_end, good = asyncio.run(scenario())

    assert good[0]["status"] == 200
    # A second's worth, and what came due while the test ran.
    assert 10 <= at_once < 100
    assert in_the_end == 200


def test_a_caller_whose_review_the_server_no_longer_waits_for_is_503(
    app: FakeApp, reviewer: FakeReviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: str) -> Identity | None:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(reviewer, "review_token", never)
    guarded = KubeAuthMiddleware(app, reviewer=reviewer, authorization=AUTHORIZATION)
    sent: list[Any] = []

    async def scenario() -> None:
        waiting = asyncio.create_task(Exchange(guarded).ask(b"t", sent))
        await turns()
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())
    status, headers, _ = problem(sent)
    assert (status, headers[b"retry-after"]) == (503, b"1")
    assert app.scopes == []
