"""Labels choose workflows: the mandatory ones decide, detected and custom ones rank."""

from collections.abc import Callable
from typing import Any

import pytest
from holmesgpt_api.datastorage import DataStorageClient, DataStorageError
from holmesgpt_api_fixtures.clients import DataStorage
from holmesgpt_api_fixtures.manifest import Manifest
from holmesgpt_api_fixtures.testing.relay import Relay

pytestmark = [pytest.mark.integration, pytest.mark.labels]

Search = Callable[..., list[dict[str, Any]]]
POD = {"kind": "Pod", "namespace": "production", "name": "api-7d8f9c6b5-x2k4m"}
REPLICA_SET = {"kind": "ReplicaSet", "namespace": "production", "name": "api-7d8f9c6b5"}
DEPLOYMENT = {"kind": "Deployment", "namespace": "production", "name": "api"}
LABELS = {"gitOpsManaged": True, "gitOpsTool": "argocd", "pdbProtected": True}
KNOWN = {
    "kind": "Pod",
    "namespace": "production",
    "owner_chain": (REPLICA_SET, DEPLOYMENT),
    "detected_labels": LABELS,
}
FILTERS = {
    "signal_type": "OOMKilled",
    "severity": "critical",
    "component": "pod",
    "environment": "production",
    "priority": "P0",
}


def ids(hits: list[dict[str, Any]]) -> list[str]:
    """The hits' workflows, in order."""
    return [hit["workflow_id"] for hit in hits]


class TestSignalType:
    """A signal finds what remedies it and nothing else."""

    def test_oomkilled_finds_the_oomkill_workflow(
        self, search_workflow_catalog: Search, workflow_ids: dict[str, str]
    ) -> None:
        found = search_workflow_catalog("OOMKilled critical memory exhaustion", POD)

        assert ids(found) == [workflow_ids["oomkill-increase-memory-v1"]]

    def test_crashloop_finds_the_crashloop_workflow(
        self, search_workflow_catalog: Search, workflow_ids: dict[str, str]
    ) -> None:
        found = search_workflow_catalog("CrashLoopBackOff high configuration", POD)

        assert ids(found) == [workflow_ids["crashloop-config-fix-v1"]]

    def test_resource_of_the_root_cause_names_the_signal(
        self, search_workflow_catalog: Search, workflow_ids: dict[str, str]
    ) -> None:
        cause = {"kind": "Node", "namespace": "", "name": "node-1", "signal_type": "NodeNotReady"}

        found = search_workflow_catalog("OOMKilled critical", cause)

        assert ids(found) == [workflow_ids["node-drain-reboot-v1"]]


class TestConfidence:
    """The score tells how well a workflow fits."""

    def test_without_optional_labels_it_is_one_half(self, search_workflow_catalog: Search) -> None:
        (found,) = search_workflow_catalog("OOMKilled critical", POD)

        assert found["confidence"] == 0.5

    def test_workflow_below_the_least_score_is_left_out(self, datastorage: DataStorage) -> None:
        at_most = datastorage.search(FILTERS, min_score=0.5)
        above = datastorage.search(FILTERS, min_score=0.51)

        assert len(at_most["workflows"]) == 1
        assert above["workflows"] == []
        assert above["total_results"] == 0


def test_hit_has_what_choosing_and_executing_need(search_workflow_catalog: Search) -> None:
    (found,) = search_workflow_catalog("NodeNotReady critical", {"kind": "Node"})

    assert set(found) == {
        "workflow_id",
        "title",
        "description",
        "signal_type",
        "confidence",
        "container_image",
        "container_digest",
    }
    assert all(found.values())


