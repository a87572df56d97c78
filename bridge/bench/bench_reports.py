"""What making the reports of a large event log costs: seconds, memory, and sizes.

The log is generated in the shape of a real run: specs that mirror tests, one test
in twenty fails, and every test prints as much as --printed says.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EPOCH = 1_764_000_000.0
FRAMES = 20
Event = dict[str, Any]


def main() -> int:
    """Generate each log, run the command on it, print a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", type=Path, help="the command line ginkgopytest")
    parser.add_argument("--tests", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--printed", type=int, default=100, help="bytes that each test prints")
    options = parser.parse_args()
    sys.stdout.write("| tests | log MB | seconds | CPU seconds | peak MB | reports MB |\n")
    sys.stdout.write("|---:|---:|---:|---:|---:|---:|\n")
    for tests in options.tests:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder / "events.jsonl", tests, options.printed)
            sys.stdout.write(row(options.command, folder, tests))
            sys.stdout.flush()
    return 0


def row(command: Path, folder: Path, tests: int) -> str:
    """The figures of one log."""
    log = (folder / "events.jsonl").stat().st_size
    begin = time.monotonic()
    pid = os.posix_spawn(
        command,
        [str(command), "report", str(folder)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    seconds = time.monotonic() - begin
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command} failed on {tests} tests")
    made = sum(path.stat().st_size for path in folder.iterdir()) - log
    return (
        f"| {tests} | {log / 1e6:.1f} | {seconds:.1f} | {usage.ru_utime + usage.ru_stime:.1f} "
        f"| {usage.ru_maxrss / 1024:.0f} | {made / 1e6:.1f} |\n"
    )


def write(path: Path, tests: int, printed: int) -> None:
    """Write the log of a run of that many tests on four workers."""
    with path.open("w", encoding="utf-8") as file:
        for event in run(tests, printed):
            file.write(json.dumps(event, separators=(",", ":")) + "\n")


def run(tests: int, printed: int) -> Iterator[Event]:
    """The events of a whole run."""
    nodeids = [f"tests/unit/test_module_{n // 50:04}.py::test_{n:06}" for n in range(tests)]
    yield made(
        "run_start", 0, schema_version=1, run_id="generated", suite="generated", path="/suite"
    )
    yield made(
        "session_start", 1, schema_version=1, workers=4, pid=1, rootdir="/project",
        pytest="9.2.0", python="3.11.7",
    )  # fmt: skip
    for worker in range(4):
        yield made("worker_up", 1.5, worker=f"gw{worker}", pid=2 + worker)
    yield made("collected", 2, nodeids=nodeids)
    for number, nodeid in enumerate(nodeids):
        yield from test(number, nodeid, printed)
    end = 3 + tests * 0.01
    yield made("session_finish", end, exitstatus=1)
    yield made("run_finish", end, outcome="failed", ran=tests, failed=tests // 20)


def test(number: int, nodeid: str, printed: int) -> Iterator[Event]:
    """One test of four hundredths of a second, and the spec that mirrors it."""
    at, worker, failed = 3 + number * 0.01, f"gw{number % 4}", number % 20 == 7
    path, name = f"/project/{nodeid.split('::')[0]}", nodeid.split("::")[1]
    spec = {"spec": nodeid.replace("/", " ").replace("::", " "), "nodeid": nodeid, "process": 1}
    text = traceback(nodeid, name) if failed else None
    yield made(
        "test_start", at, nodeid=nodeid, worker=worker, pid=2 + number % 4, path=path, line=3
    )
    yield made("spec_start", at, **spec)
    for when, length in (("setup", 0.005), ("call", 0.03), ("teardown", 0.005)):
        call = when == "call"
        found: Event = {"outcome": "failed" if failed and call else "passed"}
        if failed and call:
            found |= {"longrepr": text, "path": path, "line": 5}
        if call and printed:
            found["sections"] = [["Captured stdout call", ("x" * 79 + "\n") * (printed // 80 + 1)]]
        times = {"start": EPOCH + at, "stop": EPOCH + at + length, "duration": length}
        yield made(
            "phase",
            at + length,
            nodeid=nodeid,
            when=when,
            worker=worker,
            attempt=1,
            **times,
            **found,
        )
        at += length
    outcome = "failed" if failed else "passed"
    ended = {"nodeid": nodeid, "outcome": outcome, "worker": worker, "attempts": 1}
    yield made("test_finish", at, **ended, **({"reason": text} if failed else {}))
    yield made("spec_finish", at, state=outcome, path=path, line=3, **spec)


def traceback(nodeid: str, name: str) -> str:
    """A traceback of about three kilobytes."""
    frame = f"    def helper(value):\n>       return check(value)\n\n{nodeid.split('::')[0]}:40: \n"
    return (
        f"    def {name}():\n"
        + frame * FRAMES
        + "E       assert 1 == 2\n\ntests/x.py:5: AssertionError"
    )


def made(event: str, at: float, **fields: Any) -> Event:
    """An event; times are seconds from the start."""
    return {"event": event, "time": EPOCH + at, **fields}


if __name__ == "__main__":
    sys.exit(main())
