"""Runs one strategy once, with so many workers, and reads what the run left."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubernaut_bench.bootstrap.catalogue import Catalogue
from kubernaut_bench.stack import ROOT

HERE = Path(__file__).parent
WORKFLOWS = sorted((ROOT / "test" / "workflows").glob("*.yaml"))
SEEDER = ROOT / "bin" / "bench-seed"
# Starting 64 workers on two cores takes a minute.
LIMIT_SECONDS = 240
FAULT_LIMIT_SECONDS = 60


@dataclass(frozen=True)
class Strategy:
    """A way to seed for all workers."""

    name: str
    title: str
    plugins: tuple[str, ...] = ()
    by_go: bool = False


OURS = ("pytest_ginkgo.plugin",)
SHARED = ("pytest_shared_session_scope.plugin",)
STRATEGIES = (
    Strategy("naive", "every worker seeds"),
    Strategy("gw0_sleep", "gw0 seeds, the others sleep 15 s"),
    Strategy("filelock_recipe", "filelock recipe of pytest-xdist"),
    Strategy("shared_session_scope", "pytest-shared-session-scope", SHARED),
    Strategy("workerinput", "controller and `workerinput`, by hand"),
    Strategy("worker_aware", "gw0 seeds, the others wait for its file (our fallback)"),
    Strategy("once", "`pytest_ginkgo.once` (ours)", OURS),
    Strategy("go_manifest", "Go seeds, manifest (ours)", OURS, by_go=True),
)


@dataclass(frozen=True)
class Cell:
    """What to run."""

    strategy: Strategy
    workers: int
    fault: str = ""

    @property
    def tests(self) -> int:
        """Two for each worker, because xdist hands them out in pairs."""
        return 12 if self.fault else max(4, 2 * self.workers)


@dataclass
class Run:
    """What came of it."""

    strategy: str
    workers: int
    fault: str
    posts: int = 0
    token_reviews: int = 0
    first_test_seconds: float | None = None
    set_up_seconds: list[float] = field(default_factory=list)
    set_up_cpu_seconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    hung: bool = False
    exit_code: int | None = None
    passed: int = 0
    failed: int = 0
    reported: bool = False
    clean_ups: int = 0
    clean_up_was_last: bool = False
    output: str = ""

    @property
    def set_up_median(self) -> float:
        """Seconds of the first set-up in a worker."""
        return statistics.median(self.set_up_seconds) if self.set_up_seconds else float("nan")

    @property
    def set_up_max(self) -> float:
        """The slowest worker's."""
        return max(self.set_up_seconds, default=float("nan"))


def measure(cell: Cell, catalogue: Catalogue, number: int) -> Run:
    """Run the cell on workflows of a version of its own: an empty catalogue to them."""
    run = Run(cell.strategy.name, cell.workers, cell.fault)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        env = _prepare(cell, catalogue, project, f"1.0.{number}")
        before, started = catalogue.counts(), time.time()
        if not cell.strategy.by_go or _seed_by_go(run, env, project):
            _run_pytest(cell, run, env, project)
        run.seconds = time.time() - started
        counts = catalogue.counts().since(before)
        run.posts, run.token_reviews = counts.posts, counts.token_reviews
        _read_record(run, project / "record", started)
        _read_junit(run, project / "junit.xml")
        run.output = (project / "output").read_text(errors="replace")
    return run


