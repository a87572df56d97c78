"""The chosen workflow is one that was seeded, and bad requests are refused."""

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident, recovery
from holmesgpt_api_fixtures.manifest import Manifest

pytestmark = [pytest.mark.e2e, pytest.mark.selection]


def test_incident_analysis_returns_valid_response_structure(
    hapi: Hapi, datastorage: DataStorage, manifest: Manifest, workflow_ids: dict[str, str]
) -> None:
    request = incident("NodeNotReady", severity="critical", resource_kind="Node", priority="P0")

    answer = hapi.analyze_incident(request)

    assert answer["incident_id"] == request["incident_id"]
    assert answer["analysis"]
    assert answer["root_cause_analysis"]["affectedResource"]["name"] == request["resource_name"]
    assert answer["confidence"] == pytest.approx(0.9)
    chosen = answer["selected_workflow"]
    assert chosen["workflow_id"] == workflow_ids["node-drain-reboot-v1"]
    stored = datastorage.workflow(chosen["workflow_id"])
    (seeded,) = [w for w in manifest.workflows if w.workflow_id == chosen["workflow_id"]]
    assert stored["content_hash"] == seeded.content_hash
    assert chosen["container_image"] == stored["container_image"]


def test_incident_with_enrichment_results(hapi: Hapi, workflow_ids: dict[str, str]) -> None:
    enrichment = {
        "kubernetesContext": {"replicas": 3},
        "detectedLabels": {"gitOpsManaged": True, "gitOpsTool": "argocd"},
        "customLabels": {"team": ["shop"]},
        "enrichmentQuality": 0.9,
    }
    request = incident(
        "OOMKilled", severity="critical", priority="P0", enrichment_results=enrichment
    )

    answer = hapi.analyze_incident(request)

    chosen = answer["selected_workflow"]
    assert chosen["workflow_id"] == workflow_ids["oomkill-increase-memory-v1"]
    assert chosen["parameters"]["TARGET_NAME"] == request["resource_name"]
    assert chosen["parameters"]["MEMORY_LIMIT"] == "1Gi"


def test_recovery_analysis_returns_valid_response(hapi: Hapi, workflow_ids: dict[str, str]) -> None:
    request = recovery("CrashLoopBackOff")

    answer = hapi.analyze_recovery(request)

    assert answer["incident_id"] == request["incident_id"]
    assert answer["can_recover"] is True
    assert 0.7 < answer["analysis_confidence"] <= 1
    assert answer["primary_recommendation"] == workflow_ids["crashloop-config-fix-v1"]
    (strategy,) = answer["strategies"]
    assert strategy["confidence"] == answer["analysis_confidence"]
    assert strategy["rationale"]


def test_recovery_with_previous_execution_context(hapi: Hapi, workflow_ids: dict[str, str]) -> None:
    request = recovery("OOMKilled", severity="critical", environment="staging")

    answer = hapi.analyze_recovery(request)

    assert answer["selected_workflow"]["workflow_id"] == workflow_ids["memory-optimize-v1"]
    assessment = answer["recovery_analysis"]["previous_attempt_assessment"]
    assert assessment["failure_understood"] is True
    assert assessment["current_signal_type"] == "OOMKilled"


def test_invalid_request_returns_error(hapi: Hapi) -> None:
    answer = hapi.post("/api/v1/incident/analyze", {"incident_id": "only-this"})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "https://kubernaut.ai/problems/validation-error"
    assert problem["status"] == 400
    # Every other required field is missing.
    assert set(problem["field_errors"]) == set(incident("OOMKilled")) - {"incident_id"}


def test_missing_remediation_id_returns_error(hapi: Hapi) -> None:
    request = incident("OOMKilled")
    del request["remediation_id"]

    answer = hapi.post("/api/v1/incident/analyze", request)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.json()["field_errors"]) == ["remediation_id"]
