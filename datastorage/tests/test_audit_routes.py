import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from .samples import PAYLOADS, event

EVENTS = "/api/v1/audit/events"
BATCH = EVENTS + "/batch"


def stored(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    """The events that a query finds."""
    answer = client.get(EVENTS, params=query)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def outcomes(answer: Any) -> list[str]:
    """What became of each item of a batch."""
    return [item["outcome"] for item in answer.json()["results"]]


def test_written_event_is_found(client: TestClient) -> None:
    made = client.post(EVENTS, json=event())
    client.post(EVENTS, json=event(correlation_id="other"))
    page = client.get(EVENTS, params={"correlation_id": "rem-1", "since": "24h"}).json()
    assert made.status_code == 201
    assert [row["event_id"] for row in page["data"]] == [made.json()["event_id"]]
    assert page["pagination"] == {"limit": 100, "offset": 0, "total": 1, "has_more": False}


@pytest.mark.parametrize("event_type", PAYLOADS)
def test_every_type_is_stored_as_it_was_sent(client: TestClient, event_type: str) -> None:
    sent = event(event_type)

    assert client.post(EVENTS, json=sent).status_code == 201

    [found] = stored(client, correlation_id="rem-1")
    assert found["event_data"] == sent["event_data"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"event_type": "custom"}, "event_type", id="unknown-type"),
        pytest.param({"event_data": {"event_type": "custom"}}, "event_data", id="unknown-data"),
        pytest.param({"event_data": {}}, "event_data", id="data-without-type"),
        pytest.param({"event_type": "llm_response"}, "event_data.event_type", id="types-differ"),
        pytest.param({"event_category": "none"}, "event_category", id="category"),
        pytest.param({"correlation_id": ""}, "correlation_id", id="no-correlation"),
        pytest.param({"event_timestamp": "2026-01-01T00:00:00"}, "event_timestamp", id="no-zone"),
        pytest.param({"event_id": "1"}, "event_id", id="id"),
        pytest.param({"actor_id": "a\0b"}, "actor_id", id="nul"),
    ],
)
def test_a_wrong_event_is_400_and_names_the_field(
    client: TestClient, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(EVENTS, json=event() | changes)

    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["field_errors"])
    assert stored(client) == []


def test_the_same_event_again_is_no_second_one(client: TestClient) -> None:
    sent = event()

    first, second = client.post(EVENTS, json=sent), client.post(EVENTS, json=sent)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["event_id"] == second.json()["event_id"] == sent["event_id"]
    assert len(stored(client)) == 1


def test_another_event_under_a_stored_id_is_a_conflict(client: TestClient) -> None:
    sent = event()
    client.post(EVENTS, json=sent)

    answer = client.post(EVENTS, json=sent | {"event_outcome": "failure"})

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/event-conflict")
    assert stored(client)[0]["event_outcome"] == "success"


def test_an_event_without_an_id_gets_one(client: TestClient) -> None:
    sent = event()
    del sent["event_id"]

    made = [client.post(EVENTS, json=sent).json()["event_id"] for _ in range(2)]

    assert made[0] != made[1]
    assert {row["event_id"] for row in stored(client)} == set(made)


def test_a_batch_answers_item_by_item(client: TestClient) -> None:
    there, changed, fresh = event(), event(), event()
    client.post(BATCH, json=[there, changed])
    anonymous = event()
    del anonymous["event_id"]
    poison = event("llm_tool_call")
    poison["event_data"]["tool_result"] = "a\0b"

    answer = client.post(
        BATCH, json=[there, changed | {"severity": "x"}, fresh, anonymous, poison, 7]
    )

    assert answer.status_code == 207
    assert outcomes(answer) == [
        "repeated",
        "conflict",
        "stored",
        "refused",
        "refused",
        "refused",
    ]
    assert answer.json()["event_ids"] == [there["event_id"], fresh["event_id"]]
    reasons = [item.get("reason", "") for item in answer.json()["results"]]
    assert "event_id" in reasons[3]
    assert "event_data.tool_result: holds a NUL character" in reasons[4]
    assert len(stored(client)) == 3


def test_a_repetition_within_a_batch_is_told(client: TestClient) -> None:
    sent = event()

    answer = client.post(BATCH, json=[sent, sent, sent | {"severity": "x"}])

    assert outcomes(answer) == ["stored", "repeated", "conflict"]