class TestDetectedLabels:
    """They describe the incident's resource, and so its owners; of another they say nothing."""

    @pytest.mark.parametrize("cause", [POD, REPLICA_SET, DEPLOYMENT], ids=lambda c: c["kind"])
    def test_they_are_sent_for_the_resource_and_its_owners(
        self,
        search_workflow_catalog: Search,
        datastorage: DataStorage,
        remediation_id: str,
        cause: dict[str, str],
    ) -> None:
        found = search_workflow_catalog("OOMKilled critical", cause, **KNOWN)

        assert found
        (asked,) = datastorage.audited_searches(remediation_id)
        assert asked["filters"]["detected_labels"] == LABELS

    @pytest.mark.parametrize(
        "cause",
        [{"kind": "Node", "namespace": "", "name": "node-1"}, {**DEPLOYMENT, "name": "database"}],
        ids=lambda c: c["kind"],
    )
    def test_they_are_left_out_for_another_resource(
        self,
        search_workflow_catalog: Search,
        datastorage: DataStorage,
        remediation_id: str,
        cause: dict[str, str],
    ) -> None:
        found = search_workflow_catalog("OOMKilled critical", cause, **KNOWN)

        assert found
        (asked,) = datastorage.audited_searches(remediation_id)
        assert "detected_labels" not in asked["filters"]

    def test_one_whose_detection_failed_is_left_out(
        self, search_workflow_catalog: Search, datastorage: DataStorage, remediation_id: str
    ) -> None:
        labels = {**LABELS, "stateful": False, "failedDetections": ["pdbProtected", "stateful"]}

        found = search_workflow_catalog(
            "OOMKilled critical", POD, **{**KNOWN, "detected_labels": labels}
        )

        assert found
        (asked,) = datastorage.audited_searches(remediation_id)
        assert asked["filters"]["detected_labels"] == {
            "gitOpsManaged": True,
            "gitOpsTool": "argocd",
        }


def test_custom_labels_are_sent(
    search_workflow_catalog: Search, datastorage: DataStorage, remediation_id: str
) -> None:
    labels = {"constraint": ["cost-constrained"], "team": ["name=payments"]}

    found = search_workflow_catalog("OOMKilled critical", POD, custom_labels=labels)

    assert found
    (asked,) = datastorage.audited_searches(remediation_id)
    assert asked["filters"]["custom_labels"] == labels


class TestEdges:
    """Little input, and no answer."""

    def test_query_without_severity_is_answered(
        self, search_workflow_catalog: Search, datastorage: DataStorage, remediation_id: str
    ) -> None:
        found = search_workflow_catalog("remediation workflow")

        assert found == []
        (asked,) = datastorage.audited_searches(remediation_id)
        assert asked["filters"]["signal_type"] == "remediation"
        assert asked["filters"]["severity"] == "high"

    @pytest.mark.parametrize("answer_bytes", [0, 100], ids=["no-answer", "half-an-answer"])
    def test_connection_that_breaks_is_told_with_the_request(
        self,
        search_workflow_catalog: Search,
        catalogue_at: Callable[[str], DataStorageClient],
        manifest: Manifest,
        answer_bytes: int,
    ) -> None:
        with Relay(manifest.urls["datastorage"]) as relay:
            relay.cut(answer_bytes)
            with pytest.raises(DataStorageError, match="POST /api/v1/workflows/search: "):
                search_workflow_catalog("OOMKilled critical", client=catalogue_at(relay.url))


class TestContract:
    """What DataStorage takes from callers other than the tool."""

    def test_complete_filters_find_the_workflow_and_are_repeated(
        self, datastorage: DataStorage, workflow_ids: dict[str, str]
    ) -> None:
        answer = datastorage.search(FILTERS)

        assert ids(answer["workflows"]) == [workflow_ids["oomkill-increase-memory-v1"]]
        assert answer["total_results"] == 1
        assert answer["filters"] == FILTERS

    def test_signal_type_is_written_in_snake_case(self, datastorage: DataStorage) -> None:
        filters = {name: value for name, value in FILTERS.items() if name != "signal_type"}

        response = datastorage.post(
            "/api/v1/workflows/search", {"filters": {**filters, "signalType": "OOMKilled"}}
        )

        assert response.status_code == 400
        assert "filters.signal_type" in response.json()["field_errors"]

    @pytest.mark.parametrize(
        ("labels", "wrong"),
        [
            pytest.param({"team": ["name=payments"]}, None, id="list"),
            pytest.param({"team": "name=payments"}, "filters.custom_labels.team", id="text"),
        ],
    )
    def test_custom_labels_are_lists(
        self, datastorage: DataStorage, labels: dict[str, Any], wrong: str | None
    ) -> None:
        response = datastorage.post(
            "/api/v1/workflows/search", {"filters": {**FILTERS, "custom_labels": labels}}
        )

        assert response.status_code == (400 if wrong else 200)
        if wrong:
            assert wrong in response.json()["field_errors"]
        else:
            assert response.json()["filters"]["custom_labels"] == labels

    @pytest.mark.parametrize(("tool", "status"), [("*", 200), ("argocd", 200), ("flux-2", 400)])
    def test_detected_labels_take_a_wildcard(
        self, datastorage: DataStorage, tool: str, status: int
    ) -> None:
        labels = {"gitOpsManaged": True, "gitOpsTool": tool}

        response = datastorage.post(
            "/api/v1/workflows/search", {"filters": {**FILTERS, "detected_labels": labels}}
        )

        assert response.status_code == status
