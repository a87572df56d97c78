import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from .samples import workflow

WORKFLOWS = "/api/v1/workflows"
SEARCH = WORKFLOWS + "/search"


def search(client: TestClient, **filters: Any) -> list[dict[str, Any]]:
    wanted = workflow()["labels"] | {"environment": "production"} | filters
    answer = client.post(SEARCH, json={"filters": wanted, "remediation_id": "rem-1"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["workflows"]
    return found


def test_create_is_idempotent(client: TestClient) -> None:
    first = client.post(WORKFLOWS, json=workflow())
    second = client.post(WORKFLOWS, json=workflow())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["created_at"] > "2020"


def test_different_fields_conflict_by_name(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow())
    answer = client.post(WORKFLOWS, json=workflow(status="disabled", owner="me"))
    assert answer.status_code == 409
    assert answer.json()["differing_fields"] == ["owner", "status"]
    assert "owner, status" in answer.json()["detail"]


def test_wrong_hash_is_refused(client: TestClient) -> None:
    answer = client.post(WORKFLOWS, json=workflow(content_hash="0" * 64))
    assert answer.status_code == 400
    assert "content_hash" in answer.json()["field_errors"]


def test_only_the_newest_version_is_latest(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow())
    client.post(WORKFLOWS, json=workflow(version="2.0.0"))
    listed = client.get(WORKFLOWS + "/by-name/restart/versions").json()["versions"]
    assert [(row["version"], row["is_latest_version"]) for row in listed] == [
        ("2.0.0", True),
        ("1.0.0", False),
    ]


def test_search_orders_by_score_then_newest(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow("managed", detected_labels={"gitOpsManaged": True}))
    for name in ("older", "newer"):
        client.post(WORKFLOWS, json=workflow(name))
    found = search(client, detected_labels={"gitOpsManaged": True})
    assert [hit["title"] for hit in found] == ["managed", "newer", "older"]
    assert [hit["confidence"] for hit in found] == [0.51, 0.5, 0.5]
    assert [hit["rank"] for hit in found] == [1, 2, 3]


def test_search_matches_environment_or_any(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow("some"))
    client.post(
        WORKFLOWS, json=workflow("any", labels=workflow()["labels"] | {"environment": ["*"]})
    )
    assert {hit["title"] for hit in search(client)} == {"some", "any"}
    assert [hit["title"] for hit in search(client, environment="test")] == ["any"]


def test_disabled_workflows_are_not_found(client: TestClient) -> None:
    made = client.post(WORKFLOWS, json=workflow()).json()
    path = f"{WORKFLOWS}/{made['workflow_id']}/disable"
    answer = client.patch(path, json={"reason": "old", "updated_by": "me"})
    assert (answer.json()["status"], answer.json()["disabled_reason"]) == ("disabled", "old")
    assert search(client) == []


def test_patch_refuses_immutable_fields(client: TestClient) -> None:
    made = client.post(WORKFLOWS, json=workflow()).json()
    answer = client.patch(f"{WORKFLOWS}/{made['workflow_id']}", json={"content": "other"})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/immutable-field-violation")


@pytest.mark.parametrize("identity", ["no-uuid", str(uuid.UUID(int=1))])
def test_unknown_id_is_404(client: TestClient, identity: str) -> None:
    answer = client.get(f"{WORKFLOWS}/{identity}")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_list_filters_and_counts(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow("one"))
    client.post(WORKFLOWS, json=workflow("two"))
    page = client.get(WORKFLOWS, params={"environment": "staging", "limit": 1}).json()
    assert (page["total"], len(page["workflows"]), page["limit"]) == (2, 1, 1)
    assert client.get(WORKFLOWS, params={"workflow_name": "one"}).json()["total"] == 1


def test_creation_and_search_are_audited(client: TestClient) -> None:
    client.post(WORKFLOWS, json=workflow())
    search(client)
    events = client.get("/api/v1/audit/events").json()["data"]
    assert [event["event_type"] for event in events] == [
        "workflow.catalog.search_completed",
        "datastorage.workflow.created",
    ]


def test_callers_at_the_same_moment_create_one_workflow(client: TestClient) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: client.post(WORKFLOWS, json=workflow()), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["workflow_id"] for answer in answers}) == 1


def test_versions_at_the_same_moment_leave_one_latest(client: TestClient) -> None:
    def create(number: int) -> int:
        return client.post(WORKFLOWS, json=workflow(version=f"{number}.0.0")).status_code

    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(create, range(8))) == [201] * 8

    listed = client.get(WORKFLOWS + "/by-name/restart/versions").json()["versions"]
    assert [row["is_latest_version"] for row in listed].count(True) == 1
