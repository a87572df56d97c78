"""The service answers what its contract says, whatever a client sends."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from datastorage.models._generated import AuditEventList, SearchResponse, WorkflowList
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from .conftest import EXAMPLES
from .samples import FILTERS, PAYLOADS, event, workflow
from .test_crash import service

CONTRACT = Path(__file__).parents[2] / "api" / "datastorage.yaml"
CONFIG = Path(__file__).with_name("schemathesis.toml")
AUDIT = "^/api/v1/audit/"


@pytest.mark.timeout(900 if EXAMPLES is None else 0)
@pytest.mark.parametrize(
    "selection",
    [
        pytest.param(("--include-path-regex", AUDIT), id="audit"),
        pytest.param(("--exclude-path-regex", AUDIT), id="workflows-and-health"),
    ],
)
def test_schemathesis_finds_nothing(
    database_url: str, tmp_path: Path, selection: tuple[str, str]
) -> None:
    program = str(Path(__file__).parents[2] / ".venv-fuzz" / "bin" / "schemathesis")
    command = [program, "--config-file", str(CONFIG), "run", str(CONTRACT)]
    options = ["--checks", "all", "--header", "Authorization: Bearer good", *selection]
    options += ["--max-examples", EXAMPLES] if EXAMPLES else []

    with service(database_url) as (url, _):
        found = subprocess.run(
            [*command, "--url", url, *options],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr
    assert "generated" in found.stdout


def test_a_search_answers_in_the_contracts_shape(client: TestClient) -> None:
    optional: dict[str, Any] = {
        "custom_labels": {"team": ["a"]},
        "detected_labels": {"gitOpsManaged": True},
        "container_image": "image:1",
    }
    client.post("/api/v1/workflows", json=workflow("all", **optional))
    for filters in (FILTERS, FILTERS | {"detected_labels": {"stateful": False}}):
        answer = client.post("/api/v1/workflows/search", json={"filters": filters})

        [hit] = SearchResponse.model_validate_json(answer.content).workflows
        assert hit.detected_labels is not None
        assert hit.detected_labels.gitOpsManaged is True
        assert (hit.custom_labels, hit.container_image) == ({"team": ["a"]}, "image:1")


def test_a_list_has_every_field_that_was_posted(client: TestClient) -> None:
    parameter = {"name": "N", "type": "string", "required": True, "description": "d"}
    posted = workflow(
        parameters={"schema": {"parameters": [parameter]}},
        custom_labels={"team": ["a"]},
        expected_success_rate=0.5,
        owner="me",
    )
    made = client.post("/api/v1/workflows", json=posted).json()

    answer = client.get("/api/v1/workflows")

    assert TypeAdapter(WorkflowList).validate_json(answer.content, strict=True).total == 1
    [listed] = answer.json()["workflows"]
    assert listed == made
    assert posted.items() <= listed.items()


def test_the_catalogues_own_events_are_of_the_contract(client: TestClient) -> None:
    client.post("/api/v1/workflows", json=workflow("restart"))
    body = {"filters": FILTERS, "remediation_id": "rem-1"}
    client.post("/api/v1/workflows/search", json=body)

    answer = client.get("/api/v1/audit/events")

    page = TypeAdapter(AuditEventList).validate_json(answer.content, strict=True)
    searched, created = page.data
    assert searched.event_data.event_type == searched.event_type
    assert created.event_data.event_type == created.event_type == "datastorage.workflow.created"
    assert searched.event_data.event_type == "workflow.catalog.search_completed"
    assert searched.event_data.results.total_found == 1
    assert searched.event_data.results.workflows[0].scoring.confidence == 0.5
    assert searched.correlation_id == "rem-1"


def test_every_type_is_read_by_the_generated_models(client: TestClient) -> None:
    nothing = dict.fromkeys(("actor_id", "resource_id", "parent_event_id", "duration_ms"))
    for event_type in PAYLOADS:
        batch = [event(event_type), event(event_type, **nothing)]
        assert client.post("/api/v1/audit/events/batch", json=batch).status_code == 201

    answer = client.get("/api/v1/audit/events")

    page = TypeAdapter(AuditEventList).validate_json(answer.content, strict=True)
    assert {one.event_data.event_type for one in page.data} == set(PAYLOADS)
    assert len(page.data) == 2 * len(PAYLOADS)
    for one, raw in zip(page.data, answer.json()["data"], strict=True):
        assert one.event_type == one.event_data.event_type
        kept = one.event_data.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert kept == raw["event_data"]
