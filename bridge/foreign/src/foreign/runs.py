"""The two runs of a suite: raw pytest, and pytest under the bridge."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foreign import recorder
from foreign.suites import ROOT, WORK, Suite, SuiteError, run, uv

BRIDGE = ROOT / "bridge" / "ginkgopytest"
PLUGIN = ROOT / "bridge" / "pytest-ginkgo"
RECORDER = "foreign_recorder"
WORKERS = "2"
# This only ends what hangs.
LIMIT_SECONDS = 1800
Command = list[str | Path]


@dataclass(frozen=True)
class Record:
    """What the recorder saw of a run, and the exit code of its process."""

    code: int
    seen: Mapping[str, Any]


@dataclass(frozen=True)
class Spec:
    """What Ginkgo said of a test or a module; `entries` are its report entries."""

    nodeid: str
    text: str
    state: str
    message: str
    place: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bridged:
    """What the recorder saw, and what Ginkgo said."""

    record: Record
    green: bool
    specs: tuple[Spec, ...]
    suite_failures: tuple[str, ...]


def raw(suite: Suite, reports: Path) -> Record:
    """Run pytest without the bridge's plugin."""
    output = reports / "raw.json"
    absent: list[str] = [] if suite.pinned else ["-p", "no:ginkgo"]
    if suite.pinned:
        uv("pip", "uninstall", "--quiet", "--python", suite.python, "pytest-ginkgo")
    with recording(suite) as python:
        command: Command = [python, "-m", "pytest", *absent, *options(suite, output), "-n", WORKERS]
        code = execute(command, suite.folder, os.environ, reports / "raw.txt")
    return record(output, code, bridged=False)


def bridged(suite: Suite, reports: Path) -> Bridged:
    """Run the same under the bridge."""
    if suite.pinned:
        uv("pip", "install", "--quiet", "--no-deps", "--python", suite.python, wheel())
    output, specs = reports / "bridged.json", reports / "ginkgo.json"
    with recording(suite) as python:
        environment = os.environ | {
            "NESTED_PYTHON": str(python),
            "NESTED_PROJECT": str(suite.folder),
            "NESTED_REPORT": str(reports / "report"),
            "NESTED_WORKERS": WORKERS,
            "NESTED_ARGS": " ".join(options(suite, output)),
        }
        command: Command = [binary(), "-ginkgo.no-color", f"-ginkgo.json-report={specs}"]
        folder = BRIDGE / "testdata" / "nested"
        code = execute(command, folder, environment, reports / "ginkgo.txt")
    log = reports / "report" / "events.jsonl"
    ended = reports / "report" / "pytest-exit.json"
    if not ended.exists():
        raise SuiteError(f"pytest did not run under the bridge: see {reports / 'ginkgo.txt'}")
    pytest_code = json.loads(ended.read_text(encoding="utf-8"))["exit_code"]
    [said] = json.loads(specs.read_text(encoding="utf-8"))
    return Bridged(
        record=record(output, pytest_code, bridged=True),
        green=code == 0,
        specs=tuple(specs_of(said, nodeids(log))),
        suite_failures=tuple(suite_failures(said)),
    )


def options(suite: Suite, output: Path) -> list[str]:
    """The arguments of both runs."""
    return ["-p", RECORDER, f"--foreign-record={output}", *suite.arguments]


def execute(command: Command, folder: Path, environment: Mapping[str, str], output: Path) -> int:
    """Run to the end, whatever that is."""
    with output.open("w") as stream:
        return subprocess.run(
            command,
            cwd=folder,
            # Workers that order sets differently collect differently.
            env={**environment, "PYTHONHASHSEED": "0"},
            stdout=stream,
            stderr=stream,
            check=False,
            timeout=LIMIT_SECONDS,
        ).returncode


def record(path: Path, code: int, *, bridged: bool) -> Record:
    """What was recorded; the wrong plugins make it worthless."""
    if not path.exists():
        raise SuiteError(f"pytest ended with {code} before it recorded anything: see {path.parent}")
    seen = json.loads(path.read_text(encoding="utf-8"))
    if seen["bridged"] is not bridged:
        loaded = "loaded" if seen["bridged"] else "missing"
        raise SuiteError(f"{path}: the bridge's plugin was {loaded}")
    return Record(code, seen)


@contextmanager
def recording(suite: Suite) -> Iterator[Path]:
    """An interpreter that has the recorder; one that is not ours stays as it is."""
    if suite.pinned:
        shutil.copy(recorder.__file__, site_packages(suite.python) / f"{RECORDER}.py")
        yield suite.python
        return
    folder = WORK / "overlays" / suite.name
    shutil.rmtree(folder, ignore_errors=True)
    run([suite.python, "-m", "venv", "--without-pip", folder])
    python = folder / "bin" / "python"
    packages = site_packages(python)
    shutil.copy(recorder.__file__, packages / f"{RECORDER}.py")
    line = f"import site; site.addsitedir({str(site_packages(suite.python))!r})\n"
    (packages / "overlay.pth").write_text(line)
    yield python


def site_packages(python: Path) -> Path:
    """Where the environment of an interpreter has its packages."""
    [found] = python.parents[1].glob("lib/python3.*/site-packages")
    return found


def wheel() -> Path:
    """The bridge's plugin, as others install it."""
    folder = WORK / "dist"
    uv("build", "--quiet", "--wheel", "--clear", "--out-dir", folder, PLUGIN)
    [found] = folder.glob("*.whl")
    return found


def binary() -> Path:
    """The Go suite that takes any project through the bridge."""
    path = WORK / "nested.test"
    run(["go", "-C", BRIDGE, "test", "-c", "-o", path, "./testdata/nested"])
    return path


def nodeids(log: Path) -> list[tuple[str, str]]:
    """Text and node id of each spec, in the order in which they ended."""
    with log.open(encoding="utf-8") as lines:
        events = (json.loads(line) for line in lines if '"spec_finish"' in line)
        return [
            (event["spec"], event.get("nodeid", "")) for event in events if not event.get("node")
        ]


def specs_of(report: Mapping[str, Any], names: list[tuple[str, str]]) -> Iterator[Spec]:
    """Ginkgo's own report of each spec; the log says which test it mirrors."""
    found = [spec for spec in report["SpecReports"] if spec["LeafNodeType"] == "It"]
    for spec, (text, nodeid) in zip(found, names, strict=True):
        hierarchy = [*(spec["ContainerHierarchyTexts"] or []), spec["LeafNodeText"]]
        if " ".join(hierarchy) != text:
            raise SuiteError(f"the log has {text!r} where Ginkgo has {' '.join(hierarchy)!r}")
        yield spec_of(spec, text, nodeid)


def spec_of(spec: Mapping[str, Any], text: str, nodeid: str) -> Spec:
    """One spec."""
    failure = spec.get("Failure") or {}
    entries = tuple(
        (entry["Name"], str((entry.get("Value") or {}).get("Representation", "")))
        for entry in spec.get("ReportEntries") or []
    )
    return Spec(
        nodeid=nodeid,
        text=text,
        state=spec["State"],
        message=failure.get("Message", ""),
        place=failure.get("Message", "").partition(" at ")[2].split("\n")[0],
        entries=entries,
    )


def suite_failures(report: Mapping[str, Any]) -> Iterator[str]:
    """What the suite says besides its specs."""
    for node in report["SpecReports"]:
        if node["LeafNodeType"] != "It" and node["State"] not in ("passed", "skipped"):
            yield node["Failure"]["Message"]
