"""Reads the manifest that the Go suite wrote: ids, URLs and the token's file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
REMEDY = "run `make test-e2e-holmesgpt-api`, which writes it"


class ManifestError(Exception):
    """The manifest cannot be used; one sentence with file, field and remedy."""


@dataclass(frozen=True)
class Workflow:
    """One seeded workflow."""

    workflow_name: str
    workflow_id: str
    content_hash: str
    outcome: str


@dataclass(frozen=True)
class Manifest:
    """What the workers need to know of the run."""

    run_id: str
    urls: Mapping[str, str]
    token_file: Path
    workflows: tuple[Workflow, ...]

    def ids(self) -> dict[str, str]:
        """workflow_name to workflow_id."""
        return {workflow.workflow_name: workflow.workflow_id for workflow in self.workflows}

    def named(self, outcome: str) -> list[str]:
        """Names of the workflows with this outcome."""
        return [w.workflow_name for w in self.workflows if w.outcome == outcome]


def load(env: Mapping[str, str]) -> Manifest:
    """The manifest that WORKFLOW_MANIFEST names. Raises ManifestError."""
    if not env.get("WORKFLOW_MANIFEST"):
        raise ManifestError(f"WORKFLOW_MANIFEST is not set; {REMEDY}")
    path = Path(env["WORKFLOW_MANIFEST"])
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path}: cannot be read ({error.strerror}); {REMEDY}") from error
    except ValueError as error:
        raise ManifestError(f"{path}: is truncated or no JSON ({error}); {REMEDY}") from error
    try:
        _check(document, path, env.get("SUITE_RUN_ID"))
        return _manifest(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{path}: field {error} is missing or wrong; {REMEDY}") from error


def _check(document: Any, path: Path, run_id: str | None) -> None:
    version = document["schema_version"]
    if version != SCHEMA_VERSION:
        raise ManifestError(f"{path}: schema_version is {version}, not {SCHEMA_VERSION}; {REMEDY}")
    if run_id and document["run_id"] != run_id:
        found = document["run_id"]
        raise ManifestError(f"{path}: run_id is {found}, not that of this run ({run_id}); {REMEDY}")
    summary, entries = document["summary"], document["workflows"]
    if summary["failed"] or len(entries) != summary["total"] or not entries:
        raise ManifestError(
            f"{path}: summary says {summary['failed']} failed and {summary['total']} in all,"
            f" workflows has {len(entries)}; seed again: {REMEDY}"
        )
    if len({entry["workflow_id"] for entry in entries}) != len(entries):
        raise ManifestError(f"{path}: workflows have the same workflow_id; seed again: {REMEDY}")


def _manifest(document: Any) -> Manifest:
    fields = ("workflow_name", "workflow_id", "content_hash", "outcome")
    return Manifest(
        run_id=document["run_id"],
        urls={name: service["url"] for name, service in document["services"].items()},
        token_file=Path(document["credentials"]["token_file"]),
        workflows=tuple(
            Workflow(**{name: entry[name] for name in fields}) for entry in document["workflows"]
        ),
    )
