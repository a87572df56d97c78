"""Proofs of seeding and of the services: a mutant makes the unit test of its guarantee fail."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from prove.run import Outcome, copied, go_mutant, goes_red, mutated, run_go, run_pytest

SEED = "./test/infrastructure/seed"
FILES = "./test/infrastructure/files"
CATALOGUE = "datastorage/tests/test_workflow_routes.py"
ANALYSIS = "holmesgpt-api/tests/unit/test_app.py"


@cache
def healthy_go(package: str) -> Outcome:
    """The tests of a Go package on the real code, once for all proofs."""
    return run_go(package, env=os.environ)


def in_go(package: str, file: str, old: str, new: str, check: str) -> None:
    """The check of a Go package goes red on a mutant of one of its files."""
    with go_mutant(f"{package.removeprefix('./')}/{file}", old, new) as env:
        goes_red(check, healthy_go(package), run_go(package, f"-run=^{check}$", env=env))


def in_python(package: str, file: str, old: str, new: str, node: tuple[str, str]) -> None:
    """The check of a test file goes red on a mutant of a package's file."""
    test = "::".join(node)
    with copied(package) as (_, python):
        healthy = run_pytest(test, python=python)
    with mutated(package, file, old, new) as python:
        goes_red(node[1], healthy, run_pytest(test, python=python))


def drift_taken_for_existing(_: Path) -> None:
    """A seeder that takes any refusal for "is there already" is noticed."""
    refused = "if !busy || posts == opts.Attempts {\n\t\t\treturn answer{outcome: manifest."
    check = "TestDriftFailsWithItsFieldsAndIsNotRetried"
    in_go(SEED, "post.go", f"{refused}Failed", f"{refused}Existing", check)


def every_error_retried(_: Path) -> None:
    """A seeder that sends again what was refused for good is noticed."""
    busy = "status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable"
    in_go(SEED, "post.go", busy, "status >= http.StatusBadRequest", "TestOnlyBusyRepliesAreRetried")


def ids_not_compared(_: Path) -> None:
    """Two workflows with one id are noticed."""
    compared = "if w.WorkflowID == "
    in_go(SEED, "seed.go", f'{compared}""', f"{compared}w.WorkflowID", "TestSharedIDsAreAnError")


def workflows_unchecked(_: Path) -> None:
    """A workflow with an unknown value that is posted is noticed."""
    in_go(SEED, "input.go", "return in.Validate()", "return nil", "TestInvalidDataIsNeverPosted")


def manifest_for_all_to_read(_: Path) -> None:
    """A manifest that other users may read is noticed."""
    mode = "const mode = 0o6"
    check = "TestWrittenFileIsItsOwnersAlone"
    in_go(FILES, "files.go", f"{mode}00", f"{mode}44", check)


def drift_unnoticed(_: Path) -> None:
    """A catalogue that answers another workflow with the id of this one is noticed."""
    compared = '"conflict" if differing else "existing"'
    node = (CATALOGUE, "test_different_fields_conflict_by_name")
    in_python("datastorage", "datastorage/creation.py", compared, '"existing"', node)


def content_hash_unverified(_: Path) -> None:
    """A catalogue that believes any content_hash is noticed."""
    verified = "if content_hash(workflow.content) != workflow.content_hash:"
    node = (CATALOGUE, "test_wrong_hash_is_refused")
    in_python("datastorage", "datastorage/patterns.py", verified, "if False:", node)


def choice_unchecked(_: Path) -> None:
    """A workflow of the LLM's that is used without a look into the catalogue is noticed."""
    judged = "_Step(verdict.errors, answer, verdict.workflow, verdict.reason)"
    node = (ANALYSIS, "test_an_unknown_workflow_is_not_selected")
    trusted = "_Step([], answer, verdict.workflow)"
    in_python("holmesgpt-api", "holmesgpt_api/analysis.py", judged, trusted, node)


def attempt_too_many(_: Path) -> None:
    """A fourth attempt at an answer is noticed."""
    node = (ANALYSIS, "test_three_unreadable_answers_end_the_analysis")
    limit = "MAX_ATTEMPTS = "
    in_python("holmesgpt-api", "holmesgpt_api/analysis.py", f"{limit}3", f"{limit}4", node)


PROOFS: list[Callable[[Path], None]] = [
    drift_taken_for_existing,
    every_error_retried,
    ids_not_compared,
    workflows_unchecked,
    manifest_for_all_to_read,
    drift_unnoticed,
    content_hash_unverified,
    choice_unchecked,
    attempt_too_many,
]
