"""A fake API server over HTTP, a fake clock, and a way to call an ASGI application."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

USER = {"username": "system:serviceaccount:ns:caller", "uid": "1", "groups": ["g"]}


class FakeAPI:
    """Answers reviews, scripted answers first, and keeps what it was sent."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self.token: Any = {"authenticated": True, "user": USER, "audiences": ["kubernaut"]}
        self.access: Any = {"allowed": True}
        # Whether this service may create each kind of review itself.
        self.own: dict[str, Any] = {"tokenreviews": True, "subjectaccessreviews": True}
        self.scripted: list[tuple[int, dict[str, str], str]] = []
        self.requests: list[tuple[str, dict[str, Any], str]] = []
        self.self_reviews: list[str] = []
        self.gate: asyncio.Event | None = None
        self.arrived = asyncio.Event()
        self.tls: ssl.SSLContext | None = None
        self.url = ""
        self._runner: web.AppRunner | None = None

    def script(self, status: int, headers: dict[str, str] | None = None, text: str = "") -> None:
        self.scripted.append((status, headers or {}, text))

    def write_kubeconfig(self, token: str, **cluster: str) -> None:
        document = {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
            "clusters": [{"name": "k", "cluster": {"server": self.url, **cluster}}],
            "users": [{"name": "u", "user": {"token": token}}],
        }
        partial = self.kubeconfig.with_suffix(".new")
        partial.write_text(yaml.safe_dump(document))
        partial.replace(self.kubeconfig)

    async def __aenter__(self) -> "FakeAPI":
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.tls).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{'https' if self.tls else 'http'}://{host}:{port}"
        self.write_kubeconfig("service-token")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["kind"] == "SelfSubjectAccessReview":
            return await self._answer_self(body)
        self.requests.append((request.path, body, request.headers.get("Authorization", "")))
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.scripted:
            status, headers, text = self.scripted.pop(0)
            return web.Response(status=status, headers=headers, text=text)
        status_of = self.token if body["kind"] == "TokenReview" else self.access
        return web.json_response({**body, "status": status_of}, status=201)

    async def _answer_self(self, body: dict[str, Any]) -> web.Response:
        resource = body["spec"]["resourceAttributes"]["resource"]
        self.self_reviews.append(resource)
        if self.gate is not None:
            await self.gate.wait()
        allowed = self.own[resource]
        if isinstance(allowed, int) and not isinstance(allowed, bool):
            return web.Response(status=allowed)
        return web.json_response({**body, "status": {"allowed": allowed}}, status=201)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def api(tmp_path: Path) -> FakeAPI:
    return FakeAPI(tmp_path / "kubeconfig")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def call() -> Callable[..., list[Any]]:
    """Calls an ASGI application once and returns what it sent."""

    def run(app: Any, **scope: Any) -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        whole = {"type": "http", "method": "GET", "path": "/x", "headers": [], **scope}
        asyncio.run(app(whole, receive, send))
        return sent

    return run
