"""Protocol: connections as clients have them."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from service_base import protocol as module
from service_base.main import inherited
from service_base.protocol import Protocol
from service_base.requests import RequestMiddleware

MPTCP = 262


class App:
    """Reads a request's body, answers ok, and keeps what it saw."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.last: list[str] = []
        self.waits = asyncio.Event()
        self.waiting = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.paths.append(scope["path"])
        if scope["path"] == "/wait":
            self.waiting.set()
            await self.waits.wait()
        headers = [(b"content-length", b"2")]
        if scope["path"] == "/early":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        while (message := await receive()).get("more_body"):
            pass
        self.last.append(message["type"])
        if scope["path"] != "/early":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(
    listener: socket.socket, app: Any = None, **options: Any
) -> AsyncIterator[uvicorn.Server]:
    """A server on a descriptor as a service inherits it."""
    config = uvicorn.Config(
        app or App(), http=Protocol, lifespan="off", log_config=None, ws="none", **options
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([inherited(os.dup(listener.fileno()))]))
    try:
        yield server
    finally:
        server.should_exit = True
        await running


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"GET / HTTP/1.1\r\nHost: s\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(2)


def listening(protocol: int) -> socket.socket:
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    except OSError:
        pytest.skip("this kernel has no MPTCP")
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@pytest.mark.parametrize("protocol", [socket.IPPROTO_TCP, MPTCP], ids=["tcp", "mptcp"])
def test_answers_over_a_kept_connection_do_not_wait_for_acknowledgements(protocol: int) -> None:
    async def scenario(listener: socket.socket) -> tuple[list[bytes], list[int], float]:
        async with serving(listener) as server:
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            clock = asyncio.get_running_loop().time
            answers, fastest = [], 1.0
            for number in range(30):
                begun = clock()
                answers.append(await ask(reader, writer))
                # The kernel acknowledges the first ones of a connection at once.
                if number >= 20:
                    fastest = min(fastest, clock() - begun)
            options = [
                kept.transport.get_extra_info("socket").getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY
                )
                for kept in server.server_state.connections
            ]
            writer.close()
        return answers, options, fastest

    with listening(protocol) as listener:
        assert listener.proto == protocol
        answers, options, fastest = asyncio.run(scenario(listener))

    assert answers == [b"ok"] * 30
    assert options == [1]
    assert fastest < 0.035


SOON = 0.3
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: s\r\n\r\n"


async def exchange(listener: socket.socket, app: App, *parts: bytes) -> bytes:
    """What a client receives until the server closes, having sent these bytes."""
    async with asyncio.timeout(20), serving(listener, app):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.writelines(parts)
        received = await reader.read()
        writer.close()
    return received


def send(app: App, *parts: bytes) -> bytes:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return asyncio.run(exchange(listener, app, *parts))


def statuses(received: bytes) -> list[int]:
    return [int(rest[:3]) for rest in received.split(b"HTTP/1.1 ")[1:]]


def problem(received: bytes) -> dict[str, Any]:
    head, _, body = received.rpartition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    assert b"connection: close" in head.lower()
    parsed: dict[str, Any] = json.loads(body)
    return parsed


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\ntransfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        b"Transfer-Encoding: identity\r\n\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["both", "both-reversed", "both-empty", "two-lengths", "identity", "twice-chunked"],
)
def test_a_request_whose_end_is_in_doubt_is_refused_and_what_follows_not_read(
    framing: bytes,
) -> None:
    app = App()

    received = send(app, b"POST / HTTP/1.1\r\nHost: s\r\n" + framing + HIDDEN)

    assert statuses(received) == [400]
    assert problem(received)["status"] == 400
    assert app.paths == []


@pytest.mark.parametrize(
    "body",
    [b"5\r\nhelloXX0\r\n\r\n", b"5\r\nhello\n0\r\n\r\n", b"-1\r\n\r\n", b"5;\nhello"],
    ids=["no-end", "bare-newline", "negative", "newline-in-extension"],
)
def test_a_chunk_that_ends_badly_is_refused_and_what_follows_not_read(body: bytes) -> None:
    app = App()
    head = b"POST / HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n"

    received = send(app, head + body + HIDDEN)

    assert statuses(received) == [400]
    assert app.paths in ([], ["/"])
    assert "http.request" not in app.last


