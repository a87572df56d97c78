"""Attacks through real ASGI servers, as bytes on a socket.

Each runs under both parsers that uvicorn has, because they hand on different
paths and headers for the same bytes.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from .server import (  # type: ignore[import-not-found] # no package
    GOOD,
    POWERLESS,
    READER,
    exchange,
    guarded_service,
    read_replies,
)

MEBIBYTE = 1_048_576


@pytest.fixture(scope="module", params=["h11", "httptools"])
def running(request: pytest.FixtureRequest) -> Iterator[Any]:
    with guarded_service(request.param) as served:
        yield served


@pytest.fixture
def served(running: Any) -> Any:
    running.forget()
    return running


def test_a_good_token_gets_through(served: Any) -> None:
    assert served.ask(token=GOOD).status == 200
    assert served.ran == ["guarded"]


@pytest.mark.parametrize("target", ["/health", "/health?x=1", "/heal%74h"])
def test_the_exempt_path_needs_no_token(served: Any, target: str) -> None:
    assert served.ask(target).status == 200
    assert served.ran == ["health"]


@pytest.mark.parametrize(
    "target",
    [
        "//health",
        "///health",
        "/health/",
        "/health//",
        "/./health",
        "/health/.",
        "/health/..",
        "/health/../guarded",
        "/x/../health",
        "/x/%2e%2e/health",
        "/health/%2e%2e/guarded",
        "/health%2F..%2Fguarded",
        "/%2Fhealth",
        "/health%2f",
        "/health%00",
        "/health%20",
        "/health%3f",
        "/health;x=1",
        "/health.json",
        "/health%23",
        "/health%0a",
        "/health%c0%af",
        "/health%5c..%5cguarded",
        "/%5chealth",
        "/health\\..\\guarded",
        "/healthy",
        "/health/live",
        "/HEALTH",
        "/Health",
        "/guarded?path=/health",
        "/guarded?/health",
        "/guarded/health",
        "/guarded;/health",
        "health",
        "*",
        "?/health",
    ],
)
def test_what_only_resembles_the_exempt_path_needs_a_token(served: Any, target: str) -> None:
    assert served.ask(target).status in (400, 401)
    assert served.ran == []


@pytest.mark.parametrize(
    "target",
    [
        "http://service/guarded",
        "http://health/guarded",
        "http://service/health/../guarded",
        "http://service/guarded?x=http://service/health",
        "http://service/guarded#/health",
        "/guarded#/health",
        "/guarded%23/health",
        "//service/health",
        "service:443",
        "HTTP://service/guarded",
    ],
)
def test_an_absolute_target_opens_nothing(served: Any, target: str) -> None:
    assert served.ask(target).status in (400, 401)
    assert served.ran == []


@pytest.mark.parametrize("target", ["http://service/health", "/health#/../guarded"])
def test_where_parsers_differ_router_and_decision_see_the_same_path(
    served: Any, target: str
) -> None:
    status = served.ask(target).status

    assert (status, served.ran) in [(200, ["health"]), (401, [])]


def test_an_exempt_path_stays_itself_whatever_its_query(served: Any) -> None:
    query = "?/guarded&path=/guarded;../guarded%2f" * 200

    assert served.ask(f"/health{query}").status == 200
    assert (served.ran, served.reviewer.tokens) == (["health"], [])


@pytest.mark.parametrize(
    "header",
    [
        "Host: service/health?",
        "Host: service/health#",
        "Host: /health",
        "Host: x@service/health",
        "X-Forwarded-Host: service/health?",
        "X-Forwarded-Prefix: /health",
        "X-Forwarded-Uri: /health",
        "X-Forwarded-Path: /health",
        "X-Original-Url: /health",
        "X-Original-Uri: /health",
        "X-Rewrite-Url: /health",
        "X-Script-Name: /health",
        "Forwarded: host=service/health",
        "User-Agent: kube-probe/1.36",
        "User-Agent: GoogleHC/1.0",
        "X-Kubernetes-Probe: true",
    ],
)
def test_no_header_makes_a_path_exempt(served: Any, header: str) -> None:
    assert served.ask("/guarded", header).status in (400, 401)
    assert served.ran == []


@pytest.mark.parametrize(
    "value",
    [f"bearer {GOOD}", f"BEARER {GOOD}", f"bEaReR {GOOD} and more"],
)
def test_the_scheme_is_case_insensitive_and_text_after_the_token_ignored(
    served: Any, value: str
) -> None:
    assert served.ask("/guarded", f"Authorization: {value}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Authorization:"],
        ["Authorization: Bearer"],
        [f"Authorization: Bearer  {GOOD}"],
        [f"Authorization: Bearer\t{GOOD}"],
        [f"Authorization: Basic {GOOD}"],
        [f"Authorization: Token {GOOD}"],
        [f"Authorization: {GOOD}"],
        [f"Authorization: Bearer,{GOOD}"],
        [f"Authorization: Bearer x, Bearer {GOOD}"],
        [f'Authorization: Bearer "{GOOD}"'],
        [f"Authorization: Bearer {GOOD}\u00e4"],
        [f"Authorization: Bearer {GOOD}"] * 2,
        [f"Authorization: Bearer {GOOD}", "Authorization: Bearer x"],
        ["Authorization: Basic x", f"Authorization: Bearer {GOOD}"],
        [f"authorization: Bearer {GOOD}", f"AUTHORIZATION: Bearer {GOOD}"],
        [f"Authorization_: Bearer {GOOD}"],
        [f"Proxy-Authorization: Bearer {GOOD}"],
        [f"X-Authorization: Bearer {GOOD}"],
        [f"Cookie: token={GOOD}"],
    ],
)
def test_whatever_is_not_one_bearer_token_is_401(served: Any, headers: list[str]) -> None:
    reply = served.ask("/guarded", *headers)

    assert reply.status == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["www-authenticate"] == "Bearer"
    assert served.ran == []


def test_a_token_in_the_query_is_no_token(served: Any) -> None:
    assert served.ask(f"/guarded?access_token={GOOD}").status == 401


@pytest.mark.parametrize("target", ["/guarded", "/health"])
def test_claims_of_identity_do_not_reach_the_application(served: Any, target: str) -> None:
    claims = [
        "X-Remote-User: admin",
        "X_Remote_User: admin",
        "X-Remote_Group: system:masters",
        "X-Remote-Extra-Scopes: all",
        "X-Auth-Request-User: admin",
        "X_Auth_Request_User: admin",
        "x-forwarded-user: admin",
        "X_FORWARDED_USER: admin",
        "X-Forwarded-Groups: system:masters",
        "X-WebAuth-User: admin",
        "Remote-User: admin",
        "Impersonate-User: admin",
        "Impersonate_Group: system:masters",
    ]

    assert served.ask(target, *claims, "X-Other: kept", token=GOOD).status == 200

    names = {name for name, _ in served.seen}
    assert names == {"host", "connection", "x-other"}


def test_no_claim_survives_beside_another_of_its_name(served: Any) -> None:
    claims = [
        f"{name}: {value}"
        for name in ("X-Remote-Group", "x_remote-group", "X_REMOTE_GROUP", "X-Remote-Group")
        for value in ("", "system:masters", "a, system:masters")
    ]

    assert served.ask("/guarded", *claims, token=GOOD).status == 200

    assert {name for name, _ in served.seen} == {"host", "connection"}


@pytest.mark.parametrize(
    ("size", "statuses"),
    [(33_000, {431}), (5 * MEBIBYTE, {431, 400})],
    ids=["33KB", "5MB"],
)
@pytest.mark.parametrize("target", ["/guarded", "/health"])
def test_oversized_credentials_are_refused_without_a_review(
    served: Any, target: str, size: int, statuses: set[int]
) -> None:
    reply = served.ask(target, token="x" * size)

    assert reply.status in statuses
    assert (served.ran, served.reviewer.tokens) == ([], [])


def test_many_small_headers_are_refused_like_a_large_one(served: Any) -> None:
    reply = served.ask(
        "/guarded", *(f"X-{number:04}: {'x' * 30}" for number in range(1000)), token=GOOD
    )

    assert reply.status == 431
    assert (served.ran, served.reviewer.tokens) == ([], [])


def test_a_token_beyond_any_real_one_is_refused_without_a_review(served: Any) -> None:
    assert served.ask(token="x" * 20_000).status == 401
    assert served.reviewer.tokens == []


def test_a_known_caller_without_the_right_is_403(served: Any) -> None:
    reply = served.ask(token=POWERLESS)

    assert reply.status == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert served.ran == []


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "DELETE", "PUT", "TRACE", "BREW", "get", "Get"]
)
def test_a_method_that_the_contract_lacks_does_not_reach_the_application(
    served: Any, method: str
) -> None:
    assert served.ask(method=method, token=GOOD).status in (400, 405)
    assert served.ask(method=method).status in (400, 401)
    assert served.ran == []


@pytest.mark.parametrize(
    "header",
    ["X-HTTP-Method-Override: GET", "X-HTTP-Method: GET", "X-Method-Override: GET"],
)
def test_a_method_override_changes_no_verb(served: Any, header: str) -> None:
    reply = served.ask(
        "/guarded?_method=GET", header, "Content-Length: 0", method="POST", token=READER
    )

    assert reply.status == 403
    assert served.ran == []


def test_a_request_behind_an_exempt_one_on_the_same_connection_is_judged(served: Any) -> None:
    pipelined = (
        b"GET /health HTTP/1.1\r\nHost: s\r\n\r\n"
        b"GET /guarded HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n"
    )

    replies = read_replies(exchange(served.port, pipelined))

    assert [reply.status for reply in replies] == [200, 401]
    assert served.ran == ["health"]


def test_a_request_hidden_in_the_body_of_an_exempt_one_is_not_run(served: Any) -> None:
    hidden = f"GET /guarded HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {GOOD}\r\n\r\n".encode()
    head = (
        "POST /health HTTP/1.1\r\nHost: s\r\nConnection: close\r\n"
        f"Content-Length: {len(hidden)}\r\n\r\n"
    )

    assert served.send(head.encode(), hidden).status == 200
    assert served.ran == ["health"]
    assert served.reviewer.tokens == []


def test_a_refusal_does_not_wait_for_the_body(served: Any) -> None:
    reply = served.ask("/guarded", "Content-Length: 1000000000", method="POST")

    assert reply.status == 401


@pytest.mark.parametrize("token", [GOOD, READER], ids=["allowed", "forbidden"])
def test_an_oversized_body_never_reaches_the_application(served: Any, token: str) -> None:
    head = (
        "POST /guarded HTTP/1.1\r\nHost: s\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"200\r\n" + b"x" * 512 + b"\r\n"

    reply = served.send(head.encode(), chunk * 4, b"0\r\n\r\n")

    assert reply.status == (413 if token == GOOD else 403)
    assert reply.headers["content-type"] == "application/problem+json"
    assert served.ran == []


UPGRADE = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]


@pytest.mark.parametrize("target", ["/guarded", "/health"])
@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_a_websocket_is_refused_where_the_server_offers_one(http: str, target: str) -> None:
    with guarded_service(http, ws="websockets-sansio") as served:
        reply = served.ask(target, *UPGRADE, token=GOOD)

    assert reply.status == 403
    assert served.ran == []


def test_an_upgrade_is_an_ordinary_request_where_it_offers_none(served: Any) -> None:
    assert served.ask("/guarded", *UPGRADE[1:]).status == 401
    assert served.ran == []
