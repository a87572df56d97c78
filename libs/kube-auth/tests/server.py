"""A real ASGI server on a port from the kernel, and a client that sends bytes as they are."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from kube_auth import Authorization, Identity, KubeAuthMiddleware, Operation
from service_base.requests import RequestMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

SECONDS = 20
OBJECT = {"namespace": "ns", "group": "", "resource": "services", "name": "thing"}
AUTHORIZATION = Authorization(
    [
        Operation("GET", "/guarded", {**OBJECT, "verb": "get"}),
        Operation("POST", "/guarded", {**OBJECT, "verb": "create"}),
    ],
    {"/health"},
)
GOOD, READER, POWERLESS = "good-token", "reader-token", "powerless-token"


class ScriptedReviewer:
    """Knows three tokens, and keeps what it was asked."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    async def review_token(self, token: str) -> Identity | None:
        self.tokens.append(token)
        return Identity(token) if token in (GOOD, READER, POWERLESS) else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        return identity.username == GOOD or (
            identity.username == READER and attributes["verb"] == "get"
        )

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        return None


@dataclass(frozen=True)
class Reply:
    """One response; status 0 when the server closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Served:
    """A running service: what was asked of its reviewer, and which endpoints ran."""

    port: int
    reviewer: ScriptedReviewer
    ran: list[str] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def forget(self) -> None:
        """Start a test afresh."""
        self.ran.clear()
        self.seen.clear()
        self.reviewer.tokens.clear()

    def ask(
        self, target: str = "/guarded", *headers: str, method: str = "GET", token: str | None = None
    ) -> Reply:
        """Send one request for a target that is written into it as it is."""
        lines = [f"{method} {target} HTTP/1.1", *headers]
        given = {header.partition(":")[0].lower() for header in headers}
        for name, value in {"Connection": "close", "Host": "service"}.items():
            if name.lower() not in given:
                lines.append(f"{name}: {value}")
        if token is not None:
            lines.append(f"Authorization: Bearer {token}")
        return self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def send(self, *parts: bytes) -> Reply:
        """Send bytes on one connection and read what comes back until it closes."""
        return read_replies(exchange(self.port, *parts))[0]


def exchange(port: int, *parts: bytes) -> bytes:
    """Everything that the server sends until it closes."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        # A server may answer and close before it has read everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                connection.sendall(part)
        with suppress(ConnectionResetError):
            while data := connection.recv(65_536):
                received += data
    return received


def read_replies(data: bytes) -> list[Reply]:
    """The responses in a stream, each with a Content-Length or up to the end."""
    replies = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in fields}
        length = int(headers.get("content-length", len(rest)))
        replies.append(Reply(int(first.split(" ")[1]), headers, rest[:length]))
        data = rest[length:]
    return replies or [Reply(0, {}, b"")]


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def serving(app: Any, http: str, **options: Any) -> Iterator[int]:
    """Run an application under uvicorn in a thread; gives the port."""
    values: dict[str, Any] = {"log_config": None, "access_log": False, "ws": "none", **options}
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, http=http, **values))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.up.wait(SECONDS), "uvicorn did not start"
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive(), "uvicorn did not stop"


@contextmanager
def guarded_service(http: str, **options: Any) -> Iterator[Served]:
    """A service as ours are put together: request middleware, kube-auth, router."""
    reviewer = ScriptedReviewer()
    served = Served(0, reviewer)
    guarded = KubeAuthMiddleware(endpoints(served), reviewer=reviewer, authorization=AUTHORIZATION)
    with serving(RequestMiddleware(guarded, max_body=1000), http, **options) as served.port:
        yield served


def endpoints(served: Served) -> Any:
    """One exempt endpoint, a guarded one, and a guarded one for everything else."""

    def endpoint(name: str) -> Any:
        async def run(request: Request) -> Response:
            await request.body()
            served.ran.append(name)
            served.seen.extend(request.headers.items())
            return JSONResponse({"ran": name})

        return run

    methods = ["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH", "TRACE"]
    paths = {"health": "/health", "guarded": "/guarded", "anything": "/{path:path}"}
    routes = [Route(path, endpoint(name), methods=methods) for name, path in paths.items()]
    return Router(routes, redirect_slashes=False)