def test_an_answer_that_has_begun_is_cut_off_when_its_request_turns_out_bad() -> None:
    app = App()
    head = b"POST /early HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n"

    received = send(app, head, b"5\r\nhello\r\n", b"no chunk" + HIDDEN)

    assert statuses(received) in ([200], [400])
    assert "/hidden" not in app.paths


@pytest.mark.parametrize(
    "begun", [b"GET / HT", b"GET / HTTP/1.1\r\nHost: s\r\nX-Slow: "], ids=["line", "header"]
)
def test_a_head_that_does_not_end_is_given_up(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", SOON)
    app = App()

    received = send(app, begun)

    assert statuses(received) == [408]
    assert problem(received)["detail"] == "the request did not arrive in time"
    assert app.paths == []


def test_a_head_that_trickles_is_given_up_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", SOON)

    async def scenario(listener: socket.socket) -> tuple[bytes, float]:
        async with asyncio.timeout(20), serving(listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            begun = asyncio.get_running_loop().time()
            writer.write(b"GET / HTTP/1.1\r\n")
            received = b""
            while not received:
                writer.write(b"X-Slow: y\r\n")
                with suppress(TimeoutError):
                    received = await asyncio.wait_for(reader.read(100), 0.05)
            took = asyncio.get_running_loop().time() - begun
            writer.close()
        return received, took

    with socket.create_server(("127.0.0.1", 0)) as listener:
        received, took = asyncio.run(scenario(listener))

    assert statuses(received) == [408]
    assert took >= SOON


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", SOON)

    assert send(App()) == b""


def test_a_second_request_on_a_kept_connection_has_the_same_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", SOON)
    app = App()

    async def scenario(listener: socket.socket) -> bytes:
        async with asyncio.timeout(20), serving(listener, app):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            writer.write(HIDDEN)
            received = await reader.readuntil(b"ok")
            writer.write(b"GET /second HTTP/1.1\r\n")
            received += await reader.read()
            writer.close()
        return received

    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert statuses(asyncio.run(scenario(listener))) == [200, 408]
    assert app.paths == ["/hidden"]


def test_a_kept_connection_may_rest_longer_than_a_head_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", SOON)

    async def scenario(listener: socket.socket) -> list[bytes]:
        async with asyncio.timeout(20), serving(listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            answers = [await ask(reader, writer)]
            # A silent connection ends when the time for a head is over.
            silent, other = await asyncio.open_connection(*listener.getsockname())
            await silent.read()
            other.close()
            answers.append(await ask(reader, writer))
            writer.close()
        return answers

    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert asyncio.run(scenario(listener)) == [b"ok", b"ok"]


def test_a_body_that_does_not_come_is_given_up_and_the_application_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", SOON)
    app = App()

    received = send(app, b"POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 9\r\n\r\nabc")

    assert statuses(received) == [408]
    assert app.last == ["http.disconnect"]


def test_a_request_that_waits_when_the_grace_ends_is_503() -> None:
    app = App()

    async def scenario(listener: socket.socket) -> bytes:
        whole = RequestMiddleware(app)
        async with asyncio.timeout(20):
            async with serving(listener, whole, timeout_graceful_shutdown=0):
                reader, writer = await asyncio.open_connection(*listener.getsockname())
                writer.write(b"GET /wait HTTP/1.1\r\nHost: s\r\n\r\n")
                await app.waiting.wait()
            received = await reader.read()
            writer.close()
        return received

    with socket.create_server(("127.0.0.1", 0)) as listener:
        received = asyncio.run(scenario(listener))

    assert statuses(received) == [503]
    assert b"retry-after: 1" in received.lower()
    assert json.loads(received.rpartition(b"\r\n\r\n")[2])["detail"].startswith("the service is st")
