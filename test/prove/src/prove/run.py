"""What proofs are made of: runs of real checks, on mutants of the real code."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[4]
TESTS = ROOT / "holmesgpt-api" / "tests" / "e2e"
PYTHON = ROOT / ".venv" / "bin" / "python"
E2E_PYTHON = ROOT / ".venv-e2e" / "bin" / "python"
REPORTS = ROOT / "reports" / "prove"
# A first run compiles; this only ends what hangs.
RUN_LIMIT_SECONDS = 600
STOP_LIMIT_SECONDS = 60


class ProofError(Exception):
    """A guarantee was off and its check did not say so."""


@dataclass(frozen=True)
class Outcome:
    """What one run ended with; `checks` are its specs or tests with their states."""

    code: int
    output: str
    checks: list[tuple[str, str]] = field(default_factory=list)

    def named(self, state: str) -> list[str]:
        """Names of the checks that ended in this state."""
        return [name for name, ended in self.checks if ended == state]


def expect(condition: bool, what: str, outcome: Outcome) -> None:
    """Raise when the check did not go the way it must, with the end of the output."""
    if not condition:
        tail = "\n".join(outcome.output.splitlines()[-40:])
        raise ProofError(f"{what}\n{tail}")


def run(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path = ROOT) -> Outcome:
    """Run to the end; on a time-out or an interrupt the command ends in its own way first."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(timeout=RUN_LIMIT_SECONDS)
        except BaseException:
            end(child)
            raise
    return Outcome(child.returncode, output)


def end(child: subprocess.Popen[str]) -> None:
    """Interrupt the whole group of a child, and kill what does not listen."""
    os.killpg(child.pid, signal.SIGINT)
    try:
        child.communicate(timeout=STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)


def run_suite(
    tests: Path,
    *,
    suite: str = "e2e/holmesgpt-api",
    fresh: bool = False,
    env: Mapping[str, str] | None = None,
) -> Outcome:
    """Run a suite, a folder in test, on these Python tests, on the kept stack unless `fresh`."""
    report = tests / "ginkgo.json"
    report.unlink(missing_ok=True)
    environment = os.environ | {
        "E2E_PYTEST_DIR": str(tests),
        "WORKERS": "2",
        "REPORTS_DIR": str(REPORTS),
        "KEEP_CLUSTER": "" if fresh else "true",
        "GINKGO_ARGS": f"--json-report={report.name} --output-dir={report.parent} --no-color",
    }
    for name in ("FOCUS", "LABELS", "PROCS"):
        environment.pop(name, None)
    done = run(["hack/suite.sh", suite], environment | dict(env or {}))
    specs = []
    if report.exists():
        specs = [
            (spec["LeafNodeText"], spec["State"])
            for suite in json.loads(report.read_text())
            for spec in suite["SpecReports"] or []
            if spec["LeafNodeType"] == "It"
        ]
    return Outcome(done.code, done.output, specs)


