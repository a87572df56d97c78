"""Switches each guarantee off once and demands that the matching check goes red.

Every proof runs the real suite on a copy of the Python tests that breaks one
thing. A proof fails when the suite stays green or goes
red for another reason.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "holmesgpt-api" / "tests" / "e2e"
REPORTS = ROOT / "reports" / "e2e-holmesgpt-api"
SPECS = 18
RUN_LIMIT_SECONDS = 180


class ProofError(Exception):
    """A guarantee was off and its check did not say so."""


@dataclass(frozen=True)
class Outcome:
    """What one run of the suite ended with."""

    code: int
    output: str
    specs: list[dict[str, Any]] = field(default_factory=list)

    def named(self, state: str) -> list[str]:
        """Leaf texts of the specs that ended in this state."""
        return [spec["LeafNodeText"] for spec in self.specs if spec["State"] == state]


def expect(condition: bool, what: str, outcome: Outcome) -> None:
    """Raise when the check did not go the way it must, with the end of the output."""
    if not condition:
        tail = "\n".join(outcome.output.splitlines()[-40:])
        raise ProofError(f"{what}\n{tail}")


def run_suite(tests: Path) -> Outcome:
    """Run the suite on these Python tests."""
    report = tests / "ginkgo.json"
    environment = os.environ | {
        "E2E_PYTEST_DIR": str(tests),
        "WORKERS": "2",
        "GINKGO_ARGS": f"--json-report={report.name} --output-dir={report.parent} --no-color",
    }
    for name in ("FOCUS", "LABELS", "PROCS", "KEEP_CLUSTER"):
        environment.pop(name, None)
    done = subprocess.run(
        ["hack/e2e.sh", "holmesgpt-api"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_SECONDS,
        check=False,
    )
    specs = []
    if report.exists():
        specs = [
            spec
            for suite in json.loads(report.read_text())
            for spec in suite["SpecReports"] or []
            if spec["LeafNodeType"] == "It"
        ]
    return Outcome(done.returncode, done.stdout + done.stderr, specs)


def unchanged(tests: Path) -> None:
    """The control: with nothing switched off the suite is green."""
    outcome = run_suite(tests)
    passed = len(outcome.named("passed"))
    expect(outcome.code == 0 and passed == SPECS, f"{passed} of {SPECS} passed", outcome)


def broken_assertion(tests: Path) -> None:
    """One wrong assertion fails exactly that spec, at its Python line."""
    extra = tests / "test_workflow_selection_e2e.py"
    lines = extra.read_text().count("\n")
    with extra.open("a") as file:
        file.write("\n\ndef test_broken_on_purpose() -> None:\n    assert 1 == 2\n")
    outcome = run_suite(tests)
    failed = outcome.named("failed")
    expect(failed == ["test_broken_on_purpose"], f"failed specs: {failed}", outcome)
    location = f"test_workflow_selection_e2e.py:{lines + 4}"
    expect(location in outcome.output, f"{location} is not in the output", outcome)
    expect(outcome.code != 0, "exit code 0", outcome)


def added_test(tests: Path) -> None:
    """A test that is added is a spec without further work."""
    (tests / "test_added.py").write_text("def test_added() -> None:\n    assert True\n")
    outcome = run_suite(tests)
    wanted = f"Ran {SPECS + 1} of {SPECS + 1} Specs"
    expect(outcome.code == 0 and wanted in outcome.output, f"not seen: {wanted}", outcome)


def naive_seeding(tests: Path) -> None:
    """A fixture that seeds in every worker breaks the POST invariant."""
    (tests / "test_naive.py").write_text(NAIVE)
    outcome = run_suite(tests)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect("POST /api/v1/workflows" in outcome.output, "the invariant is not named", outcome)
    expect(not outcome.named("failed"), f"specs failed: {outcome.named('failed')}", outcome)


NAIVE = '''"""Posts a workflow from a test: what a worker must never do."""

import json
import os
from pathlib import Path

import requests


def test_posts_from_a_worker() -> None:
    manifest = json.loads(Path(os.environ["WORKFLOW_MANIFEST"]).read_text())
    token = Path(manifest["credentials"]["token_file"]).read_text()
    answer = requests.post(
        manifest["services"]["datastorage"]["url"] + "/api/v1/workflows",
        json={},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 400
'''


def killed_worker(tests: Path) -> None:
    """A worker that dies fails its test, and the rest goes on."""
    (tests / "test_killed.py").write_text(
        "import os\n\n\ndef test_kills_its_worker() -> None:\n    os._exit(7)\n"
    )
    started = time.monotonic()
    outcome = run_suite(tests)
    failed, passed = outcome.named("failed"), len(outcome.named("passed"))
    expect(failed == ["test_kills_its_worker"], f"failed specs: {failed}", outcome)
    expect(passed == SPECS, f"{passed} passed", outcome)
    expect(time.monotonic() - started < RUN_LIMIT_SECONDS / 2, "it took too long", outcome)


def collection_error(tests: Path) -> None:
    """A module that cannot be imported is one failing spec, before any stack."""
    (tests / "test_unimportable.py").write_text("import no_such_module\n")
    outcome = run_suite(tests)
    expect(outcome.code != 0, "exit code 0", outcome)
    expect("no_such_module" in outcome.output, "the cause is not shown", outcome)


def truncated_manifest(tests: Path) -> None:
    """A cut manifest ends the whole run once, with one sentence and a JUnit file."""
    manifest = tests / "manifest.json"
    manifest.write_text((REPORTS / "latest" / "manifest.json").read_text()[:200])
    junit = tests / "junit.xml"
    done = subprocess.run(
        [ROOT / ".venv-e2e/bin/python", "-m", "pytest", "-n", "2", f"--junitxml={junit}", "."],
        cwd=tests,
        env=os.environ | {"WORKFLOW_MANIFEST": str(manifest), "SUITE_RUN_ID": "proof"},
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_SECONDS,
        check=False,
    )
    outcome = Outcome(done.returncode, done.stdout + done.stderr)
    expect(done.returncode == 3, f"exit code {done.returncode}", outcome)
    expect(str(manifest) in outcome.output, "the file is not named", outcome)
    expect("passed" not in outcome.output, "tests ran", outcome)
    expect(junit.exists(), "no JUnit file", outcome)


PROOFS: list[Callable[[Path], None]] = [
    unchanged,
    broken_assertion,
    added_test,
    naive_seeding,
    killed_worker,
    collection_error,
    truncated_manifest,
]


def prove(proof: Callable[[Path], None]) -> bool:
    """Run one proof on its own copy of the tests and print its line."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kubernaut-prove-") as folder:
        tests = Path(folder) / "e2e"
        shutil.copytree(TESTS, tests, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        try:
            proof(tests)
            verdict = "proved"
        except (ProofError, subprocess.TimeoutExpired) as error:
            verdict = f"FAILED: {error}"
    seconds = time.monotonic() - started
    sys.stdout.write(f"{proof.__name__.replace('_', ' '):20} {seconds:5.1f} s  {verdict}\n")
    sys.stdout.flush()
    return verdict == "proved"


def main() -> int:
    """Run the proofs that were asked for, all by default; 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    names = [proof.__name__ for proof in PROOFS]
    parser.add_argument("proof", nargs="*", help=f"one of {', '.join(names)}; default: all")
    chosen = parser.parse_args().proof
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        parser.error(f"unknown proof {', '.join(unknown)}; known: {', '.join(names)}")
    verdicts = [prove(proof) for proof in PROOFS if not chosen or proof.__name__ in chosen]
    sys.stdout.write(f"{verdicts.count(True)} proved, {verdicts.count(False)} failed\n")
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
