"""Each test runs pytest, with the plugin, in a process and a folder of its own."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest; warnings are errors there too."""
    return lambda *args: pytester.runpytest_subprocess("-W", "error", *args)


@pytest.fixture
def events(pytester: pytest.Pytester, run: Run) -> Callable[..., list[dict[str, Any]]]:
    """Run pytest and return its events."""

    def read(*args: str) -> list[dict[str, Any]]:
        run("--ginkgo-events=out/events.jsonl", *args)
        text = (pytester.path / "out" / "events.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    return read


@pytest.fixture
def collection(pytester: pytest.Pytester, run: Run) -> Callable[..., dict[str, Any]]:
    """Collect and return the document."""

    def read(*args: str) -> dict[str, Any]:
        run("--collect-only", "--ginkgo-collect=out/tests.json", *args)
        document: dict[str, Any] = json.loads((pytester.path / "out" / "tests.json").read_text())
        assert list((pytester.path / "out").iterdir()) == [pytester.path / "out" / "tests.json"]
        return document

    return read
