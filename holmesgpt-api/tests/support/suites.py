"""Small suites that use the end-to-end tests' own conftest.py, run as a person runs them."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

TESTS = Path(__file__).parents[1]
# 32 workers on a busy machine of two cores.
LIMIT_SECONDS = 300
OUTCOMES = ("failure", "error", "skipped")

PASSING = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_ids(workflow_ids, number):
    assert len(set(workflow_ids.values())) == 11
"""


def make_suite(folder: Path, tests: str, conftest: Path) -> Path:
    """A suite with a conftest.py of this repository."""
    folder.mkdir()
    paths = f"{TESTS / 'e2e'} {TESTS / 'fixtures'} {conftest.parent}"
    options = f"addopts = --import-mode=importlib\nfilterwarnings = error\npythonpath = {paths}\n"
    (folder / "pytest.ini").write_text(f"[pytest]\n{options}")
    shutil.copy(conftest, folder / "conftest.py")
    (folder / "test_small.py").write_text(tests)
    return folder


def run(
    folder: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    plugins: tuple[str, ...] = ("pytest_ginkgo.plugin",),
) -> subprocess.CompletedProcess[str]:
    """Run pytest with no setting of this run's, and with no plugin that it does not need."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "WORKFLOW_", "SUITE_", "KUBERNAUT_", "DATA_STORAGE"))
    }
    loaded = [word for plugin in ("xdist.plugin", *plugins) for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", str(folder), "-p", "no:cacheprovider", *loaded]
    return subprocess.run(
        [*command, *arguments],
        env=kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | dict(env or {}),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def outcomes(junit: Path) -> Counter[str]:
    """How many tests passed, failed, broke or were skipped, by JUnit."""
    cases = ElementTree.parse(junit).getroot().iter("testcase")
    return Counter(
        next((outcome for outcome in OUTCOMES if case.find(outcome) is not None), "passed")
        for case in cases
    )
