"""The decision log, and report mode."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from kube_auth import AuthSettings, KubeAuthMiddleware, KubeReviewer

from .server import AUTHORIZATION  # type: ignore[import-not-found] # no package

TOKEN = "sensitive-token"
BEARER = (b"authorization", f"Bearer {TOKEN}".encode())
ID = "authentication.kubernetes.io/credential-id"
USER = {"username": "caller", "groups": ["g"], "extra": {ID: ["JTI=one"], "x": ["sensitive-extra"]}}
Call = Callable[..., list[Any]]


class ScriptedClient:
    """Answers at once with the statuses it is given."""

    def __init__(self) -> None:
        self.token: Any = {"authenticated": True, "user": USER, "audiences": ["kubernaut"]}
        self.access: Any = {"allowed": True}
        self.broken = False

    async def create(self, path: str, _: Any) -> dict[str, Any]:
        if self.broken:
            raise KeyError(TOKEN)
        return {"status": self.token if path.endswith("tokenreviews") else self.access}

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        return None


class FakeApp:
    """Keeps the scopes that reached it."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def client() -> ScriptedClient:
    return ScriptedClient()


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


def guard(app: FakeApp, client: ScriptedClient, **env: str) -> KubeAuthMiddleware:
    settings = AuthSettings.model_validate({"KUBE_AUTH_MODE": "enforce", **env})
    reviewer = KubeReviewer(client, settings)
    return KubeAuthMiddleware(
        app, reviewer=reviewer, authorization=AUTHORIZATION, settings=settings
    )


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, Any]]]:
    """Level and fields of each decision."""
    names = ("username", "credential_id", "operation", "right", "allowed", "result", "cached")
    return [
        (record.levelname, {name: getattr(record, name) for name in (*names, "request_id")})
        for record in caplog.records
        if record.name == "kube_auth.decisions"
    ]


@pytest.fixture(autouse=True)
def _everything_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    caplog.set_level(1, logger="kube_auth")


def test_a_decision_tells_who_what_and_whether_it_was_kept(
    call: Call, app: FakeApp, client: ScriptedClient, caplog: pytest.LogCaptureFixture
) -> None:
    guarded = guard(app, client)

    for _ in range(2):
        call(guarded, path="/guarded", method="POST", headers=[BEARER], state={"request_id": "r"})

    told = {
        "username": "caller",
        "credential_id": "JTI=one",
        "operation": "POST /guarded",
        "right": "create services/thing",
        "allowed": True,
        "result": "allowed",
        "request_id": "r",
    }
    assert lines(caplog) == [
        ("INFO", {**told, "cached": False}),
        ("DEBUG", {**told, "cached": True}),
    ]


def test_a_refusal_tells_as_much_as_was_found_out(
    call: Call, app: FakeApp, client: ScriptedClient, caplog: pytest.LogCaptureFixture
) -> None:
    guarded = guard(app, client)
    client.access = {"allowed": False}
    call(guarded, path="/guarded", headers=[BEARER])
    call(guarded, path="/hidden", headers=[BEARER])
    call(guarded, path="/guarded")

    forbidden, missing, nobody = (fields for _, fields in lines(caplog))
    assert (forbidden["username"], forbidden["right"]) == ("caller", "get services/thing")
    assert (forbidden["allowed"], forbidden["result"]) == (False, "forbidden")
    assert (missing["username"], missing["operation"]) == ("caller", None)
    assert missing["result"] == "not_found"
    assert (nobody["username"], nobody["result"]) == (None, "unauthorized")


def test_no_secret_is_in_any_line(
    call: Call, app: FakeApp, client: ScriptedClient, caplog: pytest.LogCaptureFixture
) -> None:
    for mode in ("enforce", "report"):
        guarded = guard(app, client, KUBE_AUTH_MODE=mode)
        call(guarded, path="/guarded", headers=[BEARER, (b"x-remote-user", b"sensitive-claim")])
        call(guarded, path="/sensitive-path", headers=[BEARER])

    assert len(lines(caplog)) == 4
    assert "sensitive" not in repr([vars(record) for record in caplog.records])


@pytest.mark.parametrize("refused", ["unauthorized", "forbidden", "not_found", "unavailable"])
def test_report_mode_logs_the_refusal_and_lets_through(
    call: Call, app: FakeApp, client: ScriptedClient, caplog: pytest.LogCaptureFixture, refused: str
) -> None:
    guarded = guard(app, client, KUBE_AUTH_MODE="report")
    if refused == "unauthorized":
        client.token = {"authenticated": False}
    if refused == "unavailable":
        client.token = "no mapping"
    client.access = {"allowed": False}

    sent = call(
        guarded,
        path="/hidden" if refused == "not_found" else "/guarded",
        headers=[BEARER, (b"x-remote-user", b"admin")],
    )

    assert sent[0]["status"] == 200
    [(level, fields)] = lines(caplog)
    assert (level, fields["allowed"], fields["result"]) == ("INFO", False, refused)
    assert app.scopes[0]["headers"] == []
    known = "identity" in app.scopes[0]["state"]
    assert known == (refused in ("forbidden", "not_found"))


def test_report_mode_lets_through_without_a_token_and_with_a_defect(
    call: Call, app: FakeApp, client: ScriptedClient
) -> None:
    guarded = guard(app, client, KUBE_AUTH_MODE="report")
    client.broken = True

    assert call(guarded, path="/guarded")[0]["status"] == 200
    assert call(guarded, path="/guarded", headers=[BEARER])[0]["status"] == 200
    assert ["identity" in scope["state"] for scope in app.scopes] == [False, False]


def test_report_mode_is_told_at_start(
    app: FakeApp, client: ScriptedClient, caplog: pytest.LogCaptureFixture
) -> None:
    guard(app, client)
    assert caplog.records == []

    guard(app, client, KUBE_AUTH_MODE="report")

    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_report_mode_still_bounds_headers(call: Call, app: FakeApp, client: ScriptedClient) -> None:
    guarded = guard(app, client, KUBE_AUTH_MODE="report")

    sent = call(guarded, path="/guarded", headers=[BEARER, (b"x", b"x" * 40_000)])

    assert sent[0]["status"] == 431
    assert app.scopes == []
