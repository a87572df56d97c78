"""SIGKILL at every step of the way, by seed; `killing.py` runs as many seeds as wanted."""

import json
import subprocess
import sys
from pathlib import Path

from .killing import POINTS

RUNS = 15


def test_nothing_answered_is_lost_and_nothing_is_stored_twice(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killing.py")
    ended = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "--runs", str(RUNS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

    assert ended.returncode == 0, ended.stderr
    counts = json.loads(ended.stdout.splitlines()[-1])
    assert (counts["missing"], counts["twice"]) == (0, 0)
    assert 0 < counts["answered"] <= counts["stored"] + RUNS * 3
    assert set(counts["killed"]) == set(POINTS)
