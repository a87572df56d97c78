"""Proofs of the suite: one seed, one manifest, one spec for each Python test."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prove.run import (
    E2E_PYTHON,
    ROOT,
    expect,
    go_mutant,
    replaced,
    run_pytest,
    run_suite,
)

INTEGRATION = ROOT / "holmesgpt-api" / "tests" / "integration"
SPECS = 18
EXIT_CODE = 3
# A worker's death is noticed, not waited out.
SUITE_LIMIT_SECONDS = 90


def unchanged(tests: Path) -> None:
    """The control: with nothing switched off the suite is green."""
    outcome = run_suite(tests)
    passed = len(outcome.named("passed"))
    expect(outcome.code == 0 and passed == SPECS, f"{passed} of {SPECS} passed", outcome)


def broken_assertion(tests: Path) -> None:
    """One wrong assertion fails exactly that spec, at its Python line."""
    extra = tests / "test_workflow_selection_e2e.py"
    lines = extra.read_text().count("\n")
    with extra.open("a") as file:
        file.write("\n\ndef test_broken_on_purpose() -> None:\n    assert 1 == 2\n")
    outcome = run_suite(tests)
    failed = outcome.named("failed")
    expect(failed == ["test_broken_on_purpose"], f"failed specs: {failed}", outcome)
    location = f"test_workflow_selection_e2e.py:{lines + 4}"
    expect(location in outcome.output, f"{location} is not in the output", outcome)
    expect(outcome.code != 0, "exit code 0", outcome)


def broken_integration_assertion(tests: Path) -> None:
    """One wrong assertion of HAPI's integration tests fails exactly that spec, at its line."""
    copy = tests.parent / "integration"
    shutil.copytree(INTEGRATION, copy, ignore=shutil.ignore_patterns("__pycache__"))
    file = copy / "test_labels.py"
    broken = 'assert found["confidence"] == 0.25'
    text = replaced(file, 'assert found["confidence"] == 0.5', broken)
    file.write_text(text)
    outcome = run_suite(copy, suite="integration/holmesgptapi")
    failed = outcome.named("failed")
    wanted = "test_without_optional_labels_it_is_one_half"
    expect(failed == [wanted], f"failed specs: {failed}", outcome)
    passed = len(outcome.named("passed"))
    expect(len(outcome.checks) == passed + 1 > 50, f"{passed} passed", outcome)
    location = f"test_labels.py:{text[: text.index(broken)].count(chr(10)) + 1}"
    expect(location in outcome.output, f"{location} is not in the output", outcome)
    expect(outcome.code != 0, "exit code 0", outcome)


def added_test(tests: Path) -> None:
    """A test that is added is a spec without further work."""
    (tests / "test_added.py").write_text("def test_added() -> None:\n    assert True\n")
    outcome = run_suite(tests)
    wanted = f"Ran {SPECS + 1} of {SPECS + 1} Specs"
    expect(outcome.code == 0 and wanted in outcome.output, f"not seen: {wanted}", outcome)


def naive_seeding(tests: Path) -> None:
    """A fixture that seeds in every worker breaks the POST invariant."""
    (tests / "test_naive.py").write_text(NAIVE)
    outcome = run_suite(tests)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect("POST /api/v1/workflows" in outcome.output, "the invariant is not named", outcome)
    expect(not outcome.named("failed"), f"specs failed: {outcome.named('failed')}", outcome)


NAIVE = '''"""Posts a workflow from a test: what a worker must never do."""

import json
import os
from pathlib import Path

import requests


def test_posts_from_a_worker() -> None:
    manifest = json.loads(Path(os.environ["WORKFLOW_MANIFEST"]).read_text())
    token = Path(manifest["credentials"]["token_file"]).read_text()
    answer = requests.post(
        manifest["services"]["datastorage"]["url"] + "/api/v1/workflows",
        json={},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 400
'''


def printed_token(tests: Path) -> None:
    """A token that gets into a report is noticed."""
    (tests / "test_prints.py").write_text(PRINTS)
    outcome = run_suite(tests)
    leaked = "no log and no report has a secret, but"
    expect(outcome.code != 0 and leaked in outcome.output, f"not seen: {leaked}", outcome)
    expect(not outcome.named("failed"), f"specs failed: {outcome.named('failed')}", outcome)


PRINTS = '''"""Prints the token, which is then in the event log."""

from holmesgpt_api_fixtures.manifest import Manifest


def test_prints_its_token(manifest: Manifest) -> None:
    print(manifest.token_file.read_text())
'''


def killed_worker(tests: Path) -> None:
    """A worker that dies fails its test, and the rest goes on."""
    (tests / "test_killed.py").write_text(
        "import os\n\n\ndef test_kills_its_worker() -> None:\n    os._exit(7)\n"
    )
    started = time.monotonic()
    outcome = run_suite(tests)
    failed, passed = outcome.named("failed"), len(outcome.named("passed"))
    expect(failed == ["test_kills_its_worker"], f"failed specs: {failed}", outcome)
    expect(passed == SPECS, f"{passed} passed", outcome)
    expect(time.monotonic() - started < SUITE_LIMIT_SECONDS, "it took too long", outcome)


