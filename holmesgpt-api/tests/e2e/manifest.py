"""Reads the manifest that the Go suite wrote: ids, URLs and the token's file."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
SCHEMA_VERSION = 1
OUTCOMES = ("created", "existing", "failed")
TARGET = "make test-e2e-holmesgpt-api"
SEED_AGAIN = f"seed again with `{TARGET}`"


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
    seeded_by: str = "go_before_suite"

    @classmethod
    def restored(cls, handed_over: Mapping[str, Any]) -> "Manifest":
        """The controller's manifest, in a worker."""
        workflows = tuple(Workflow(**workflow) for workflow in handed_over["workflows"])
        token_file = Path(handed_over["token_file"])
        return cls(**{**handed_over, "workflows": workflows, "token_file": token_file})

    def handed_over(self) -> dict[str, Any]:
        """JSON for the workers, who then need no file."""
        workflows = [asdict(workflow) for workflow in self.workflows]
        return {**asdict(self), "workflows": workflows, "token_file": str(self.token_file)}

    def ids(self) -> dict[str, str]:
        """workflow_name to workflow_id."""
        return {workflow.workflow_name: workflow.workflow_id for workflow in self.workflows}

    def named(self, outcome: str) -> list[str]:
        """Names of the workflows with this outcome."""
        return [w.workflow_name for w in self.workflows if w.outcome == outcome]


@dataclass(frozen=True)
class _Part:
    """An object of the document that knows its place."""

    file: Path
    place: str
    fields: Mapping[str, Any]

    def wrong(self, field: str, what: str, remedy: str = SEED_AGAIN) -> ManifestError:
        return ManifestError(f"{self.file}: {self.place}{field} {what}; {remedy}")

    def get(self, name: str, kind: type[T]) -> T:
        """The field's value; text must not be empty."""
        if name not in self.fields:
            raise self.wrong(name, "is missing")
        value = self.fields[name]
        # JSON's true is an int to isinstance.
        if type(value) is not kind or value == "":
            raise self.wrong(name, f"is {json.dumps(value)[:40]}, not a usable {kind.__name__}")
        return value

    def part(self, name: str) -> "_Part":
        return _Part(self.file, f"{self.place}{name}.", self.get(name, dict))

    def parts(self, name: str) -> "list[_Part]":
        values = enumerate(self.get(name, list))
        whole = _Part(self.file, self.place, {f"{name}[{index}]": value for index, value in values})
        return [whole.part(entry) for entry in whole.fields]


def load(env: Mapping[str, str]) -> Manifest:
    """The manifest that WORKFLOW_MANIFEST names. Raises ManifestError."""
    if not env.get("WORKFLOW_MANIFEST"):
        raise ManifestError(f"WORKFLOW_MANIFEST is not set; run `{TARGET}`, which sets it")
    document = _read(Path(env["WORKFLOW_MANIFEST"]))
    version = document.get("schema_version", int)
    if version != SCHEMA_VERSION:
        raise document.wrong("schema_version", f"is {version}, not {SCHEMA_VERSION}")
    run_id, expected = document.get("run_id", str), env.get("SUITE_RUN_ID")
    if expected and run_id != expected:
        remedy = "seed this run, or correct SUITE_RUN_ID"
        raise document.wrong("run_id", f"is {run_id}, not this run's {expected}", remedy)
    services = document.part("services")
    return Manifest(
        run_id=run_id,
        urls={name: services.part(name).get("url", str) for name in ("datastorage", "hapi")},
        token_file=_token_file(document.part("credentials")),
        workflows=_workflows(document),
    )


def _read(path: Path) -> _Part:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        remedy = f"correct WORKFLOW_MANIFEST or {SEED_AGAIN}"
        raise ManifestError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise ManifestError(f"{path}: is truncated or no JSON ({error}); {SEED_AGAIN}") from error
    if not isinstance(document, dict):
        raise ManifestError(f"{path}: the document is no object; {SEED_AGAIN}")
    return _Part(path, "", document)


def _token_file(credentials: _Part) -> Path:
    path = Path(credentials.get("token_file", str))
    problem = token_problem(path)
    if problem:
        raise credentials.wrong("token_file", problem)
    return path


def token_problem(path: Path) -> str:
    """Why the file has no token; empty when it has one."""
    try:
        return "" if path.read_text(encoding="utf-8").strip() else f"{path} is empty"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        return f"{path} cannot be read ({reason})"


def _workflows(document: _Part) -> tuple[Workflow, ...]:
    entries = document.parts("workflows")
    found = Counter(_outcome(entry) for entry in entries)
    summary = document.part("summary")
    counts = {name: summary.get(name, int) for name in (*OUTCOMES, "total")}
    if counts["failed"]:
        names = [e.get("workflow_name", str) for e in entries if e.fields["outcome"] == "failed"]
        raise document.wrong("summary.failed", f"is {counts['failed']}: {', '.join(names)}")
    actual = {name: found[name] for name in OUTCOMES} | {"total": len(entries)}
    for name, number in actual.items():
        if counts[name] != number or not entries:
            what = f"is {counts[name]} and workflows has {number}"
            raise document.wrong(f"summary.{name}", what)
    workflows = tuple(_workflow(entry) for entry in entries)
    for field in ("workflow_name", "workflow_id"):
        if len({getattr(workflow, field) for workflow in workflows}) != len(workflows):
            raise document.wrong("workflows", f"has the same {field} twice")
    return workflows


def _outcome(entry: _Part) -> str:
    outcome = entry.get("outcome", str)
    if outcome not in OUTCOMES:
        raise entry.wrong("outcome", f"is {outcome}, not {' or '.join(OUTCOMES)}")
    return outcome


def _workflow(entry: _Part) -> Workflow:
    return Workflow(
        workflow_name=entry.get("workflow_name", str),
        workflow_id=entry.get("workflow_id", str),
        content_hash=entry.get("content_hash", str),
        outcome=entry.get("outcome", str),
    )
