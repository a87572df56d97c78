"""Fakes for what the service depends on."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from holmesgpt_api.settings import Settings

WORKFLOW_ID = "6f1c1b8e-0d0e-4f5f-9a0b-3d2c1e0f9a8b"
WORKFLOW: dict[str, Any] = {
    "workflow_id": WORKFLOW_ID,
    "name": "Increase memory",
    "version": "1.0.0",
    "status": "active",
    "container_image": "registry.example/oom:1.0.0",
    "parameters": {
        "schema": {
            "parameters": [
                {"name": "MEMORY", "type": "string", "required": True, "description": "New limit."}
            ]
        }
    },
}
INCIDENT: dict[str, Any] = {
    "incident_id": "inc-1",
    "remediation_id": "rem-1",
    "signal_type": "OOMKilled",
    "severity": "critical",
    "signal_source": "prometheus",
    "resource_namespace": "shop",
    "resource_kind": "Deployment",
    "resource_name": "cart",
    "error_message": "killed",
    "environment": "staging",
    "priority": "P0",
    "risk_tolerance": "medium",
    "business_category": "standard",
    "cluster_name": "c1",
}


def llm_answer(**changes: Any) -> dict[str, Any]:
    """A usable final answer with some keys changed."""
    return {
        "root_cause_analysis": {
            "summary": "The limit is too low.",
            "severity": "critical",
            "contributing_factors": ["traffic"],
            "affectedResource": {"kind": "Deployment", "name": "cart", "namespace": "shop"},
        },
        "selected_workflow": {
            "workflow_id": WORKFLOW_ID,
            "confidence": 0.9,
            "rationale": "fits",
            "parameters": {"MEMORY": "1Gi"},
        },
        "confidence": 0.9,
        **changes,
    }


def fenced(answer: dict[str, Any]) -> str:
    return f"```json\n{json.dumps(answer)}\n```"


class JsonServer:
    """An HTTP server that records requests and answers with what `answer` returns."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Any]] = []
        self.named: list[tuple[str, str | None]] = []
        self.connections = 0
        self.released = threading.Event()
        self.answer: Any = lambda _path, _body: (404, {})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                outer.connections += 1
                super().setup()

            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                outer.requests.append((self.path, body))
                outer.named.append((self.path, self.headers["x-request-id"]))
                status, content = outer.answer(self.path, body)
                data = json.dumps(content).encode()
                self.send_response(status)
                problem = "problem+json" if status >= 400 else "json"
                self.send_header("content-type", f"application/{problem}")
                if status == 503:
                    self.send_header("retry-after", "7")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _serve  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Clients that give up are part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def bodies(self, path: str) -> list[Any]:
        return [body for asked, body in self.requests if asked == path]

    def request_ids(self, prefix: str) -> list[str | None]:
        return [name for asked, name in self.named if asked.startswith(prefix)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def json_server() -> Iterator[JsonServer]:
    server = JsonServer()
    yield server
    server.close()


@pytest.fixture
def data_storage(json_server: JsonServer) -> JsonServer:
    """DataStorage with one workflow."""

    def answer(path: str, body: Any) -> tuple[int, Any]:
        if path == "/api/v1/workflows/search":
            return 200, {"workflows": [{**WORKFLOW, "confidence": 0.5, "rank": 1}]}
        if path == f"/api/v1/workflows/{WORKFLOW_ID}":
            return 200, WORKFLOW
        if path == "/api/v1/audit/events/batch":
            return 201, {"results": [{"outcome": "stored"} for _ in body]}
        return 404, {}

    json_server.answer = answer
    return json_server


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("secret\n")
    return path


@pytest.fixture
def settings(data_storage: JsonServer, token_file: Path, tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "data_storage_url": data_storage.url,
            "data_storage_token_file": token_file,
            "llm_endpoint": "http://127.0.0.1:1/v1",
            "request_deadline": 5,
            "outbox_path": tmp_path / "outbox",
        }
    )


@pytest.fixture
def environment(data_storage: JsonServer, token_file: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "DATA_STORAGE_URL": data_storage.url,
        "DATA_STORAGE_TOKEN_FILE": str(token_file),
        "LLM_ENDPOINT": "http://llm.invalid/v1",
        "HAPI_OUTBOX_PATH": str(tmp_path / "outbox"),
    }
