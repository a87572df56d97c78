"""Reading the manifest: what it yields, and one sentence for each way to be wrong."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from manifest import ManifestError, load

CONTRACT = Path(__file__).parents[3] / "api" / "workflow-manifest.schema.json"
Write = Callable[..., dict[str, str]]
Change = Callable[[dict[str, Any]], object]


def fail_one(content: dict[str, Any]) -> None:
    """As the seeder leaves it when one workflow could not be stored."""
    content["workflows"][4] |= {"outcome": "failed", "workflow_id": ""}
    content["summary"] |= {"created": 8, "failed": 1}


def same(field: str) -> Change:
    """Give two workflows the same value."""
    return lambda content: content["workflows"][3].update({field: content["workflows"][2][field]})


def test_a_complete_manifest_yields_ids_urls_and_the_tokens_file(write: Write) -> None:
    manifest = load(write())

    assert manifest.run_id == "run-1"
    assert manifest.urls["hapi"] == "http://hapi.example"
    assert manifest.token_file.read_text() == "secret"
    assert len(manifest.ids()) == 11
    assert manifest.ids()["workflow-10"].endswith("010")
    assert manifest.named("existing") == ["workflow-00", "workflow-01"]
    assert len(manifest.named("created")) == 9
    assert manifest.named("failed") == []


def test_the_tests_manifest_follows_the_contract(write: Write) -> None:
    content = json.loads(Path(write()["WORKFLOW_MANIFEST"]).read_text())

    jsonschema.validate(content, json.loads(CONTRACT.read_text()))


def test_any_run_is_accepted_when_no_run_is_named(write: Write) -> None:
    env = write()
    del env["SUITE_RUN_ID"]

    assert load(env).run_id == "run-1"


def test_reading_takes_less_than_a_millisecond(write: Write) -> None:
    env, best = write(), 1.0
    for _ in range(50):
        begun = time.perf_counter()
        load(env)
        best = min(best, time.perf_counter() - begun)

    assert best < 0.001


@pytest.mark.parametrize("env", [{}, {"WORKFLOW_MANIFEST": ""}])
def test_without_a_manifest_variable_and_make_target_are_named(env: dict[str, str]) -> None:
    with pytest.raises(ManifestError, match=r"WORKFLOW_MANIFEST.*make test-e2e-holmesgpt-api"):
        load(env)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c: c.update(schema_version=2), "schema_version is 2"),
        (lambda c: c.update(schema_version=True), "schema_version is true"),
        (lambda c: c.pop("schema_version"), "schema_version is missing"),
        (lambda c: c.update(run_id="run-0"), "run_id is run-0, not this run's run-1"),
        (lambda c: c["services"].pop("hapi"), "services.hapi is missing"),
        (lambda c: c["services"]["hapi"].update(url=""), 'services.hapi.url is ""'),
        (lambda c: c.update(credentials=[]), "credentials is []"),
        (lambda c: c["credentials"].pop("token_file"), "credentials.token_file is missing"),
        (lambda c: c["workflows"].pop(), "summary.created is 9 and workflows has 8"),
        (lambda c: c.update(workflows=[]), "summary.created is 9 and workflows has 0"),
        (lambda c: c["workflows"].insert(0, "text"), 'workflows[0] is "text"'),
        (lambda c: c["workflows"][3].pop("workflow_id"), "workflows[3].workflow_id is missing"),
        (lambda c: c["workflows"][3].update(workflow_id=""), 'workflows[3].workflow_id is ""'),
        (lambda c: c["summary"].update(total=12), "summary.total is 12 and workflows has 11"),
        (lambda c: c["summary"].pop("failed"), "summary.failed is missing"),
        (fail_one, "summary.failed is 1: workflow-04"),
        (same("workflow_id"), "workflows has the same workflow_id twice"),
        (same("workflow_name"), "workflows has the same workflow_name twice"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_remedy(
    write: Write, change: Change, field: str
) -> None:
    env = write(change)

    with pytest.raises(ManifestError) as caught:
        load(env)

    sentence = str(caught.value)
    assert sentence.startswith(f"{env['WORKFLOW_MANIFEST']}: {field}")
    assert "; seed " in sentence
    assert "\n" not in sentence


def test_a_manifest_that_seeded_nothing_is_incomplete(write: Write) -> None:
    nothing = {"created": 0, "existing": 0, "failed": 0, "total": 0}

    with pytest.raises(ManifestError, match="workflows has 0"):
        load(write(lambda content: content.update(workflows=[], summary=nothing)))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _: None, "cannot be read (No such file or directory)"),
        (lambda path: path.mkdir(), "cannot be read (Is a directory)"),
        (lambda path: path.write_bytes(b"\xff"), "cannot be read (it is no text)"),
        (lambda path: path.write_text("\n"), "is empty"),
    ],
    ids=["missing", "directory", "binary", "empty"],
)
def test_a_tokens_file_that_cannot_be_used_is_named(
    write: Write, tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "client.token"
    make(path)

    with pytest.raises(ManifestError) as caught:
        load(write(lambda c: c["credentials"].update(token_file=str(path))))

    assert f"credentials.token_file {path} {reason}; seed again" in str(caught.value)


def test_an_unknown_outcome_is_named(write: Write) -> None:
    def change(content: dict[str, Any]) -> None:
        content["workflows"][0]["outcome"] = "maybe"

    with pytest.raises(ManifestError, match=r"workflows\[0\].outcome is maybe"):
        load(write(change))


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "truncated"), ('{"schema_version": 1, "run', "truncated"), ("[]", "is no object")],
)
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)

    with pytest.raises(ManifestError, match=what) as caught:
        load({"WORKFLOW_MANIFEST": str(path)})

    assert str(path) in str(caught.value)


def test_a_missing_file_is_named_with_its_variable(tmp_path: Path) -> None:
    path = tmp_path / "none.json"

    with pytest.raises(ManifestError, match=r"No such file.*WORKFLOW_MANIFEST") as caught:
        load({"WORKFLOW_MANIFEST": str(path)})

    assert str(path) in str(caught.value)
