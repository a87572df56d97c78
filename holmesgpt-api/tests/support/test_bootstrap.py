"""One process reads or seeds before any worker; what cannot be used ends the whole run once."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_datastorage import FakeDataStorage, problem
from suites import LIMIT_SECONDS, PASSING, make_suite, outcomes, run

E2E = Path(__file__).parents[1] / "e2e"
Write = Callable[..., dict[str, str]]
both_modes = pytest.mark.parametrize("workers", ["0", "2"])
SEED = "--bootstrap-workflows"


@pytest.fixture
def env(catalogue: FakeDataStorage, token_file: Path) -> dict[str, str]:
    """What a seed without Go needs."""
    return {
        "DATA_STORAGE_URL": catalogue.url,
        "HAPI_URL": "http://hapi.example",
        "DATA_STORAGE_TOKEN_FILE": str(token_file),
    }


@both_modes
def test_without_manifest_and_option_both_are_named_once(tmp_path: Path, workers: str) -> None:
    junit = tmp_path / "junit.xml"

    result = run(E2E, "-n", workers, f"--junitxml={junit}")

    assert result.returncode == 3, result.stdout + result.stderr
    assert (result.stdout + result.stderr).count("no workflows are seeded: set WORKFLOW_") == 1
    assert "1 error" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    (case,) = ElementTree.parse(junit).getroot().iter("testcase")
    assert case.get("name") == "workflow bootstrap"
    (error,) = case.iter("error")
    assert "make test-e2e-holmesgpt-api" in str(error.text)
    assert SEED in str(error.text)


@both_modes
def test_a_foreign_manifest_is_told_once(write: Write, workers: str) -> None:
    env = write() | {"SUITE_RUN_ID": "run-2"}

    result = run(E2E, "-q", "-n", workers, env=env)

    assert result.returncode == 3, result.stdout + result.stderr
    assert result.stdout.count("run_id is run-1, not this run's run-2") == 1


@both_modes
def test_collecting_needs_no_manifest_and_finds_the_eighteen_tests(workers: str) -> None:
    result = run(E2E, "--collect-only", "-q", "-n", workers)

    assert result.returncode == 0, result.stdout + result.stderr
    tests = [line for line in result.stdout.splitlines() if "::" in line]
    for file, count in (
        ("audit_pipeline", 4),
        ("mock_llm_edge_cases", 8),
        ("workflow_selection", 6),
    ):
        assert len([test for test in tests if f"test_{file}_e2e.py::" in test]) == count
    assert len(tests) == 18


@both_modes
def test_manifest_and_option_exclude_each_other(
    write: Write, env: dict[str, str], catalogue: FakeDataStorage, workers: str
) -> None:
    result = run(E2E, "-q", "-n", workers, SEED, env=env | write())

    assert result.returncode == 3, result.stdout + result.stderr
    assert result.stdout.count(f"Go has seeded, and {SEED} would seed again") == 1
    assert catalogue.posts == []


@pytest.mark.parametrize("unset", ["DATA_STORAGE_URL", "HAPI_URL", "DATA_STORAGE_TOKEN_FILE"])
def test_what_the_option_needs_is_named(env: dict[str, str], unset: str) -> None:
    del env[unset]

    result = run(E2E, "-q", SEED, env=env)

    assert result.returncode == 3, result.stdout + result.stderr
    assert f"{SEED} needs {unset}; set it" in result.stdout


def test_a_missing_token_is_one_sentence(
    env: dict[str, str], catalogue: FakeDataStorage, tmp_path: Path
) -> None:
    absent = tmp_path / "absent"

    result = run(E2E, "-q", SEED, env=env | {"DATA_STORAGE_TOKEN_FILE": str(absent)})

    assert result.returncode == 3, result.stdout + result.stderr
    assert f"DATA_STORAGE_TOKEN_FILE {absent} cannot be read (No such file" in result.stdout
    assert catalogue.posts == []


def test_a_reason_that_all_workflows_share_is_said_once(
    env: dict[str, str], catalogue: FakeDataStorage
) -> None:
    catalogue.scripted = [problem(401, "bad token", request_id=f"r-{n}") for n in range(11)]

    result = run(E2E, "-q", SEED, env=env)

    assert "11 of 11 workflows failed to seed: cascading-failure-" in result.stdout
    assert result.stdout.count("bad token") == 1
    assert "test-signal-handler-v1: HTTP 401: bad token [request r-" in result.stdout


@pytest.mark.timeout(LIMIT_SECONDS + 20)
@pytest.mark.parametrize(
    "arguments",
    [
        "-n0",
        "-n1",
        "-n2 --dist=loadfile",
        "-n2 --dist=loadscope",
        "-n2 --dist=worksteal",
        "-n2 --dist=each",
        "-n11",
        "-n32",
    ],
)
def test_any_number_of_workers_costs_one_request_for_each_workflow(
    tmp_path: Path, env: dict[str, str], catalogue: FakeDataStorage, arguments: str
) -> None:
    suite = make_suite(tmp_path / "suite", PASSING.format(count=32), E2E / "conftest.py")
    junit = tmp_path / "junit.xml"

    result = run(suite, SEED, f"--junitxml={junit}", *arguments.split(), env=env)

    assert result.returncode == 0, result.stdout + result.stderr
    assert outcomes(junit) == {"passed": 64 if "each" in arguments else 32}
    assert len(catalogue.posts) == len(set(catalogue.posts)) == 11
    assert result.stdout.count("Created: 11") == 1


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
    tests = f"import os\n{PASSING.format(count=8)}    {breaks}\n"
    suite = make_suite(tmp_path / "suite", tests, E2E / "conftest.py")
    junit = tmp_path / "junit.xml"

    result = run(suite, SEED, "-n2", f"--junitxml={junit}", *options.split(), env=env)

    assert result.returncode in (1, 2), result.stdout + result.stderr
    found = outcomes(junit)
    assert found["failure"] + found["error"] == 1
    assert passed in (None, found["passed"])
    assert len(catalogue.posts) == 11


@both_modes
def test_a_failed_seed_ends_the_run_once_with_its_reason(
    tmp_path: Path, env: dict[str, str], catalogue: FakeDataStorage, workers: str
) -> None:
    catalogue.scripted = [problem(403, "not allowed")]
    junit = tmp_path / "junit.xml"

    result = run(E2E, SEED, "-n", workers, f"--junitxml={junit}", env=env)

    assert result.returncode == 3, result.stdout + result.stderr
    assert "1 of 11 workflows failed to seed: " in result.stdout
    assert "HTTP 403: not allowed" in result.stdout
    assert outcomes(junit) == {"error": 1}
    assert len(catalogue.posts) == 11


@both_modes
def test_a_manifest_that_disappears_after_the_start_does_no_harm(
    tmp_path: Path, write: Write, workers: str
) -> None:
    env = write()
    gone = f"from pathlib import Path\nPath({env['WORKFLOW_MANIFEST']!r}).unlink(missing_ok=True)\n"
    suite = make_suite(tmp_path / "suite", gone + PASSING.format(count=4), E2E / "conftest.py")
    junit = tmp_path / "junit.xml"

    result = run(suite, "-n", workers, f"--junitxml={junit}", env=env)

    assert result.returncode == 0, result.stdout + result.stderr
    assert outcomes(junit) == {"passed": 4}


@pytest.mark.parametrize(
    ("option", "who"), [((), "go_before_suite"), ((SEED,), "pytest_controller")]
)
def test_the_fixture_says_who_seeded(
    tmp_path: Path, write: Write, env: dict[str, str], option: tuple[str, ...], who: str
) -> None:
    tests = f"""
def test_who(test_workflows_bootstrapped):
    seeded = test_workflows_bootstrapped
    assert seeded["seeded_by"] == {who!r}
    assert len(seeded["created"]) + len(seeded["existing"]) == seeded["total"] == 11
    assert seeded["failed"] == []
"""
    suite = make_suite(tmp_path / "suite", tests, E2E / "conftest.py")

    result = run(suite, "-n1", *option, env=env if option else write())

    assert result.returncode == 0, result.stdout + result.stderr
