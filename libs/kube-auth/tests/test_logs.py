"""No token, body or claim of identity in any log line, whatever is logged how deeply."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from kube_auth import AuthSettings, KubeAuthMiddleware, KubeReviewer
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from service_base.logs import configure_logs
from service_base.requests import RequestMiddleware

from .server import (  # type: ignore[import-not-found] # no package
    AUTHORIZATION,
    ScriptedReviewer,
    Served,
    endpoints,
    serving,
)

TRACE = 5
TOKEN, BODY, CLAIM = "sensitive-token", "sensitive-body", "sensitive-claim"
SERVICE_TOKEN = "sensitive-service-token"
USER = {"username": "caller"}


class Service:
    """The application behind kube-auth, with the fake API server in the same loop."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.served = Served(0, ScriptedReviewer())
        client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
        settings = AuthSettings.model_validate(
            {"KUBE_AUTH_YES_TTL_SECONDS": 0, "KUBE_AUTH_NO_TTL_SECONDS": 0}
        )
        self.reviewer = KubeReviewer(client, settings)
        guarded = KubeAuthMiddleware(
            endpoints(self.served), reviewer=self.reviewer, authorization=AUTHORIZATION
        )
        self.app = RequestMiddleware(guarded, max_body=1000)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        async with self.api:
            self.api.write_kubeconfig(SERVICE_TOKEN)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.reviewer.aclose()
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture
def everything_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every logger at its lowest level, and asyncio in debug mode."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    configure_logs("debug")
    with caplog.at_level(1):
        for name in list(logging.root.manager.loggerDict):
            caplog.set_level(1, logger=name)
        yield


@pytest.mark.usefixtures("everything_logged")
@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_nothing_that_a_request_carries_is_logged(
    api: Any,
    http: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    service = Service(api)
    options = {"log_level": TRACE, "access_log": True, "lifespan": "on"}
    with serving(service, http, **options) as service.served.port:
        statuses = list(requests_of_all_kinds(service, monkeypatch))

    assert statuses == [200, 401, 401, 401, 403, 503, 503, 500, 431, 413, 400]
    output = capfd.readouterr()
    logged = output.out + output.err + caplog.text
    assert logged.count('"event":"request"') == 10
    assert "ASGI" in logged
    assert "sensitive" not in logged


def requests_of_all_kinds(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """One request for each way that it can end, all of them carrying secrets."""
    ask, api = service.served.ask, service.api
    claims = (f"X-Remote-User: {CLAIM}", f"X-Filler: {CLAIM}")
    authorized = {"token": TOKEN, "method": "GET"}
    api.token = {"authenticated": True, "user": USER, "audiences": ["kubernaut"]}
    yield ask("/guarded", *claims, **authorized).status
    api.token = {"authenticated": False, "error": f"{TOKEN} is no token"}
    yield ask("/guarded", *claims, **authorized).status
    yield ask("/guarded", f"Authorization: Basic {TOKEN}").status
    yield ask("/guarded", f"Authorization: Bearer {TOKEN}", f"Authorization: Bearer {TOKEN}").status
    api.token = {"authenticated": True, "user": USER, "audiences": ["kubernaut"]}
    api.access = {"allowed": False, "reason": TOKEN}
    yield ask("/guarded", *claims, **authorized).status
    api.access = {"allowed": True}
    api.script(403, {}, TOKEN)
    yield ask("/guarded", **authorized).status
    api.script(201, {}, f"no json: {TOKEN}")
    yield ask("/guarded", **authorized).status
    with monkeypatch.context() as patch:
        patch.setattr("kube_auth.reviewer.read_status", defect)
        yield ask("/guarded", **authorized).status
    yield ask("/guarded", token=TOKEN * 3000).status
    yield service.served.send(post(BODY * 200)).status
    yield service.served.send(
        f"GET / HTTP/1.1\r\nAuthorization Bearer {TOKEN}\r\n\r\n".encode()
    ).status


def defect(answer: Any) -> Any:
    """A review with a bug whose message quotes what it worked on."""
    raise KeyError(TOKEN, answer)


def post(body: str) -> bytes:
    return (
        "POST /guarded HTTP/1.1\r\nHost: s\r\nConnection: close\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
