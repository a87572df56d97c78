"""Measures what the event stream costs per test against raw pytest.

Runs of 2,000 empty tests alternate with and without it; medians are compared.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = 2_000
LIMIT_MS = 0.3
BODY = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_empty(number):
    pass
"""


def seconds(folder: Path, workers: str, *options: str) -> float:
    """The time of one run, start-up included."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-n", workers, *options]
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Print both medians and their difference per test; 1 when it is above the limit."""
    parser = argparse.ArgumentParser(prog="hack/bench-events.sh", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="2")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-events-") as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text(BODY.format(tests=TESTS))
        raw, streamed = [], []
        for number in range(given.rounds):
            raw.append(seconds(folder, given.workers))
            log = f"--ginkgo-events={folder / f'events-{number}.jsonl'}"
            streamed.append(seconds(folder, given.workers, log))
    cost = (statistics.median(streamed) - statistics.median(raw)) / TESTS * 1000
    sys.stdout.write(
        f"{TESTS} tests, -n {given.workers}, {given.rounds} rounds: "
        f"raw {statistics.median(raw):.2f} s, with events {statistics.median(streamed):.2f} s, "
        f"{cost:.3f} ms a test (limit {LIMIT_MS})\n"
    )
    return int(cost > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
