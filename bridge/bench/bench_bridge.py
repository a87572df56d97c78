"""Compares raw `pytest -n 2` with the whole bridge around it, for many empty tests.

Raw runs, without the plugin, alternate with runs of a small Go suite as a user has
it: `go test`, or ginkgo with several processes. A row has medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measure import Usage, adopt_orphans, measured

BRIDGE = Path(__file__).parents[1] / "ginkgopytest"
MODULE = "github.com/jordigilh/kubernaut/bridge/ginkgopytest"
WORKERS = "2"
# A file of a real project has some functions, some of them with parameters.
FUNCTIONS, PARAMETERS = 5, 20
# Plugins of this checkout's environment that shuffle, or import a lot.
SETTINGS = "[pytest]\naddopts = -p no:randomly -p no:hypothesispytest -p no:cacheprovider\n"
FUNCTION = """
@pytest.mark.parametrize("number", range({parameters}))
def test_empty_{function}(number):
    pass
"""
SUITE = """package suite_test

import (
	"os"
	"testing"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestPython(t *testing.T) {
	RegisterFailHandler(Fail)
	ginkgopytest.RunSpecs(t, "python", ginkgopytest.Suite{
		Python: os.Getenv("BENCH_PYTHON"), Workers: os.Getenv("BENCH_WORKERS"),
		Dir:     os.Getenv("BENCH_PROJECT"),
		Reports: ginkgopytest.Reports{Dir: os.Getenv("BENCH_REPORTS")},
	})
}
"""
COLUMNS = (
    "tests",
    "processes",
    "raw, s",
    "bridge, s",
    "ratio",
    "cmd/go alone, s",
    "CPU added, ms a test",
    "largest Go process, MB",
    "all processes, MB (raw)",
    "files, bytes a test",
)


@dataclass
class Bench:
    """The folders of one benchmark, and what its runs get."""

    home: Path
    env: dict[str, str]

    @property
    def suite(self) -> Path:
        """The Go module of the suite."""
        return self.home / "suite"

    @property
    def reports(self) -> Path:
        """Where the suite leaves its files."""
        return self.home / "reports"

    @property
    def ginkgo(self) -> Path:
        """Ginkgo's command line."""
        return self.home / "ginkgo"

    def raw(self, project: Path) -> Usage:
        """One run without the bridge."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:ginkgo", "-n", WORKERS]
        return measured(command, project, self.env, self.home / "raw.txt")

    def bridged(self, project: Path, processes: int) -> Usage:
        """One run of the suite, whose folder of reports is new."""
        shutil.rmtree(self.reports, ignore_errors=True)
        command = ["go", "test", "-timeout=1h", "."]
        if processes > 1:
            command = [str(self.ginkgo), f"--procs={processes}", "--timeout=1h", "."]
        env = self.env | {"BENCH_PROJECT": str(project)}
        return measured(command, self.suite, env, self.home / "bridge.txt")

    def alone(self) -> Usage:
        """What cmd/go itself takes to build the suite, of which nothing has changed."""
        command = ["go", "test", "-c", "-o", os.devnull, "."]
        return measured(command, self.suite, self.env, self.home / "go.txt")


def prepare(home: Path) -> Bench:
    """A Go module with a suite, outside the checkout."""
    env = os.environ | {
        "BENCH_PYTHON": sys.executable,
        "BENCH_WORKERS": WORKERS,
        "BENCH_REPORTS": str(home / "reports"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GOWORK": "off",
        "GOFLAGS": "-mod=mod",
    }
    bench = Bench(home, env)
    bench.suite.mkdir()
    (bench.suite / "suite_test.go").write_text(SUITE)
    shutil.copy(BRIDGE / "go.sum", bench.suite)
    module = (BRIDGE / "go.mod").read_text().replace(f"module {MODULE}", "module bench")
    replace = f"\nrequire {MODULE} v0.0.0\n\nreplace {MODULE} => {BRIDGE}\n"
    (bench.suite / "go.mod").write_text(module + replace)
    for command in (
        ["go", "test", "-run=none", "."],
        ["go", "build", "-o", str(bench.ginkgo), "github.com/onsi/ginkgo/v2/ginkgo"],
    ):
        subprocess.run(command, cwd=bench.suite, env=env, check=True, stdout=subprocess.DEVNULL)
    return bench


def write_project(folder: Path, tests: int) -> None:
    """A pytest project of that many empty tests, a hundred in a file."""
    each = FUNCTIONS * PARAMETERS
    if tests % each:
        raise SystemExit(f"--tests {tests} is not a multiple of {each}, the tests of a file")
    folder.mkdir()
    (folder / "pytest.ini").write_text(SETTINGS)
    body = "".join(
        FUNCTION.format(parameters=PARAMETERS, function=number) for number in range(FUNCTIONS)
    )
    for number in range(tests // each):
        package = folder / f"part_{number // 50:02}"
        package.mkdir(exist_ok=True)
        (package / f"test_module_{number:04}.py").write_text(f"import pytest\n{body}")


def row(bench: Bench, tests: int, processes: int, rounds: int) -> str:
    """The figures of one size."""
    project = bench.home / f"project-{tests}"
    if not project.exists():
        write_project(project, tests)
    raw, bridged, alone = [], [], []
    for _ in range(rounds):
        raw.append(bench.raw(project))
        bridged.append(bench.bridged(project, processes))
        alone.append(bench.alone())
    files = sum(path.stat().st_size for path in bench.reports.rglob("*") if path.is_file())

    def of(usages: list[Usage], figure: Callable[[Usage], float]) -> float:
        return median(figure(usage) for usage in usages)

    ratio = of(bridged, lambda u: u.wall) / of(raw, lambda u: u.wall)
    added = of(bridged, lambda u: u.cpu) - of(raw, lambda u: u.cpu)
    return (
        f"| {tests} | {processes} | {of(raw, lambda u: u.wall):.2f} "
        f"| {of(bridged, lambda u: u.wall):.2f} | {ratio:.2f} | {of(alone, lambda u: u.wall):.2f} "
        f"| {added / tests * 1000:.2f} | {max(u.peak('.test', 'ginkgo') for u in bridged):.0f} "
        f"| {of(bridged, lambda u: u.memory):.0f} ({of(raw, lambda u: u.memory):.0f}) "
        f"| {files / tests:.0f} |\n"
    )


def main() -> int:
    """Print a row for each size and number of processes."""
    parser = argparse.ArgumentParser(prog="hack/bench-bridge.sh", description=__doc__)
    parser.add_argument("--tests", type=int, nargs="+", default=[2_000, 20_000, 50_000, 100_000])
    parser.add_argument("--procs", type=int, nargs="+", default=[1], help="Ginkgo processes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="copy the last run's files to this folder")
    given = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-bridge-") as name:
        bench = prepare(Path(name))
        sys.stdout.write(f"| {' | '.join(COLUMNS)} |\n{'|---:' * len(COLUMNS)}|\n")
        for tests in given.tests:
            for processes in given.procs:
                sys.stdout.write(row(bench, tests, processes, given.rounds))
                sys.stdout.flush()
        if given.keep:
            shutil.copytree(bench.reports, given.keep, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
