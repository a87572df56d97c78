"""Each test runs pytest, with the plugin, in a process and a folder of its own."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "api" / "event-log.schema.json").read_text(encoding="utf-8")
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A runner in the background of a shell has it so, and children would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _as_on_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest prints whole messages in CI, also those that are no text.
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("BUILD_NUMBER", raising=False)


@pytest.fixture(autouse=True)
def _lean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run pytest with NESTED_PYTHON, in whose environment few plugins have to be imported."""
    monkeypatch.setattr(sys, "executable", os.environ.get("NESTED_PYTHON", sys.executable))


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest; warnings are errors there too."""
    return lambda *args: pytester.runpytest_subprocess("-W", "error", *args)


@pytest.fixture
def events(pytester: pytest.Pytester, run: Run) -> Callable[..., list[dict[str, Any]]]:
    """Run pytest and return its events, each of which the schema of the log allows."""

    def read(*args: str) -> list[dict[str, Any]]:
        run("--ginkgo-events=out/events.jsonl", *args)
        text = (pytester.path / "out" / "events.jsonl").read_text(encoding="utf-8")
        found = [json.loads(line) for line in text.splitlines()]
        for event in found:
            validate(event)
        return found

    return read


def validate(event: dict[str, Any]) -> None:
    """Against the definition of its kind, so that the message names the field."""
    schema = {"$ref": f"#/$defs/{event['event']}", "$defs": SCHEMA["$defs"]}
    jsonschema.validate(event, schema, jsonschema.Draft202012Validator)


@pytest.fixture
def collection(pytester: pytest.Pytester, run: Run) -> Callable[..., dict[str, Any]]:
    """Collect and return the document."""

    def read(*args: str) -> dict[str, Any]:
        run("--collect-only", "--ginkgo-collect=out/tests.json", *args)
        document: dict[str, Any] = json.loads((pytester.path / "out" / "tests.json").read_text())
        assert list((pytester.path / "out").iterdir()) == [pytester.path / "out" / "tests.json"]
        return document

    return read