def _prepare(cell: Cell, catalogue: Catalogue, project: Path, version: str) -> dict[str, str]:
    for source in [*(HERE / "project").glob("*.*"), _conftest(cell)]:
        shutil.copy(source, project / source.name)
    first = project / "workflows" / "first"
    first.mkdir(parents=True)
    for path in WORKFLOWS:
        text = path.read_text().replace("version: 1.0.0", f"version: {version}", 1)
        (first.parent / path.name).write_text(text)
    shutil.copy(first.parent / WORKFLOWS[0].name, first)
    refused = project / "refused.token"
    refused.write_text("no.such.token")
    token_file = refused if cell.fault == "refused" else catalogue.token_file
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "DATA_STORAGE_URL": catalogue.url,
        "DATA_STORAGE_TOKEN_FILE": str(token_file),
        "BENCH_RECORD": str(project / "record"),
        "BENCH_WORKFLOWS": str(first.parent),
        "BENCH_WORKFLOW_COUNT": str(len(WORKFLOWS)),
        "BENCH_VERSION": version,
        "BENCH_TESTS": str(cell.tests),
        "BENCH_FAULT": cell.fault,
    }


def _conftest(cell: Cell) -> Path:
    return HERE / "strategies" / cell.strategy.name / "conftest.py"


def _seed_by_go(run: Run, env: dict[str, str], project: Path) -> bool:
    """As the suite's first phase does; pytest is not started when it fails."""
    manifest = project / "manifest.json"
    command: list[str | Path] = [
        SEEDER,
        "--url",
        env["DATA_STORAGE_URL"],
        "--run-id",
        env["BENCH_VERSION"],
    ]
    command += ["--token-file", env["DATA_STORAGE_TOKEN_FILE"]]
    command += ["--folder", env["BENCH_WORKFLOWS"], "--manifest", manifest]
    with (project / "output").open("wb") as output:
        ended = subprocess.run(command, stdout=output, stderr=output, check=False)
    run.exit_code = ended.returncode
    env["WORKFLOW_MANIFEST"] = str(manifest)
    # Ginkgo's own report has a failed BeforeSuite.
    run.reported = run.exit_code != 0
    return run.exit_code == 0


def _run_pytest(cell: Cell, run: Run, env: dict[str, str], project: Path) -> None:
    command = [sys.executable, "-m", "pytest", str(project), "-p", "no:cacheprovider"]
    for plugin in ("xdist.plugin", *cell.strategy.plugins, "kubernaut_bench.bootstrap.support"):
        command += ["-p", plugin]
    command += [f"-n{cell.workers}", "--junitxml=junit.xml"]
    command += ["-x"] if cell.fault == "fails" else []
    with (project / "output").open("ab") as output:
        process = subprocess.Popen(
            command, cwd=project, env=env, stdout=output, stderr=output, start_new_session=True
        )
        try:
            limit = FAULT_LIMIT_SECONDS if cell.fault else LIMIT_SECONDS
            run.exit_code = process.wait(limit)
        except subprocess.TimeoutExpired:
            run.hung = True
        finally:
            # Also on Ctrl-C: pytest has a session of its own.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if cell.strategy.by_go:
        # As DeferCleanup on Ginkgo's process 1, after pytest.
        line = {"what": "clean_up", "time": time.time(), "worker": "go"}
        with (project / "record").open("a") as record:
            record.write(json.dumps(line) + "\n")


def _read_record(run: Run, path: Path, started: float) -> None:
    if not path.exists():
        return
    entries: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    times = {what: [e["time"] for e in entries if e["what"] == what] for what in _WHATS}
    set_ups = [entry for entry in entries if entry["what"] == "set_up"]
    run.set_up_seconds = [entry["seconds"] for entry in set_ups]
    run.set_up_cpu_seconds = [entry["cpu_seconds"] for entry in set_ups]
    if times["test"]:
        run.first_test_seconds = min(times["test"]) - started
    run.clean_ups = len(times["clean_up"])
    run.clean_up_was_last = bool(times["clean_up"]) and (
        min(times["clean_up"]) >= max(times["test"] + times["test_end"], default=0.0)
    )


_WHATS = ("test", "test_end", "clean_up")


def _read_junit(run: Run, path: Path) -> None:
    if not path.exists():
        return
    cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    bad = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
    run.failed, run.passed = len(bad), len(cases) - len(bad)
    run.reported = run.reported or bool(bad)
