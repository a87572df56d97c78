"""Small typed clients of the services under test.

They never retry: a retry would hide the 401 and 503 that these tests are about.
Each request has an id that leads from the services' logs to the test.
"""

import hashlib
import itertools
import logging
import os
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import requests

# HAPI's own deadline is 60 seconds, and its answer to that is of interest.
CONNECT_SECONDS, READ_SECONDS = 5.0, 70.0
POLL_SECONDS = 0.05

log = logging.getLogger("clients")
numbers = itertools.count(1)


def request_prefix(nodeid: str) -> str:
    """How the ids of a test's requests begin; must-gather looks for it."""
    return hashlib.sha256(nodeid.encode()).hexdigest()[:12] + "-"


def next_request_id() -> str | None:
    """The next request's id; None outside of a test."""
    nodeid = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    return f"{request_prefix(nodeid)}{next(numbers)}" if nodeid else None


class ServiceDownError(Exception):
    """The service took no connection, or broke it off."""


class Service:
    """One service, called with the suite's token."""

    def __init__(
        self,
        url: str,
        token_file: Path,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = (connect_seconds, read_seconds)
        self._session = requests.Session()
        # A netrc would replace the token, and a proxy would see it.
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token_file.read_text().strip()}"

    def get(self, path: str, **query: str) -> requests.Response:
        """GET, whatever the status."""
        return self._send("GET", path, params=query)

    def post(self, path: str, body: Any) -> requests.Response:
        """POST of JSON, whatever the status."""
        return self._send("POST", path, json=body)

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        name = next_request_id()
        log.info("%s %s is request %s", method, path, name)
        headers = {"X-Request-Id": name} if name else None
        try:
            response = self._session.request(
                method, self._url + path, headers=headers, timeout=self._timeout, **content
            )
        except requests.Timeout:
            raise
        except requests.ConnectionError as error:
            # urllib3's chain of causes is hundreds of lines for each test.
            raise ServiceDownError(f"{method} {self._url}{path}: {_root(error)}") from None
        log.info("request %s: %d", name, response.status_code)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class Hapi(Service):
    """Incident and recovery analysis."""

    def analyze_incident(self, request: dict[str, Any]) -> dict[str, Any]:
        """The analysis of an incident; anything but 200 fails the test."""
        return _ok(self.post("/api/v1/incident/analyze", request))

    def analyze_recovery(self, request: dict[str, Any]) -> dict[str, Any]:
        """The analysis of a recovery; anything but 200 fails the test."""
        return _ok(self.post("/api/v1/recovery/analyze", request))


class DataStorage(Service):
    """Workflow catalogue and audit trail."""

    def workflow(self, workflow_id: str) -> dict[str, Any]:
        """One workflow of the catalogue."""
        return _ok(self.get(f"/api/v1/workflows/{workflow_id}"))

    def audit_events(self, correlation_id: str) -> list[dict[str, Any]]:
        """HAPI's events of one remediation, oldest first."""
        page = _ok(self.get("/api/v1/audit/events", correlation_id=correlation_id))
        own = [event for event in page["data"] if event["event_category"] == "aiagent"]
        return own[::-1]

    def await_events(
        self, correlation_id: str, wanted: set[str], limit_seconds: float = 15
    ) -> list[dict[str, Any]]:
        """Wait until every wanted event type is there; else fail with what is."""
        deadline = time.monotonic() + limit_seconds
        pause = threading.Event()
        while True:
            events = self.audit_events(correlation_id)
            found = {event["event_type"] for event in events}
            if wanted <= found:
                return events
            if time.monotonic() > deadline:
                missing = sorted(wanted - found)
                raise AssertionError(f"after {limit_seconds} s no {missing}, only {sorted(found)}")
            pause.wait(POLL_SECONDS)


def incident(signal_type: str, **fields: Any) -> dict[str, Any]:
    """A complete incident request with ids of its own."""
    unique = uuid.uuid4().hex[:12]
    return {
        "incident_id": f"e2e-{unique}",
        "remediation_id": f"rem-{unique}",
        "signal_type": signal_type,
        "severity": "high",
        "signal_source": "prometheus",
        "resource_namespace": "shop",
        "resource_kind": "Pod",
        "resource_name": f"api-{unique}",
        "error_message": f"{signal_type} on api-{unique}",
        "environment": "production",
        "priority": "P1",
        "risk_tolerance": "medium",
        "business_category": "standard",
        "cluster_name": "e2e",
        **fields,
    }


def recovery(signal_type: str, **fields: Any) -> dict[str, Any]:
    """A complete recovery request after one failed execution."""
    base = incident(signal_type)
    names = ("incident_id", "remediation_id", "signal_type", "severity", "resource_namespace")
    more = ("resource_kind", "resource_name", "error_message", "environment", "priority")
    return {
        **{name: base[name] for name in (*names, *more)},
        "is_recovery_attempt": True,
        "recovery_attempt_number": 2,
        "previous_execution": {
            "workflow_execution_ref": f"execution-{base['incident_id']}",
            "original_rca": {
                "summary": f"{signal_type} before",
                "signal_type": signal_type,
                "severity": "high",
                "contributing_factors": ["load"],
            },
            "selected_workflow": {
                "workflow_id": str(uuid.uuid4()),
                "version": "1.0.0",
                "container_image": "registry.example/first:v1",
                "parameters": {"NAMESPACE": "shop"},
                "rationale": "first choice",
            },
            "failure": {
                "failed_step_index": 1,
                "failed_step_name": "wait for the rollout",
                "reason": "DeadlineExceeded",
                "message": "the rollout did not end in time",
                "failed_at": "2026-01-01T00:00:00Z",
                "execution_time": "5m",
            },
        },
        **fields,
    }


def _root(error: BaseException) -> BaseException:
    while error.__context__ is not None:
        error = error.__context__
    return error


def _ok(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 200, f"{response.status_code}: {response.text[:500]}"
    answer: dict[str, Any] = response.json()
    return answer
