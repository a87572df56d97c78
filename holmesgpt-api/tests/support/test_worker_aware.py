"""The fallback without pytest-ginkgo: gw0 seeds, the others wait for its file."""

from pathlib import Path

import pytest
from fake_datastorage import FakeDataStorage, problem
from suites import LIMIT_SECONDS, TESTS, make_suite, outcomes, run

EXAMPLE = TESTS / "fixtures" / "worker_aware"
NO_PLUGIN: tuple[str, ...] = ()
TESTS_OF_EIGHT = """
import os
import pytest

@pytest.mark.parametrize("number", range(8))
def test_ids(test_workflows_bootstrapped, number):
    assert len(test_workflows_bootstrapped["workflow_ids"]) == 11
"""
DIES = """
import os
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config):
    if getattr(config, "workerinput", {}).get("workerid") == "gw0":
        os._exit(1)
"""


@pytest.fixture
def env(catalogue: FakeDataStorage, token_file: Path) -> dict[str, str]:
    """What the example reads."""
    return {"DATA_STORAGE_URL": catalogue.url, "DATA_STORAGE_TOKEN_FILE": str(token_file)}


@pytest.mark.timeout(LIMIT_SECONDS + 20)
@pytest.mark.parametrize(
    "arguments",
    ["-n0", "-n1", "-n2 --dist=loadfile", "-n2 --dist=worksteal", "-n11", "-n32"],
)
def test_any_number_of_workers_costs_one_request_for_each_workflow(
    tmp_path: Path, env: dict[str, str], catalogue: FakeDataStorage, arguments: str
) -> None:
    junit = tmp_path / "junit.xml"

    result = run(EXAMPLE, f"--junitxml={junit}", *arguments.split(), env=env, plugins=NO_PLUGIN)

    assert result.returncode == 0, result.stdout + result.stderr
    assert outcomes(junit) == {"passed": 32}
    assert len(catalogue.posts) == len(set(catalogue.posts)) == 11


@pytest.mark.parametrize(
    ("breaks", "options", "passed"),
    [("assert number != 3", "-x", None), ("number != 3 or os._exit(1)", "", 7)],
)
def test_a_failure_or_a_crash_seeds_no_second_time(
    tmp_path: Path,
    env: dict[str, str],
    catalogue: FakeDataStorage,
    breaks: str,
    options: str,
    passed: int | None,
) -> None:
    tests = f"{TESTS_OF_EIGHT}    {breaks}\n"
    suite = make_suite(tmp_path / "suite", tests, EXAMPLE / "conftest.py")
    junit = tmp_path / "junit.xml"

    result = run(suite, "-n2", f"--junitxml={junit}", *options.split(), env=env, plugins=NO_PLUGIN)

    assert result.returncode in (1, 2), result.stdout + result.stderr
    found = outcomes(junit)
    assert found["failure"] + found["error"] == 1
    assert passed in (None, found["passed"])
    assert len(catalogue.posts) == 11


def test_a_failed_seed_fails_each_test_at_once_with_its_reason(
    tmp_path: Path, env: dict[str, str], catalogue: FakeDataStorage
) -> None:
    catalogue.scripted = [problem(403, "not allowed")]
    suite = make_suite(tmp_path / "suite", TESTS_OF_EIGHT, EXAMPLE / "conftest.py")
    junit = tmp_path / "junit.xml"
    forever = f"bootstrap_limit_seconds={10 * LIMIT_SECONDS}"

    result = run(suite, "-n2", "-o", forever, f"--junitxml={junit}", env=env, plugins=NO_PLUGIN)

    assert outcomes(junit) == {"error": 8}
    assert "the worker that prepares failed: RuntimeError: not all" in result.stdout
    assert "HTTP 403: not allowed" in result.stdout
    assert len(catalogue.posts) == 11


def test_a_seeder_that_dies_is_a_deadline_with_a_reason(
    tmp_path: Path, env: dict[str, str], catalogue: FakeDataStorage
) -> None:
    suite = make_suite(tmp_path / "suite", TESTS_OF_EIGHT, EXAMPLE / "conftest.py")
    (suite / "dies.py").write_text(DIES)
    junit = tmp_path / "junit.xml"
    soon = "bootstrap_limit_seconds=0.2"

    result = run(suite, "-n2", "-o", soon, f"--junitxml={junit}", env=env, plugins=("dies",))

    assert outcomes(junit)["error"] == 8, result.stdout + result.stderr
    assert "after 0.2 s the worker that prepares has left neither" in result.stdout
    assert "gw0" in result.stdout
    assert catalogue.posts == []