def dead_part(tests: Path) -> None:
    """A part that dies is named with how it ended, although only its callers fail."""
    (tests / "test_kill.py").write_text(KILL)
    outcome = run_suite(tests)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect("mock-llm ended: signal: killed" in outcome.output, "the part is not named", outcome)


KILL = '''"""Kills the Mock LLM of the stack that the proofs share; its folder is in TMPDIR."""

import os
import signal
from pathlib import Path


def test_kills_the_mock_llm() -> None:
    mark = f"TMPDIR={os.environ['TMPDIR']}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in environment.split(b"\\0") and b"mock_llm" in command.split(b"\\0"):
            found.append(int(process.name))
    assert len(found) == 1
    os.kill(found[0], signal.SIGKILL)
'''


def collection_error(tests: Path) -> None:
    """A module that cannot be imported is one failing spec, before any stack."""
    (tests / "test_unimportable.py").write_text("import no_such_module\n")
    outcome = run_suite(tests)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect("no_such_module" in outcome.output, "the cause is not shown", outcome)


def failed_seed(tests: Path) -> None:
    """A workflow that cannot be stored stops the suite before pytest, with its name."""
    workflow = "generic-restart-v1"
    healthy = run_suite(tests)
    expect(healthy.code == 0, "the suite is not green", healthy)
    with go_mutant(f"test/workflows/{workflow}.yaml", "status: active", "status: disabled") as env:
        outcome = run_suite(tests, env=env)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect(f"{workflow}: HTTP 409" in outcome.output, "the workflow is not named", outcome)
    expect(not outcome.named("passed"), f"tests ran: {outcome.named('passed')}", outcome)


def wrong_workflow(tests: Path) -> None:
    """A workflow file with an unknown value stops the suite before any part is started."""
    file = "generic-restart-v1.yaml"
    with go_mutant(f"test/workflows/{file}", "severity: medium", "severity: urgent") as env:
        outcome = run_suite(tests, env=env)
    expect(outcome.code != 0, "exit code 0", outcome)
    told = f'{file}: labels.severity is "urgent"' in outcome.output
    expect(told, "file and field are not named", outcome)
    expect("control plane:" not in outcome.output, "the stack was started", outcome)


def truncated_manifest(tests: Path) -> None:
    """A cut manifest ends the whole run once, with one sentence and a JUnit file."""
    manifest = write_manifest(tests)
    manifest.write_text(manifest.read_text()[:200])
    refused(tests, "is truncated or not valid JSON")


def foreign_manifest(tests: Path) -> None:
    """The manifest of another run ends the run, although it is complete."""
    write_manifest(tests, run_id="another")
    refused(tests, "run_id is another, not this run's proof")


def token_file_not_named(tests: Path) -> None:
    """A manifest without the token's file ends the run."""
    write_manifest(tests, credentials={})
    refused(tests, "credentials.token_file is missing")


def token_file_unreadable(tests: Path) -> None:
    """A token's file that cannot be read ends the run, before a test asks for it."""
    write_manifest(tests, credentials={"token_file": str(tests / "absent.token")})
    refused(tests, "absent.token cannot be read")


def refused(tests: Path, reason: str) -> None:
    """The run ends before any test, with the reason said once and in the JUnit file."""
    manifest = tests / "manifest.json"
    environment = os.environ | {"WORKFLOW_MANIFEST": str(manifest), "SUITE_RUN_ID": "proof"}
    outcome = run_pytest("-q", "-n", "2", ".", env=environment, python=E2E_PYTHON, cwd=tests)
    expect(outcome.code == EXIT_CODE, f"exit code {outcome.code}", outcome)
    expect(str(manifest) in outcome.output, "the file is not named", outcome)
    expect(outcome.output.count(reason) == 1, f"not said once: {reason}", outcome)
    expect(outcome.checks == [("workflow bootstrap", "error")], f"{outcome.checks}", outcome)


def write_manifest(tests: Path, **changes: Any) -> Path:
    """A complete manifest of the run `proof`, but for the changes."""
    (tests / "client.token").write_text("token")
    services = {"datastorage", "hapi", "mock_llm"}
    document = {
        "schema_version": 1,
        "run_id": "proof",
        "created_at": "2026-01-01T00:00:00Z",
        "services": {name: {"url": f"http://{name}.invalid"} for name in services},
        "credentials": {"token_file": str(tests / "client.token")},
        "workflows": [
            {
                "workflow_name": "restart",
                "version": "1.0.0",
                "environments": ["*"],
                "workflow_id": "00000000-0000-4000-8000-000000000001",
                "content_hash": "0" * 64,
                "outcome": "created",
            }
        ],
        "summary": {"created": 1, "existing": 0, "failed": 0, "total": 1},
    }
    manifest = tests / "manifest.json"
    manifest.write_text(json.dumps(document | changes))
    return manifest


PROOFS: list[Callable[[Path], None]] = [
    unchanged,
    broken_assertion,
    broken_integration_assertion,
    added_test,
    naive_seeding,
    printed_token,
    killed_worker,
    dead_part,
    collection_error,
    failed_seed,
    wrong_workflow,
    truncated_manifest,
    foreign_manifest,
    token_file_not_named,
    token_file_unreadable,
]
