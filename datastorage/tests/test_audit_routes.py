from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

EVENTS = "/api/v1/audit/events"


def event(**changes: Any) -> dict[str, Any]:
    return {
        "version": "1.0",
        "event_type": "custom",
        "event_timestamp": datetime.now(UTC).isoformat(),
        "event_category": "aiagent",
        "event_action": "act",
        "event_outcome": "success",
        "correlation_id": "rem-1",
        "event_data": {"free": True},
    } | changes


def test_written_event_is_found(client: TestClient) -> None:
    made = client.post(EVENTS, json=event())
    client.post(EVENTS, json=event(correlation_id="other"))
    page = client.get(EVENTS, params={"correlation_id": "rem-1", "since": "24h"}).json()
    assert made.status_code == 201
    assert [row["event_id"] for row in page["data"]] == [made.json()["event_id"]]
    assert page["pagination"] == {"limit": 100, "offset": 0, "total": 1, "has_more": False}


def test_batch_is_all_or_nothing(client: TestClient) -> None:
    bad = event(event_type="llm_request")
    answer = client.post(EVENTS + "/batch", json=[event(), bad])
    assert answer.status_code == 400
    assert "1.event_data.model" in answer.json()["field_errors"]
    assert client.get(EVENTS).json()["data"] == []
    assert len(client.post(EVENTS + "/batch", json=[event()] * 2).json()["event_ids"]) == 2


def test_old_event_is_refused(client: TestClient) -> None:
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    answer = client.post(EVENTS, json=event(event_timestamp=old))
    assert (answer.status_code, list(answer.json()["field_errors"])) == (400, ["event_timestamp"])


def test_write_without_database_is_503(down: TestClient) -> None:
    answer = down.post(EVENTS, json=event())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
