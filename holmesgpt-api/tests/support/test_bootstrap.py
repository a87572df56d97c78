"""A manifest that cannot be used ends the whole end-to-end run once, before any test."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

E2E = Path(__file__).parents[1] / "e2e"
Write = Callable[..., dict[str, str]]
both_modes = pytest.mark.parametrize("workers", ["0", "2"])


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the end-to-end tests with no other setting of this run's pytest."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "WORKFLOW_", "SUITE_", "KUBERNAUT_"))
    }
    command = [sys.executable, "-m", "pytest", str(E2E), "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, env=kept | env, capture_output=True, text=True, timeout=60, check=False
    )


@both_modes
def test_an_unset_manifest_is_told_once(tmp_path: Path, workers: str) -> None:
    junit = tmp_path / "junit.xml"

    result = run("-n", workers, f"--junitxml={junit}")

    assert result.returncode == 3, result.stdout + result.stderr
    assert (result.stdout + result.stderr).count("WORKFLOW_MANIFEST is not set") == 1
    assert "1 error" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    (case,) = ElementTree.parse(junit).getroot().iter("testcase")
    assert case.get("name") == "workflow bootstrap"
    (error,) = case.iter("error")
    assert "make test-e2e-holmesgpt-api" in str(error.get("message")) + str(error.text)


@both_modes
def test_a_foreign_manifest_is_told_once(write: Write, workers: str) -> None:
    env = write() | {"SUITE_RUN_ID": "run-2"}

    result = run("-q", "-n", workers, **env)

    assert result.returncode == 3, result.stdout + result.stderr
    assert result.stdout.count("run_id is run-1, not this run's run-2") == 1


@both_modes
def test_collecting_needs_no_manifest_and_finds_the_eighteen_tests(workers: str) -> None:
    result = run("--collect-only", "-q", "-n", workers)

    assert result.returncode == 0, result.stdout + result.stderr
    tests = [line for line in result.stdout.splitlines() if "::" in line]
    for file, count in (
        ("audit_pipeline", 4),
        ("mock_llm_edge_cases", 8),
        ("workflow_selection", 6),
    ):
        assert len([test for test in tests if f"test_{file}_e2e.py::" in test]) == count
    assert len(tests) == 18
