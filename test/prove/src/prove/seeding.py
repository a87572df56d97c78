"""Proofs of seeding from Python: once, in the controller, and the same as from Go."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from prove.run import (
    E2E_PYTHON,
    REPORTS,
    Outcome,
    expect,
    goes_red,
    mutated,
    run_pytest,
    run_suite,
)

WORKFLOWS = 11
FIXTURES = "holmesgpt-api/tests/fixtures"
WORKFLOW_FILES = "holmesgpt_api_fixtures/workflow_files.py"
PACKAGE, FILE = "bridge/pytest-ginkgo", "pytest_ginkgo/once.py"
CHECKS = f"{PACKAGE}/tests/test_once.py"


def preparing_in_workers(_: Path) -> None:
    """Workers that prepare for themselves are noticed."""
    red(
        "test_every_process_gets_what_one_process_prepared[-n2 --dist=load]",
        'if hasattr(config, "workerinput"):\n        if name',
        "if False:\n        if name",
    )


def replaced_worker_without_data(_: Path) -> None:
    """A replaced worker that gets nothing is noticed."""
    red(
        "test_a_replaced_worker_gets_the_data",
        "node.workerinput[WORKER_INPUT] = self.texts()",
        'node.workerinput[WORKER_INPUT] = self.texts() if node.gateway.id < "gw2" else {}',
    )


def clean_up_before_workers_end(_: Path) -> None:
    """A clean-up while workers are still alive is noticed."""
    red(
        "test_every_process_gets_what_one_process_prepared[-n2 --dist=load]",
        "@pytest.hookimpl(trylast=True)\n    def pytest_sessionfinish",
        "@pytest.hookimpl(tryfirst=True)\n    def pytest_sessionfinish",
    )


def seeders_that_disagree(tests: Path) -> None:
    """A Python seeder that sends something else than Go's is refused by the catalogue."""
    by_go = run_suite(tests)
    expect(by_go.code == 0, "the suite is not green", by_go)
    agreed = seed_from_python(tests, E2E_PYTHON)
    expect(agreed.code == 0, f"exit code {agreed.code}", agreed)
    expect(f"Existing: {WORKFLOWS}" in agreed.output, "Go's workflows were not found", agreed)
    derived = 'yield {"required": False, "description": "", **given}'
    other = 'yield {**given, "required": False}'
    with mutated(FIXTURES, WORKFLOW_FILES, derived, other, E2E_PYTHON) as python:
        differing = seed_from_python(tests, python)
    expect(differing.code != 0, "exit code 0", differing)
    expect("HTTP 409" in differing.output, "the catalogue took it", differing)
    expect(differing.output.count("parameters") > 0, "the field is not named", differing)


def seed_from_python(tests: Path, python: Path) -> Outcome:
    """Run the suite without Go on the stack that Go seeded."""
    latest = REPORTS / "e2e-holmesgpt-api" / "latest" / "manifest.json"
    manifest = json.loads(latest.read_text())
    environment = os.environ | {
        "DATA_STORAGE_URL": manifest["services"]["datastorage"]["url"],
        "HAPI_URL": manifest["services"]["hapi"]["url"],
        "DATA_STORAGE_TOKEN_FILE": manifest["credentials"]["token_file"],
    }
    arguments = ("-n", "2", "--bootstrap-workflows", ".")
    return run_pytest(*arguments, env=environment, python=python, cwd=tests)


def red(check: str, old: str, new: str) -> None:
    """The check is green, and red on the mutant."""
    node = f"{CHECKS}::{check}"
    with mutated(PACKAGE, FILE, old, new) as python:
        goes_red(check, run_pytest(node), run_pytest(node, python=python))


PROOFS: list[Callable[[Path], None]] = [
    preparing_in_workers,
    replaced_worker_without_data,
    clean_up_before_workers_end,
    seeders_that_disagree,
]
