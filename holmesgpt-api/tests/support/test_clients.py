"""The clients: bounded, without retries, and with the suite's own token."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from clients import DataStorage, Hapi, Service, ServiceDownError, incident, recovery, request_prefix


class FakeService(ThreadingHTTPServer):
    """Answers everything alike and remembers the requests."""

    # Threads of requests must not outlive the test that asked.
    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body = 200, b"{}"
        self.seen: list[tuple[str, str]] = []
        self.request_ids: list[str | None] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeService

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization", "")))
        self.server.request_ids.append(self.headers.get("X-Request-Id"))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.server.status)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_GET  # noqa: N815 # the base class looks it up by this name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # overridden
        pass


@pytest.fixture
def fake() -> Iterator[FakeService]:
    """A service that listens."""
    with FakeService() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_every_request_carries_the_suites_token(
    fake: FakeService, token_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    service = Service(fake.url, token_file)

    service.get("/a", since="24h")
    service.post("/b", {})
    service.close()

    assert fake.seen == [("/a?since=24h", "Bearer secret"), ("/b", "Bearer secret")]


def test_a_request_leads_to_its_test(
    fake: FakeService,
    token_file: Path,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = Service(fake.url, token_file)

    with caplog.at_level("INFO", logger="clients"):
        service.get("/a")
        service.post("/b", {})
    service.close()

    first, second = fake.request_ids
    assert first is not None
    assert first.startswith(request_prefix(request.node.nodeid))
    assert second not in (None, first)
    assert [record.getMessage() for record in caplog.records] == [
        f"GET /a is request {first}",
        f"request {first}: 200",
        f"POST /b is request {second}",
        f"request {second}: 200",
    ]


def test_the_prefix_is_the_one_that_must_gather_looks_for() -> None:
    assert request_prefix("tests/a.py::test_a[x]") == "fa14f010f664-"


def test_a_request_outside_of_a_test_has_no_id(
    fake: FakeService, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    service = Service(fake.url, token_file)

    service.get("/a")
    service.close()

    assert fake.request_ids == [None]


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_refusal_is_returned_after_one_request(
    fake: FakeService, token_file: Path, status: int
) -> None:
    fake.status = status
    service = Service(fake.url, token_file)

    answer = service.post("/a", {})
    service.close()

    assert answer.status_code == status
    assert len(fake.seen) == 1


def test_a_service_that_does_not_answer_is_given_up(token_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = Service(url, token_file, read_seconds=0.05)

        with pytest.raises(requests.ReadTimeout):
            service.get("/a")
        service.close()


def test_a_connection_that_is_not_accepted_is_given_up(
    token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def connect(_: object, timeout: float, *__: object, **___: object) -> None:
        asked.append(timeout)
        raise TimeoutError

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    service = Service("http://service.example", token_file, connect_seconds=0.25)

    with pytest.raises(requests.ConnectTimeout):
        service.get("/a")
    service.close()

    assert asked == [0.25]


def test_a_service_that_is_down_is_told_in_one_line(token_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    service = Service(url, token_file)

    with pytest.raises(ServiceDownError) as caught:
        service.post("/a", {})
    service.close()

    assert str(caught.value) == f"POST {url}/a: [Errno 111] Connection refused"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("status", [201, 400, 500])
def test_an_analysis_that_is_not_200_fails_the_test_with_the_answer(
    fake: FakeService, token_file: Path, status: int
) -> None:
    fake.status, fake.body = status, b'{"detail": "what happened"}'
    hapi = Hapi(fake.url, token_file)

    with pytest.raises(AssertionError, match=f"{status}: .*what happened"):
        hapi.analyze_incident(incident("OOMKilled"))
    hapi.close()


def test_events_of_other_services_are_left_out_and_the_oldest_is_first(
    fake: FakeService, token_file: Path
) -> None:
    events = [
        {"event_type": "llm_response", "event_category": "aiagent"},
        {"event_type": "datastorage.audit.written", "event_category": "workflow"},
        {"event_type": "llm_request", "event_category": "aiagent"},
    ]
    fake.body = json.dumps({"data": events}).encode()
    datastorage = DataStorage(fake.url, token_file)

    found = datastorage.await_events("rem-1", {"llm_request", "llm_response"})
    datastorage.close()

    assert [event["event_type"] for event in found] == ["llm_request", "llm_response"]
    assert fake.seen == [("/api/v1/audit/events?correlation_id=rem-1", "Bearer secret")]


def test_waiting_for_events_ends_with_what_is_missing_and_what_is_there(
    fake: FakeService, token_file: Path
) -> None:
    fake.body = b'{"data": [{"event_type": "llm_request", "event_category": "aiagent"}]}'
    datastorage = DataStorage(fake.url, token_file)

    with pytest.raises(AssertionError, match=r"no \['llm_response'\], only \['llm_request'\]"):
        datastorage.await_events("rem-1", {"llm_request", "llm_response"}, limit_seconds=0.1)
    datastorage.close()

    assert len(fake.seen) > 1


def test_no_two_requests_share_an_id() -> None:
    made = [make("OOMKilled") for make in (incident, recovery) for _ in range(20)]

    for name in ("incident_id", "remediation_id"):
        assert len({request[name] for request in made}) == len(made)
