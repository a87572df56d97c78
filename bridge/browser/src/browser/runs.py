"""Makes event logs by running pytest projects, and timelines from event logs."""

import subprocess
from pathlib import Path

HERE = Path(__file__).parents[2]
ROOT = HERE.parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
COMMAND = ROOT / "bin" / "ginkgopytest"


def run(project: str, folder: Path) -> Path:
    """Run one of the projects with two workers and return its event log."""
    log = folder / "events.jsonl"
    command = [
        str(PYTHON),
        "-m",
        "pytest",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    done = subprocess.run(  # noqa: S603
        [*command, f"--ginkgo-events={log}", "."],
        cwd=HERE / "tests" / "projects" / project,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest {project}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return log


def draw(log: Path) -> Path:
    """Draw a log and return the page, which lies beside it."""
    if not COMMAND.exists():
        raise RuntimeError(f"{COMMAND} is missing: `make test-browser` builds it")
    subprocess.run([str(COMMAND), "report", str(log.parent)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return log.parent / "timeline.html"
