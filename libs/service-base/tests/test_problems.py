"""Problem documents of a framework's own errors."""

import asyncio
import json

import pytest
from service_base.problems import problem_handlers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message


class UnusedError(Exception):
    """No validation error."""


async def endpoint(_: Request) -> Response:
    return Response()


APP = Starlette(
    routes=[Route("/x", endpoint, methods=["POST"])],
    exception_handlers=problem_handlers(UnusedError),
)


def ask(method: str, path: str) -> tuple[int, dict[bytes, bytes], dict[str, object]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [],
        "server": ("s", 80),
    }
    asyncio.run(APP(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), json.loads(sent[1]["body"])


def test_another_method_is_told_what_the_path_has() -> None:
    status, headers, body = ask("DELETE", "/x")

    assert (status, headers[b"allow"]) == (405, b"POST")
    assert body["status"] == 405


@pytest.mark.parametrize(("method", "path"), [("POST", "/y"), ("GET", "/")])
def test_another_path_is_a_problem(method: str, path: str) -> None:
    status, headers, body = ask(method, path)

    assert (status, body["status"]) == (404, 404)
    assert headers[b"content-type"] == b"application/problem+json"
