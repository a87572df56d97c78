"""RequestMiddleware: request ids, log lines, limits and the last boundary."""

import asyncio
import json
from typing import Any

import pytest
from service_base.logs import configure_logs
from service_base.requests import Receive, RequestMiddleware, Scope, Send
from structlog.testing import CapturingLogger


class Recorder:
    """Collects what an application sends."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def send(self, message: Any) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])


async def ok(_: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("secret detail")


def call(
    app: Any, headers: list[tuple[bytes, bytes]], body: bytes = b"", path: str = "/x"
) -> Recorder:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    recorder = Recorder()
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    asyncio.run(app(scope, receive, recorder.send))
    return recorder


def test_a_well_formed_request_id_is_kept() -> None:
    answer = call(RequestMiddleware(ok), [(b"x-request-id", b"run-1.a_b")])

    assert answer.headers[b"x-request-id"] == b"run-1.a_b"


@pytest.mark.parametrize("value", [b"a\nb", b"", b"x" * 129], ids=["newline", "empty", "long"])
def test_another_request_id_is_replaced(value: bytes) -> None:
    answer = call(RequestMiddleware(ok), [(b"x-request-id", value)])

    assert answer.headers[b"x-request-id"] != value


def test_a_body_over_the_limit_is_a_413_problem() -> None:
    answer = call(RequestMiddleware(ok, max_body=10), [], b"x" * 11)

    assert answer.status == 413
    assert answer.headers[b"content-type"] == b"application/problem+json"


def test_an_unhandled_error_is_a_500_problem_without_its_detail() -> None:
    answer = call(RequestMiddleware(broken), [])

    assert answer.status == 500
    assert b"secret detail" not in answer.messages[1]["body"]


def test_each_request_is_one_compact_log_line(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")

    call(RequestMiddleware(ok), [])

    lines = [line for line in capfd.readouterr().err.splitlines() if '"request":' in line]
    assert len(lines) == 1
    assert '"request":"GET /x"' in lines[0]
    assert json.loads(lines[0])["status"] == 200


@pytest.mark.parametrize(("path", "level"), [("/health/ready", "debug"), ("/x", "info")])
def test_probes_are_for_debugging_only(
    monkeypatch: pytest.MonkeyPatch, path: str, level: str
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("service_base.requests.log", log)

    call(RequestMiddleware(ok), [], path=path)

    assert [call.method_name for call in log.calls] == [level]


async def mistakes_the_error_for_another(_: Scope, receive: Receive, send: Send) -> None:
    try:
        await receive()
    except Exception:
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"There was an error"})


async def answers_before_it_reads(_: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await receive()
    await send({"type": "http.response.body", "body": b"whole"})


def test_a_body_over_the_limit_is_413_whatever_the_application_makes_of_it() -> None:
    answer = call(RequestMiddleware(mistakes_the_error_for_another, max_body=10), [], b"x" * 11)

    assert [message["type"] for message in answer.messages] == [
        "http.response.start",
        "http.response.body",
    ]
    assert answer.status == 413


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    answer = call(RequestMiddleware(answers_before_it_reads, max_body=10), [], b"x" * 11)

    assert [message["type"] for message in answer.messages] == ["http.response.start"]
    assert answer.status == 200


def test_a_failure_after_the_answer_began_sends_nothing_more() -> None:
    async def fails(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    assert len(call(RequestMiddleware(fails), []).messages) == 1


def test_a_request_that_is_cancelled_is_answered_and_stays_cancelled() -> None:
    recorder = Recorder()

    async def scenario() -> None:
        waiting = asyncio.Event()

        async def waits(_: Scope, __: Receive, ___: Send) -> None:
            waiting.set()
            await asyncio.Event().wait()

        async def receive() -> Any:
            return {"type": "http.request"}

        scope = {"type": "http", "method": "GET", "path": "/x", "headers": []}
        request = asyncio.create_task(RequestMiddleware(waits)(scope, receive, recorder.send))
        await waiting.wait()
        request.cancel()
        await request

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())
    assert recorder.status == 503
    assert recorder.headers[b"retry-after"] == b"1"