def run_pytest(
    *arguments: str | Path,
    python: Path = PYTHON,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Outcome:
    """Run pytest; the checks are its tests, read from its JUnit file."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        junit = Path(folder) / "junit.xml"
        options = ["-p", "no:cacheprovider", f"--junitxml={junit}"]
        done = run([python, "-m", "pytest", *options, *arguments], env or os.environ, cwd)
        checks = []
        if junit.exists():
            # Written a moment ago by our own pytest.
            cases = ElementTree.parse(junit).getroot().iter("testcase")  # noqa: S314
            checks = [(case.get("name", ""), state(case)) for case in cases]
    return Outcome(done.code, done.output, checks)


def state(case: ElementTree.Element) -> str:
    """The state of a JUnit test case."""
    found = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    return {"failure": "failed"}.get(found[0], found[0]) if found else "passed"


def run_go(*arguments: str, env: Mapping[str, str]) -> Outcome:
    """Run `go test`; the checks are its tests, subtests too."""
    done = run(["go", "test", "-json", *arguments], env)
    checks, lines = [], []
    for line in done.output.splitlines():
        event = json.loads(line) if line.startswith("{") else {"Output": line + "\n"}
        lines.append(event.get("Output", ""))
        if event.get("Test") and event["Action"] in ("pass", "fail", "skip"):
            ended = {"pass": "passed", "fail": "failed", "skip": "skipped"}[event["Action"]]
            checks.append((event["Test"], ended))
    return Outcome(done.code, "".join(lines), checks)


def replaced(path: Path, old: str, new: str) -> str:
    """The text of a file with the one occurrence of `old` replaced."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ProofError(f"{path} has {old!r} {text.count(old)} times, not once: mend this proof")
    return text.replace(old, new)


@contextmanager
def copied(package_dir: Path | str, python: Path = PYTHON) -> Iterator[tuple[Path, Path]]:
    """The sources of a copy of a Python package, and an interpreter that imports them."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        sources = Path(folder) / "src"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package_dir / "src", sources, ignore=ignored)
        yield sources, overlay(Path(folder) / "venv", sources, python)


def overlay(folder: Path, sources: Path, python: Path) -> Path:
    """An interpreter for which `sources` stand before everything that `python` has installed.

    It is the interpreter that makes the difference, so that whatever it starts by
    `sys.executable` has it too, and no other child of the check does.
    """
    made = run([python, "-m", "venv", "--without-pip", folder], os.environ)
    expect(made.code == 0, "no environment for the mutant", made)
    installed = site_packages(python.parents[1])
    lines = f"{sources}\nimport site; site.addsitedir({str(installed)!r})\n"
    (site_packages(folder) / "overlay.pth").write_text(lines)
    return folder / "bin" / "python"


def site_packages(environment: Path) -> Path:
    """Where an environment has its packages."""
    [found] = environment.glob("lib/python3.*/site-packages")
    return found


@contextmanager
def mutated(
    package_dir: Path | str, file: str, old: str, new: str, python: Path = PYTHON
) -> Iterator[Path]:
    """An interpreter that imports a mutant of a Python package.

    `file` is relative to the package's `src`. That it is the mutant which is
    imported is verified.
    """
    with copied(package_dir, python) as (sources, interpreter):
        mutate(sources, interpreter, file, old, new)
        yield interpreter


def mutate(sources: Path, interpreter: Path, file: str, old: str, new: str) -> None:
    """Change one file of a copy, source or data; verifies that the copy is what is imported."""
    mutant = sources / file
    mutant.write_text(replaced(mutant, old, new), encoding="utf-8")
    package, *rest = Path(file).parts
    check = f"from importlib import resources as r; print(r.files({package!r}).joinpath(*{rest!r}))"
    found = run([interpreter, "-c", check], os.environ)
    expect(str(mutant) in found.output, f"the mutant of {file} is not what is imported", found)


@contextmanager
def go_mutant(file: Path | str, old: str, new: str) -> Iterator[dict[str, str]]:
    """An environment in which Go builds with a mutant of one file."""
    source = ROOT / file
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy, overlay = Path(folder) / source.name, Path(folder) / "overlay.json"
        copy.write_text(replaced(source, old, new), encoding="utf-8")
        overlay.write_text(json.dumps({"Replace": {str(source): str(copy)}}))
        flags = f"{os.environ.get('GOFLAGS', '')} -overlay={overlay}".strip()
        yield os.environ | {"GOFLAGS": flags}


def goes_red(check: str, healthy: Outcome, broken: Outcome) -> None:
    """The check passes on an unchanged copy and fails on the mutant.

    An error before or after the check is no failure of it.
    """
    expect(healthy.code == 0 and check in healthy.named("passed"), f"{check} is not green", healthy)
    failed = broken.code != 0 and check in broken.named("failed")
    expect(failed, f"{check} does not fail on the mutant", broken)
