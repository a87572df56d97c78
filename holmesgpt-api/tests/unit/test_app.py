"""The HTTP interface, with a scripted engine."""

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from holmesgpt_api.app import create_app
from holmesgpt_api.engine import EngineError, EngineResult, Investigation, ToolCall
from holmesgpt_api.settings import Settings
from kube_auth import Identity
from prometheus_client import REGISTRY

from .conftest import INCIDENT, WORKFLOW, WORKFLOW_ID, JsonServer, fenced, llm_answer  # type: ignore[import-not-found] # no package


class FakeReviewer:
    """Knows one token."""

    async def review_token(self, token: str) -> Identity | None:
        return Identity("client", "1", (), {}) if token == "good" else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        return identity.username == "client" and attributes["name"] == "holmesgpt-api"

    async def aclose(self) -> None:
        pass

    def not_ready(self) -> str | None:
        return None


class FakeEngine:
    """Searches once and gives the scripted answers in turn."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.loaded = threading.Event()
        self.prompts: list[str] = []

    def load(self) -> None:
        self.loaded.set()

    def investigate(self, investigation: Investigation) -> EngineResult:
        self.prompts.append(investigation.messages[-1]["content"])
        arguments = {"query": "Other low"}
        found = investigation.search(arguments)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        call = ToolCall("search_workflow_catalog", arguments, str(found))
        return EngineResult(answer, list(investigation.messages), [call], 2, 10)


Start = Callable[..., TestClient]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    running: list[TestClient] = []

    def run(engine: FakeEngine, **changes: Any) -> TestClient:
        app = create_app(
            settings.model_copy(update=changes), engine=engine, reviewer=FakeReviewer()
        )
        client = TestClient(app, headers={"Authorization": "Bearer good"})
        client.__enter__()
        running.append(client)
        assert engine.loaded.wait(5)
        return client

    yield run
    for client in running:
        client.__exit__(None, None, None)


def analyze(client: TestClient, **changes: Any) -> dict[str, Any]:
    response = client.post("/api/v1/incident/analyze", json={**INCIDENT, **changes})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize(("workflow", "status"), [(WORKFLOW_ID, "success"), (None, "needs_review")])
def test_an_answer_for_a_person_is_counted_apart(
    start: Start, workflow: str | None, status: str
) -> None:
    chosen = {} if workflow else {"selected_workflow": None}
    labels = {"kind": "incident", "status": status}
    before = counted(labels)
    analyze(start(FakeEngine(fenced(llm_answer(**chosen)))))
    assert counted(labels) == before + 1


def counted(labels: dict[str, str]) -> float:
    """How many analyses have ended so in this process."""
    return REGISTRY.get_sample_value("holmesgpt_api_investigations_total", labels) or 0


def test_selects_a_validated_workflow(start: Start) -> None:
    answer = analyze(start(FakeEngine(fenced(llm_answer()))))
    assert answer["selected_workflow"]["workflow_id"] == WORKFLOW_ID
    assert answer["selected_workflow"]["container_image"] == "registry.example/oom:1.0.0"
    assert answer["needs_human_review"] is False
    assert "human_review_reason" not in answer
    assert [a["is_valid"] for a in answer["validation_attempts_history"]] == [True]


def test_searches_with_the_labels_of_the_incident(start: Start, data_storage: JsonServer) -> None:
    analyze(start(FakeEngine(fenced(llm_answer()))))
    (body,) = data_storage.bodies("/api/v1/workflows/search")
    assert body["filters"] == {
        "signal_type": "OOMKilled",
        "severity": "critical",
        "component": "deployment",
        "environment": "staging",
        "priority": "P0",
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"investigation_outcome": "resolved"}, None),
        ({"investigation_outcome": "inconclusive"}, "investigation_inconclusive"),
        ({"selected_workflow": None, "confidence": 0.0}, "no_matching_workflows"),
        ({"root_cause_analysis": {"summary": "x", "severity": "low"}}, "rca_incomplete"),
    ],
)
def test_review_reasons(start: Start, changes: dict[str, Any], reason: str | None) -> None:
    answer = analyze(start(FakeEngine(fenced(llm_answer(**changes)))))
    assert answer.get("human_review_reason") == reason
    assert answer["needs_human_review"] is (reason is not None)
    assert answer["warnings"]
    assert ("selected_workflow" in answer) is (reason == "rca_incomplete")


def test_errors_are_fed_back_and_corrected(start: Start) -> None:
    wrong = llm_answer()
    wrong["selected_workflow"] = {**wrong["selected_workflow"], "parameters": {}}
    engine = FakeEngine(fenced(wrong), fenced(llm_answer()))
    answer = analyze(start(engine))
    assert [a["is_valid"] for a in answer["validation_attempts_history"]] == [False, True]
    assert "missing required parameter 'MEMORY'" in engine.prompts[1]
    assert answer["needs_human_review"] is False


def test_three_unreadable_answers_end_the_analysis(start: Start) -> None:
    answer = analyze(start(FakeEngine("no", "no", "no")))
    assert answer["human_review_reason"] == "llm_parsing_error"
    assert answer["confidence"] == 0.0
    assert [a["attempt"] for a in answer["validation_attempts_history"]] == [1, 2, 3]
    assert not any(a["is_valid"] for a in answer["validation_attempts_history"])


def test_an_unknown_workflow_is_not_selected(start: Start) -> None:
    wrong = llm_answer()
    wrong["selected_workflow"] = {**wrong["selected_workflow"], "workflow_id": "none"}
    answer = analyze(start(FakeEngine(*[fenced(wrong)] * 3)))
    assert answer["human_review_reason"] == "workflow_not_found"
    assert "selected_workflow" not in answer


def test_audit_events_are_stored_by_the_end(start: Start, data_storage: JsonServer) -> None:
    client = start(FakeEngine(fenced(llm_answer())))
    analyze(client)
    client.exit_stack.close()
    (events,) = data_storage.bodies("/api/v1/audit/events/batch")
    assert {event["event_type"] for event in events} == {
        "llm_request",
        "llm_response",
        "llm_tool_call",
        "workflow_validation_attempt",
        "holmesgpt.response.complete",
    }
    assert {event["correlation_id"] for event in events} == {"rem-1"}
    assert all(event["event_data"]["incident_id"] == "inc-1" for event in events)


def test_recovery_assesses_the_previous_attempt(start: Start) -> None:
    assessment = {"failure_understood": True, "failure_reason_analysis": "x", "state_changed": True}
    changes = {"recovery_analysis": {"previous_attempt_assessment": assessment}}
    engine = FakeEngine(fenced(llm_answer(**changes)))
    body = {**INCIDENT, "is_recovery_attempt": True, "recovery_attempt_number": 1}
    response = start(engine).post("/api/v1/recovery/analyze", json=body)
    answer = response.json()
    assert answer["can_recover"] is True
    assert answer["recovery_analysis"]["previous_attempt_assessment"] == assessment
    assert answer["strategies"][0]["confidence"] == 0.9
    assert '"kind": "recovery"' in engine.prompts[0]


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("incident", {"severity": "bad"}, "severity"),
        ("incident", {"remediation_id": " "}, "remediation_id"),
        ("incident", {"signal_type": ""}, "signal_type"),
        ("recovery", {"is_recovery_attempt": True}, "recovery_attempt_number"),
        ("recovery", {"recovery_attempt_number": 0}, "recovery_attempt_number"),
    ],
)
def test_wrong_fields_are_named(
    start: Start, path: str, changes: dict[str, Any], field: str
) -> None:
    client = start(FakeEngine())
    response = client.post(f"/api/v1/{path}/analyze", json={**INCIDENT, **changes})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert field in response.json()["field_errors"]


@pytest.mark.parametrize(
    ("member", "length", "status"),
    [("error_message", 900_000, 413), ("error_message", 70_000, 400), ("incident_id", 256, 400)],
)
def test_what_is_too_long_is_refused(start: Start, member: str, length: int, status: int) -> None:
    engine = FakeEngine()
    body = {**INCIDENT, member: "x" * length}

    response = start(engine).post("/api/v1/incident/analyze", json=body)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert status == 413 or member in response.json()["field_errors"]
    assert not engine.prompts


@pytest.mark.parametrize("member", ["incident_id", "remediation_id", "signal_type"])
def test_an_identifier_has_no_control_characters(start: Start, member: str) -> None:
    body = {**INCIDENT, member: "a\0b"}

    response = start(FakeEngine()).post("/api/v1/incident/analyze", json=body)

    assert response.status_code == 400
    assert list(response.json()["field_errors"]) == [member]


def test_the_least_that_a_recovery_may_say_is_enough(start: Start) -> None:
    engine = FakeEngine(fenced(llm_answer()))
    body = {"incident_id": "i", "remediation_id": "r"}

    response = start(engine).post("/api/v1/recovery/analyze", json=body)

    assert response.status_code == 200
    assert '"signal_type": "Unknown"' in engine.prompts[0]


def test_a_defective_pattern_in_the_catalogue_is_for_a_human(
    start: Start, data_storage: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (parameter,) = WORKFLOW["parameters"]["schema"]["parameters"]
    monkeypatch.setitem(parameter, "pattern", "(")

    answer = analyze(start(FakeEngine(*[fenced(llm_answer())] * 3)))

    assert answer["human_review_reason"] == "parameter_validation_failed"
    assert data_storage.bodies(f"/api/v1/workflows/{WORKFLOW_ID}") == [None] * 3


def test_text_that_no_database_holds_is_stored_without_it(
    start: Start, data_storage: JsonServer
) -> None:
    answer = llm_answer()
    answer["root_cause_analysis"]["summary"] = "a\0b"
    client = start(FakeEngine(fenced(answer)))
    given = analyze(client, error_message="x\0y")
    client.exit_stack.close()

    (events,) = data_storage.bodies("/api/v1/audit/events/batch")
    assert given["analysis"] == "a\0b"
    assert "\0" not in str(events)
    assert events[-1]["event_data"]["response_data"]["analysis"] == "a\ufffdb"


def test_both_requests_to_datastorage_have_the_request_id(
    start: Start, data_storage: JsonServer
) -> None:
    client = start(FakeEngine(fenced(llm_answer())))
    client.post("/api/v1/incident/analyze", json=INCIDENT, headers={"X-Request-ID": "asked-1"})

    assert data_storage.request_ids("/api/v1/workflows/") == ["asked-1", "asked-1"]


def test_a_full_outbox_refuses_before_the_llm_is_asked(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holmesgpt_api.outbox.disk.Disk.free", lambda *_: 0)
    engine = FakeEngine()

    response = start(engine).post("/api/v1/incident/analyze", json=INCIDENT)

    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert "outbox" in response.json()["detail"]
    assert not engine.prompts


def test_events_of_a_failed_analysis_are_kept(start: Start, data_storage: JsonServer) -> None:
    client = start(FakeEngine(EngineError(503, "away")))
    assert client.post("/api/v1/incident/analyze", json=INCIDENT).status_code == 503
    client.exit_stack.close()

    (events,) = data_storage.bodies("/api/v1/audit/events/batch")
    assert [each["event_type"] for each in events] == ["llm_request"]


def test_damage_in_the_outbox_degrades_readiness(start: Start, settings: Settings) -> None:
    (settings.outbox_path / "quarantine").mkdir(parents=True)
    (settings.outbox_path / "quarantine" / "segment-1.damaged").touch()
    client = start(FakeEngine())
    while (ready := client.get("/ready")).status_code != 200:
        pass

    assert ready.json()["status"] == "degraded"
    assert ready.json()["reasons"] == ["damaged audit segment segment-1.damaged"]
    assert "holmesgpt_api_outbox_pending" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("error", "status"), [(EngineError(502, "x"), 502), (EngineError(503, "x", 7), 503)]
)
def test_engine_errors_become_problems(start: Start, error: EngineError, status: int) -> None:
    response = start(FakeEngine(error)).post("/api/v1/incident/analyze", json=INCIDENT)
    assert response.status_code == status
    assert response.headers.get("retry-after") == ("7" if status == 503 else None)


def test_the_deadline_answers_504(start: Start) -> None:
    class Slow(FakeEngine):
        def investigate(self, investigation: Investigation) -> EngineResult:
            investigation.cancellation.event.wait(5)
            investigation.cancellation.remaining()
            raise AssertionError

    client = start(Slow(), request_deadline=0.05)
    response = client.post("/api/v1/incident/analyze", json=INCIDENT)
    assert response.status_code == 504


def test_only_health_needs_no_token(start: Start) -> None:
    client = start(FakeEngine())
    headers = {"Authorization": "Bearer bad"}
    assert client.get("/health", headers=headers).json()["status"] == "healthy"
    assert client.get("/config", headers=headers).status_code == 401
    assert client.get("/config").json()["llm"]["model"] == "mock-model"
    assert client.get("/nowhere").json()["status"] == 404


def test_ready_needs_the_token_file(start: Start, settings: Settings) -> None:
    client = start(FakeEngine())
    while client.get("/health/ready").status_code != 200:
        pass
    settings.data_storage_token_file.unlink()
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "DataStorage" in response.json()["detail"]


def test_readiness_names_a_kubeconfig_that_came_malformed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "kubeconfig"
    monkeypatch.setenv("KUBECONFIG", str(config))
    with TestClient(create_app(settings, engine=FakeEngine())) as client:
        missing = client.get("/health/ready")
        config.write_text("{")
        malformed = client.get("/health/ready")

    assert (missing.status_code, malformed.status_code) == (503, 503)
    assert f"{config}: No such file" in missing.json()["detail"]
    assert f"{config}: is not valid YAML" in malformed.json()["detail"]
