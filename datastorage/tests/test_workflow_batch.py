from typing import Any

import pytest
from starlette.testclient import TestClient

from .samples import workflow

BATCH = "/api/v1/workflows/batch"


def outcomes(answer: Any) -> list[str]:
    """What became of each item."""
    return [item["outcome"] for item in answer.json()["results"]]


def names(client: TestClient) -> set[str]:
    """The stored workflows."""
    listed = client.get("/api/v1/workflows").json()["workflows"]
    return {row["workflow_name"] for row in listed}


def test_each_item_is_judged_on_its_own(client: TestClient) -> None:
    client.post("/api/v1/workflows", json=workflow("there"))

    answer = client.post(
        BATCH,
        json=[
            workflow("new"),
            workflow("there"),
            workflow("there", owner="me"),
            workflow("wrong", content_hash="0" * 64),
            {"workflow_name": "nothing"},
            workflow("nul", description="a\0b"),
        ],
    )

    assert answer.status_code == 207
    assert outcomes(answer) == [
        "created",
        "existing",
        "conflict",
        "refused",
        "refused",
        "refused",
    ]
    results = answer.json()["results"]
    assert results[1]["workflow_id"] == results[2]["workflow_id"]
    assert results[2]["differing_fields"] == ["owner"]
    assert "content_hash" in results[3]["field_errors"]
    assert names(client) == {"new", "there"}


def test_the_same_item_twice_is_created_once(client: TestClient) -> None:
    answer = client.post(BATCH, json=[workflow("one"), workflow("one")])

    assert (answer.status_code, outcomes(answer)) == (201, ["created", "existing"])
    ids = {item["workflow_id"] for item in answer.json()["results"]}
    assert len(ids) == 1


def test_the_last_version_of_a_batch_is_the_latest(client: TestClient) -> None:
    client.post(BATCH, json=[workflow("one", version=str(number)) for number in range(3)])

    listed = client.get("/api/v1/workflows/by-name/one/versions").json()["versions"]

    assert [(row["version"], row["is_latest_version"]) for row in listed] == [
        ("2", True),
        ("1", False),
        ("0", False),
    ]


@pytest.mark.parametrize("body", [b"{}", b"[]", b"[", b"\xff"])
def test_what_is_no_batch_is_400(client: TestClient, body: bytes) -> None:
    assert client.post(BATCH, content=body).status_code == 400


def pattern(text: str) -> dict[str, Any]:
    """A workflow whose parameter has this pattern."""
    parameter = {
        "name": "N",
        "type": "string",
        "required": True,
        "description": "d",
        "pattern": text,
    }
    return workflow(parameters={"schema": {"parameters": [parameter]}})


@pytest.mark.parametrize("text", ["(", "(?=a)", r"(a)\1", "a" * 1001, "a{1,1000}{1,1000}{1,1000}"])
def test_a_pattern_that_cannot_be_matched_in_linear_time_is_refused(
    client: TestClient, text: str
) -> None:
    answer = client.post("/api/v1/workflows", json=pattern(text))

    assert answer.status_code == 400
    assert list(answer.json()["field_errors"]) == ["parameters.schema.parameters.0.pattern"]


def test_an_ordinary_pattern_is_stored(client: TestClient) -> None:
    assert client.post("/api/v1/workflows", json=pattern(r"^[0-9]+(Mi|Gi)$")).status_code == 201


def test_cursors_lead_through_the_catalogue_once(client: TestClient) -> None:
    client.post(BATCH, json=[workflow(f"w{number}") for number in range(7)])
    seen, query = [], {"limit": "3"}

    while True:
        page = client.get("/api/v1/workflows", params=query).json()
        seen += [row["workflow_name"] for row in page["workflows"]]
        client.post("/api/v1/workflows", json=workflow(f"later-{len(seen)}"))
        assert page["total"] == 7
        if "next_cursor" not in page:
            break
        query["cursor"] = page["next_cursor"]

    assert seen == [f"w{number}" for number in reversed(range(7))]


@pytest.mark.parametrize("field", ["owner", "parameters"])
def test_a_null_is_refused_by_name(client: TestClient, field: str) -> None:
    answer = client.post("/api/v1/workflows", json=workflow() | {field: None})
    assert answer.json()["field_errors"] == {field: "must not be null; leave it out"}
