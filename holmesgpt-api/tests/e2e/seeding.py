"""Where the workflows of a run come from: Go's manifest, or a seed in pytest's controller."""

import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import manifest
from manifest import Manifest, ManifestError, Workflow

OPTION = "--bootstrap-workflows"
GO = f"set WORKFLOW_MANIFEST (`{manifest.TARGET}` does)"


def manifest_of(bootstrap: bool, env: Mapping[str, str]) -> Manifest:
    """The manifest of the run. Raises ManifestError."""
    if not bootstrap:
        if not env.get("WORKFLOW_MANIFEST"):
            raise ManifestError(f"no workflows are seeded: {GO}, or give {OPTION} to seed here")
        return manifest.load(env)
    if env.get("WORKFLOW_MANIFEST"):
        raise ManifestError(
            f"WORKFLOW_MANIFEST says that Go has seeded, and {OPTION} would seed again; "
            "unset the one or leave out the other"
        )
    return _seeded(env)


def _seeded(env: Mapping[str, str]) -> Manifest:
    datastorage, hapi = env.get("DATA_STORAGE_URL"), env.get("HAPI_URL")
    token_file = env.get("DATA_STORAGE_TOKEN_FILE")
    if not (datastorage and hapi and token_file):
        given = {"DATA_STORAGE_URL": datastorage, "HAPI_URL": hapi}
        given["DATA_STORAGE_TOKEN_FILE"] = token_file
        unset = ", ".join(name for name, value in given.items() if not value)
        raise ManifestError(f"{OPTION} needs {unset}; set it, or without {OPTION} {GO}")
    problem = manifest.token_problem(Path(token_file))
    if problem:
        raise ManifestError(f"DATA_STORAGE_TOKEN_FILE {problem}; correct it")
    return Manifest(
        run_id=env.get("SUITE_RUN_ID") or uuid.uuid4().hex,
        urls={"datastorage": datastorage, "hapi": hapi},
        token_file=Path(token_file),
        workflows=_workflows(datastorage, Path(token_file)),
        seeded_by="pytest_controller",
    )


def _workflows(url: str, token_file: Path) -> tuple[Workflow, ...]:
    # Workers import this module too, and must not pay for YAML that they do not read.
    from workflow_files import WorkflowFilesError
    from workflow_fixtures import bootstrap_workflows

    try:
        result = bootstrap_workflows(url, token_file, output=sys.stdout)
    except WorkflowFilesError as error:
        raise ManifestError(str(error)) from error
    if result["failed"]:
        count = f"{len(result['failed'])} of {result['total']} workflows failed to seed"
        raise ManifestError(f"{url}: {count}: {_reasons(result['failed'])}")
    return tuple(
        Workflow(
            workflow_name=workflow["workflow_name"],
            workflow_id=workflow["workflow_id"],
            content_hash=workflow["content_hash"],
            outcome=workflow["outcome"],
        )
        for workflow in result["workflows"]
    )


def _reasons(failed: Sequence[Mapping[str, Any]]) -> str:
    """Each reason once, with the workflows that have it."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for failure in failed:
        same = failure["reason"].partition(" [request ")[0]
        groups.setdefault(same, []).append(failure)
    return "; ".join(
        f"{', '.join(failure['workflow_name'] for failure in group)}: {group[0]['reason']}"
        for group in groups.values()
    )
