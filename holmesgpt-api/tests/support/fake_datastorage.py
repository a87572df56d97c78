"""A catalogue on a port of the kernel, in memory, that counts what it is asked."""

import json
import threading
import uuid
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

Reply = tuple[int, dict[str, str], Any]


class FakeDataStorage(ThreadingHTTPServer):
    """Answers a create as DataStorage does: 201, 200 or 409."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posts: list[tuple[str, str]] = []
        self.answered: Counter[int] = Counter()
        self.most_at_once = 0
        # Replies that come first, whatever is asked.
        self.scripted: list[Reply] = []
        self._stored: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._at_once = 0
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "FakeDataStorage":
        self._thread.start()
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def begin(self, authorization: str, name: str) -> None:
        """Count a request."""
        with self._lock:
            self.posts.append((authorization, name))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def reply(self, body: dict[str, Any]) -> Reply:
        """Store a workflow, or compare it with what is stored."""
        with self._lock:
            self._at_once -= 1
            if self.scripted:
                return self.scripted.pop(0)
            key = (body["workflow_name"], body["version"])
            status = 200 if key in self._stored else 201
            workflow_id, stored = self._stored.setdefault(key, (str(uuid.uuid4()), body))
            differing = sorted(n for n in stored.keys() | body if stored.get(n) != body.get(n))
            if differing:
                return problem(409, "exists and differs", differing_fields=differing)
            document = body | {"workflow_id": workflow_id}
            return status, {"Content-Type": "application/json"}, document


def problem(status: int, detail: str, retry_after: str | None = None, **more: Any) -> Reply:
    """A problem document."""
    headers = {"Content-Type": "application/problem+json"}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    document = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail}
    return status, headers, document | more


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = cast(FakeDataStorage, self.server)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.begin(self.headers.get("Authorization", ""), body["workflow_name"])
        status, headers, document = server.reply(body)
        server.answered[status] += 1
        text = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # overridden
        pass