def test_one_repetition_among_a_thousand_costs_no_more(client: TestClient) -> None:
    sent = [event() for _ in range(999)]

    answer = client.post(BATCH, json=[*sent, sent[0]])

    assert answer.status_code == 201, answer.text
    assert outcomes(answer) == ["stored"] * 999 + ["repeated"]


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(b'"\\ud800"', id="lone-surrogate"),
        pytest.param(b"[" * 500 + b"]" * 500, id="nested"),
        pytest.param(b"1e999999", id="number-without-bound"),
        pytest.param(b'{"\\u0000": 1}', id="nul-in-a-name"),
    ],
)
def test_what_cannot_be_stored_fails_alone(client: TestClient, poison: bytes) -> None:
    texts = [json.dumps(event("llm_tool_call")).encode() for _ in range(3)]
    texts[1] = texts[1].replace(b'{"any": [1]}', poison)

    answer = client.post(BATCH, content=b"[" + b",".join(texts) + b"]")

    assert outcomes(answer) == ["stored", "refused", "stored"]


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"[", b"null", b"\xff", b"[{}" + b",{}" * 1000 + b"]"]
)
def test_what_is_no_batch_is_400(client: TestClient, body: bytes) -> None:
    assert client.post(BATCH, content=body).status_code == 400


def test_events_of_a_batch_keep_their_order(client: TestClient) -> None:
    moment = datetime.now(UTC).isoformat()
    sent = [event(event_timestamp=moment) for _ in range(20)]

    client.post(BATCH, json=sent)

    found = [row["event_id"] for row in stored(client, correlation_id="rem-1")]
    assert found[::-1] == [item["event_id"] for item in sent]


def test_a_late_event_is_stored_with_both_times(client: TestClient) -> None:
    late = (datetime.now(UTC) - timedelta(days=8)).isoformat()

    assert client.post(EVENTS, json=event(event_timestamp=late)).status_code == 201

    [found] = stored(client)
    assert datetime.fromisoformat(found["event_timestamp"]) == datetime.fromisoformat(late)
    recorded = datetime.fromisoformat(found["recorded_at"])
    assert datetime.now(UTC) - recorded < timedelta(minutes=1)


def test_an_event_of_tomorrow_is_refused(client: TestClient) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = client.post(EVENTS, json=event(event_timestamp=tomorrow))
    assert (answer.status_code, list(answer.json()["field_errors"])) == (400, ["event_timestamp"])


def test_the_reviewed_sender_is_stored_beside_the_claimed_actor(client: TestClient) -> None:
    client.post(EVENTS, json=event(actor_id="somebody else"))

    [found] = stored(client)

    assert found["actor_id"] == "somebody else"
    assert found["recorded_by"] == {"username": "tester", "credential_id": "JTI=1"}


def test_cursors_lead_through_all_pages_once(client: TestClient) -> None:
    sent = [event() for _ in range(7)]
    client.post(BATCH, json=sent)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}

    while True:
        page = client.get(EVENTS, params=query).json()
        seen += [row["event_id"] for row in page["data"]]
        assert page["pagination"]["total"] == 7
        client.post(EVENTS, json=event())
        if not page["pagination"]["has_more"]:
            break
        query["cursor"] = page["pagination"]["next_cursor"]

    assert seen == [item["event_id"] for item in reversed(sent)]
    assert "next_cursor" not in page["pagination"]


@pytest.mark.parametrize("cursor", ["x", "bm8=", "WzEsIDIsIDNd", "W10="])
def test_a_foreign_cursor_is_400(client: TestClient, cursor: str) -> None:
    answer = client.get(EVENTS, params={"cursor": cursor})
    assert (answer.status_code, list(answer.json()["field_errors"])) == (400, ["query.cursor"])


@pytest.mark.parametrize("since", ["yesterday", "99999999d", "٣d", ""])
def test_a_wrong_time_is_400(client: TestClient, since: str) -> None:
    answer = client.get(EVENTS, params={"since": since})
    assert (answer.status_code, list(answer.json()["field_errors"])) == (400, ["query.since"])


def test_write_without_database_is_503(down: TestClient) -> None:
    for answer in (down.post(EVENTS, json=event()), down.post(BATCH, json=[event()])):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
