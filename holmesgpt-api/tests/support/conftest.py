"""Makes the modules of the end-to-end tests and their fixtures importable, and fakes services."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
# Only the end-to-end suite's own pytest.ini puts these folders on the path.
for folder in ("support", "fixtures", "e2e"):
    pytest.MonkeyPatch().syspath_prepend(str(TESTS / folder))

from fake_datastorage import FakeDataStorage  # noqa: E402 # found after the lines above

Change = Callable[[dict[str, Any]], object]
Write = Callable[..., dict[str, str]]


def document() -> dict[str, Any]:
    """A complete manifest of eleven workflows, two of which existed before."""
    workflows = [
        {
            "workflow_name": f"workflow-{number:02}",
            "version": "1.0.0",
            "environments": ["production"],
            "workflow_id": f"00000000-0000-4000-8000-{number:012}",
            "content_hash": f"{number:064x}",
            "outcome": "existing" if number < 2 else "created",
        }
        for number in range(11)
    ]
    urls = {name: {"url": f"http://{name}.example"} for name in ("datastorage", "hapi", "mock_llm")}
    return {
        "schema_version": 1,
        "run_id": "run-1",
        "created_at": "2026-01-01T00:00:00Z",
        "services": urls,
        "credentials": {"token_file": "token"},
        "workflows": workflows,
        "summary": {"created": 9, "existing": 2, "failed": 0, "total": 11},
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a changed manifest; returns the environment that names it."""

    def write(change: Change = lambda _: None) -> dict[str, str]:
        path = tmp_path / "manifest.json"
        content = document()
        token = tmp_path / "token"
        token.write_text("secret")
        content["credentials"]["token_file"] = str(token)
        change(content)
        path.write_text(json.dumps(content))
        return {"WORKFLOW_MANIFEST": str(path), "SUITE_RUN_ID": "run-1"}

    return write


@pytest.fixture
def catalogue() -> Iterator[FakeDataStorage]:
    """An empty catalogue."""
    with FakeDataStorage() as server:
        yield server


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """The suite's token."""
    path = tmp_path / "token"
    path.write_text("secret\n")
    return path
