"""bootstrap_workflows: one request for each workflow, and what each answer means."""

import io
from pathlib import Path
from typing import Any

import pytest
from fake_datastorage import FakeDataStorage, problem
from workflow_files import WORKFLOWS, WorkflowFilesError
from workflow_fixtures import Options, bootstrap_workflows

QUICK = Options(backoff_seconds=0.001, max_delay_seconds=0.01)
ONE_LANE = Options(concurrency=1, backoff_seconds=0.001, max_delay_seconds=0.01)


def test_an_empty_catalogue_gets_each_workflow_once(
    catalogue: FakeDataStorage, token_file: Path
) -> None:
    output = io.StringIO()

    result = bootstrap_workflows(catalogue.url, token_file, output=output)

    names = sorted(name for _, name in catalogue.posts)
    assert names == sorted(result["created"]) == sorted(result["workflow_ids"])
    assert len(set(names)) == result["total"] == result["post_requests"] == 11
    assert {token for token, _ in catalogue.posts} == {"Bearer secret"}
    assert len(set(result["workflow_ids"].values())) == 11
    assert output.getvalue() == "✅ Created: 11\n⚠️ Existing: 0\n❌ Failed: 0\n"


def test_a_second_seed_finds_the_same_ids(catalogue: FakeDataStorage, token_file: Path) -> None:
    first = bootstrap_workflows(catalogue.url, token_file)

    second = bootstrap_workflows(catalogue.url, token_file)

    assert (second["created"], len(second["existing"])) == ([], 11)
    assert second["workflow_ids"] == first["workflow_ids"]
    assert {workflow["outcome"] for workflow in second["workflows"]} == {"existing"}


def test_drift_is_a_failure_that_names_the_fields(
    catalogue: FakeDataStorage, token_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "pvc-expand-v1.yaml"
    text = (WORKFLOWS / path.name).read_text()
    path.write_text(text)
    bootstrap_workflows(catalogue.url, token_file, folder=tmp_path)
    path.write_text(text.replace("severity: high", "severity: low"))

    result = bootstrap_workflows(catalogue.url, token_file, folder=tmp_path)

    (failure,) = result["failed"]
    assert failure["fields"] == ["content", "content_hash", "labels"]
    assert failure["reason"].startswith("HTTP 409: exists and differs (fields: content, ")
    assert (result["workflow_ids"], result["post_requests"]) == ({}, 1)


def test_one_wrong_file_stops_everything_before_the_first_request(
    catalogue: FakeDataStorage, token_file: Path, tmp_path: Path
) -> None:
    for path in WORKFLOWS.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "zzz.yaml").write_text("kind: Other")

    with pytest.raises(WorkflowFilesError, match=r"zzz\.yaml"):
        bootstrap_workflows(catalogue.url, token_file, folder=tmp_path)

    assert catalogue.posts == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(
    catalogue: FakeDataStorage, token_file: Path, status: int
) -> None:
    catalogue.scripted = [problem(status, "busy", retry_after="0")] * 3

    result = bootstrap_workflows(catalogue.url, token_file, options=QUICK)

    assert len(result["created"]) == 11
    assert result["post_requests"] == len(catalogue.posts) == 14


def test_a_service_that_stays_busy_fails_with_its_reason(
    catalogue: FakeDataStorage, token_file: Path, tmp_path: Path
) -> None:
    name = "pvc-expand-v1.yaml"
    (tmp_path / name).write_bytes((WORKFLOWS / name).read_bytes())
    catalogue.scripted = [problem(503, "the database is unreachable", request_id="r-1")] * 9

    result = bootstrap_workflows(catalogue.url, token_file, folder=tmp_path, options=QUICK)

    (failure,) = result["failed"]
    assert failure["reason"] == "HTTP 503: the database is unreachable [request r-1]"
    assert result["post_requests"] == QUICK.attempts


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (problem(401, "no token"), "HTTP 401: no token"),
        (problem(400, "wrong", field_errors={"labels": "?"}), "HTTP 400: wrong (fields: labels)"),
        (problem(500, "oops"), "HTTP 500: oops"),
        (
            (200, {"Content-Type": "text/html"}, "<h1>proxy</h1>"),
            "HTTP 200: an answer of text/html",
        ),
        ((201, {"Content-Type": "application/json"}, {"workflow_id": "7"}), "HTTP 201: "),
        ((302, {"Location": "/elsewhere"}, ""), "HTTP 302: "),
    ],
)
def test_any_other_answer_is_a_failure_and_not_asked_again(
    catalogue: FakeDataStorage, token_file: Path, reply: Any, reason: str
) -> None:
    catalogue.scripted = [reply]

    result = bootstrap_workflows(catalogue.url, token_file, options=ONE_LANE)

    (failure,) = result["failed"]
    assert failure["reason"].startswith(reason)
    assert (len(result["created"]), len(catalogue.posts)) == (10, 11)


def test_two_workflows_with_one_id_are_a_failure(
    catalogue: FakeDataStorage, token_file: Path
) -> None:
    same = {"workflow_id": "00000000-0000-4000-8000-000000000001"}
    catalogue.scripted = [(201, {"Content-Type": "application/json"}, same)] * 2

    result = bootstrap_workflows(catalogue.url, token_file, options=ONE_LANE)

    (failure,) = result["failed"]
    assert failure["reason"].startswith("has the id of cascading-failure-circuit-break-v1 (")
    assert len(result["workflow_ids"]) == 10


def test_nobody_listening_fails_every_workflow(token_file: Path) -> None:
    with FakeDataStorage() as closed:
        url = closed.url

    result = bootstrap_workflows(url, token_file)

    assert len(result["failed"]) == 11
    reasons = {failure["reason"] for failure in result["failed"]}
    assert reasons == {"ConnectionError: [Errno 111] Connection refused"}


def test_a_missing_token_fails_before_a_request(catalogue: FakeDataStorage, tmp_path: Path) -> None:
    result = bootstrap_workflows(catalogue.url, tmp_path / "none")

    assert len(result["failed"]) == 11
    assert "No such file" in result["failed"][0]["reason"]
    assert catalogue.posts == []


def test_requests_at_once_are_bounded(catalogue: FakeDataStorage, token_file: Path) -> None:
    bootstrap_workflows(catalogue.url, token_file, options=Options(concurrency=2))

    assert 1 <= catalogue.most_at_once <= 2


@pytest.mark.parametrize(
    ("posts", "retry_after", "seconds"),
    [
        (1, None, 1),
        (2, None, 2),
        (9, None, 5),
        (1, "3", 3),
        (3, "1", 4),
        (1, "9223372036854775807", 5),
        (1, "-4", 1),
        (1, "tomorrow", 1),
    ],
)
def test_the_delay_doubles_and_obeys_the_service_up_to_the_limit(
    posts: int, retry_after: str | None, seconds: float
) -> None:
    options = Options(backoff_seconds=1, max_delay_seconds=5)

    assert options.delay(posts, retry_after) == seconds
