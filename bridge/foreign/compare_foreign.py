"""Takes pytest projects through the bridge and compares each outcome with raw pytest's.

Without arguments the projects are the sdists of hack/foreign/suites.txt, which
pip downloads; an argument is a folder with a pytest project. Raw pytest tells
by its JUnit file, the bridge by what Ginkgo said of each spec.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / "bin" / "foreign"
SUITES = Path(__file__).with_name("suites.txt")
BRIDGE = ROOT / "bridge" / "ginkgopytest"
WORKERS = "2"
# A spec's state for each state of a JUnit case; a test that fails as expected passes.
STATES = {"passed": "passed", "failed": "failed", "skipped": "skipped", "xfailed": "passed"}
WORST = ("failed", "skipped", "xfailed", "passed")


@dataclass(frozen=True)
class Project:
    """A pytest project, and the interpreter that has what it needs."""

    name: str
    folder: Path
    python: Path
    arguments: tuple[str, ...] = ()


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run what must succeed."""
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL)


def fetch(line: str) -> Project:
    """Download and unpack an sdist, and install it with what its tests need."""
    packages, _, arguments = line.partition(" -- ")
    requirement, *needs = packages.split()
    folder = WORK / requirement
    python = folder / "env" / "bin" / "python"
    if not (folder / "complete").exists():
        run(
            "hack/uv.sh",
            "venv",
            "--quiet",
            "--clear",
            "--seed",
            "--python",
            sys.executable,
            folder / "env",
        )
        download: list[str | Path] = [
            python,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary=:all:",
        ]
        run(*download, "--dest", folder, requirement)
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "source", filter="data")
        install: list[str | Path] = ["hack/uv.sh", "pip", "install", "--quiet", "--python", python]
        # An older pytest than ours: some of these suites take newer deprecations for errors.
        ours = ["pytest==9.0.2", "pytest-xdist==3.8.0", "--editable", "bridge/pytest-ginkgo"]
        run(*install, requirement, *needs, *ours)
        (folder / "complete").touch()
    (source,) = (folder / "source").iterdir()
    return Project(requirement, source, python, tuple(arguments.split()))


def raw(project: Project, reports: Path) -> dict[tuple[str, str], str]:
    """The worst state of each JUnit case of raw pytest."""
    junit = reports / "raw.xml"
    command: list[str | Path] = [
        project.python,
        "-m",
        "pytest",
        "-q",
        "-n",
        WORKERS,
        f"--junitxml={junit}",
        *project.arguments,
    ]
    subprocess.run(command, cwd=project.folder, check=False, stdout=subprocess.DEVNULL)
    # Written a moment ago by our own pytest.
    cases = ElementTree.parse(junit).getroot().iter("testcase")  # noqa: S314
    found: dict[tuple[str, str], str] = {}
    for case in cases:
        key = (case.get("classname", ""), case.get("name", ""))
        states = {state(case), found.get(key, "passed")}
        found[key] = next(worst for worst in WORST if worst in states)
    return found


def state(case: ElementTree.Element) -> str:
    """The state of a JUnit case."""
    for child in case:
        if child.tag in ("failure", "error"):
            return "failed"
        if child.tag == "skipped":
            return "xfailed" if child.get("type") == "pytest.xfail" else "skipped"
    return "passed"


def bridged(project: Project, reports: Path) -> dict[tuple[str, str], str]:
    """The state of each spec, by the name that its test has in a JUnit file."""
    binary = WORK / "nested.test"
    run("go", "test", "-c", "-o", binary, "./testdata/nested", cwd=BRIDGE)
    environment = os.environ | {
        "NESTED_PYTHON": str(project.python),
        "NESTED_PROJECT": str(project.folder),
        "NESTED_REPORT": str(reports),
        "NESTED_WORKERS": WORKERS,
        "NESTED_ARGS": " ".join(project.arguments),
    }
    with (reports / "ginkgo.txt").open("w") as output:
        subprocess.run(
            [binary, "-ginkgo.no-color"],
            cwd=BRIDGE / "testdata" / "nested",
            env=environment,
            check=False,
            stdout=output,
            stderr=output,
        )
    log = reports / "events.jsonl"
    # There is none when something could not be collected.
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    specs = [event for event in map(json.loads, lines) if event["event"] == "spec_finish"]
    return {address(spec): spec["state"] for spec in specs if spec["state"]}


def address(spec: dict[str, str]) -> tuple[str, str]:
    """The class and the name that a JUnit file has for a spec's test or module."""
    nodeid = spec.get("nodeid") or spec["path"]
    path, bracket, parameters = nodeid.partition("[")
    names = path.split("::")
    names[0] = names[0].replace("/", ".").removesuffix(".py")
    names[-1] += bracket + parameters
    return ".".join(names[:-1]), names[-1]


def differences(
    expected: dict[tuple[str, str], str], seen: dict[tuple[str, str], str]
) -> Iterable[str]:
    """What the bridge says otherwise."""
    for case in sorted(expected.keys() | seen.keys()):
        wanted = STATES[expected[case]] if case in expected else "no such test"
        got = seen.get(case, "no such spec")
        if wanted != got:
            yield f"{'::'.join(case)}: raw pytest {expected.get(case)}, bridge {got}"


def compare(project: Project) -> bool:
    """Print the counts and the differences of one project."""
    reports = WORK / "reports" / project.name
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    expected = raw(project, reports)
    found = list(differences(expected, bridged(project, reports)))
    counts = ", ".join(f"{count} {name}" for name, count in Counter(expected.values()).items())
    sys.stdout.write(f"{project.name}: {len(expected)} tests ({counts}), {len(found)} differ\n")
    sys.stdout.write("".join(f"  {line}\n" for line in found))
    sys.stdout.flush()
    return bool(expected) and not found


def main() -> int:
    """Compare the projects; 1 when an outcome differs."""
    parser = argparse.ArgumentParser(prog="hack/compare-foreign.sh", description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="a pytest project")
    parser.add_argument("--python", type=Path, default=ROOT / ".venv" / "bin" / "python")
    given = parser.parse_args()
    python = given.python.absolute()
    projects = [Project(folder.name, folder.absolute(), python) for folder in given.folder]
    if not projects:
        lines = SUITES.read_text(encoding="utf-8").splitlines()
        projects = [fetch(line) for line in lines if line and not line.startswith("#")]
    verdicts = [compare(project) for project in projects]
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
