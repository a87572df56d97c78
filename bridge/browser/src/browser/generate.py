"""Generated event logs: many tests, in the shape of a real run."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Event = dict[str, Any]
EPOCH = 1_764_000_000.0
PARTS = (
    ("etcd", 0.0, 1.1),
    ("kube-apiserver", 1.1, 3.0),
    ("postgres", 0.1, 0.9),
    ("datastorage", 3.05, 4.4),
    ("mock-llm", 0.2, 1.3),
    ("holmesgpt-api", 0.0, 5.2),
)
WORKFLOWS = tuple(f"workflow-{number:02}" for number in range(11))
TRACEBACK = """    def {name}(hapi):
>       assert answer["confidence"] == 0.95
E       assert 0.7 == 0.95

{path}:3: AssertionError"""


def generated(tests: int, workers: int = 4, seed: int = 7) -> list[Event]:
    """A whole run: stack, seed, and `tests` tests on `workers` workers."""
    # Not for secrets: the same run each time.
    chance = random.Random(seed)  # noqa: S311
    events = [*stack(), *pytest_run(tests, workers, chance)]
    return sorted(events, key=lambda event: float(event["time"]))


def write(path: Path, events: list[Event]) -> Path:
    """Write a log as the plugin does."""
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return path


def event(name: str, time: float, /, **fields: Any) -> Event:
    """One event; times are seconds from the start."""
    return {"event": name, "time": EPOCH + time, **fields}


def stack() -> Iterator[Event]:
    """Infrastructure parts, one span a workflow, and the suite's own step."""
    yield event("run_start", 0.0, schema_version=1, run_id="generated", suite="generated suite")
    yield from span("suite", "before suite", 0.0, 6.0)
    for name, start, stop in PARTS:
        yield from span("infrastructure", name, start, stop)
    for number, name in enumerate(WORKFLOWS):
        start = 5.25 + 0.12 * (number // 4)
        yield from span("seed", name, start, start + 0.1 + 0.005 * number)


def span(lane: str, name: str, start: float, stop: float) -> Iterator[Event]:
    """A span that passed."""
    yield event("span_start", start, span=f"{lane}/{name}", lane=lane, name=name)
    yield event("span_finish", stop, span=f"{lane}/{name}", outcome="passed")


def pytest_run(tests: int, workers: int, chance: random.Random) -> Iterator[Event]:
    """The pytest session: each worker takes the next test when it is free."""
    yield event(
        "session_start", 5.9, schema_version=1, workers=workers, pytest="9.2.0", python="3.11.7"
    )
    free = {f"gw{number}": 7.0 + 0.05 * number for number in range(workers)}
    for worker, time in free.items():
        yield event("worker_up", time - 0.6, worker=worker, pid=1)
    for number in range(tests):
        worker = min(free, key=lambda name: free[name])
        for made in one_test(number, worker, free[worker], chance):
            free[worker] = max(free[worker], float(made["time"]) - EPOCH)
            yield made
    end = max(free.values())
    for worker in free:
        yield event("worker_down", end + 0.1, worker=worker)
    yield event("session_finish", end + 0.2, exitstatus=1)
    yield event("run_finish", end + 0.3, outcome="failed")


def one_test(number: int, worker: str, start: float, chance: random.Random) -> Iterator[Event]:
    """A test; about one in forty fails, some are skipped, some pass at the second attempt."""
    nodeid = f"tests/test_{number // 50:03}.py::test_{number}"
    spec = {"spec": f"{nodeid} spec", "nodeid": nodeid, "process": 1 + number % 2}
    outcome = chance.choices(["passed", "failed", "skipped"], [90, 2.5, 7.5])[0]
    attempts = 2 if outcome == "passed" and chance.random() < 0.05 else 1
    yield event(
        "test_start", start, nodeid=nodeid, worker=worker, pid=1, path=nodeid.split("::")[0], line=3
    )
    yield event("spec_start", start, **spec)
    at = start
    for attempt in range(1, attempts + 1):
        ended = outcome if attempt == attempts else "rerun"
        for when, length in lengths(ended, chance):
            fields = phase_fields(when, ended, nodeid)
            times = {"start": EPOCH + at, "stop": EPOCH + at + length, "duration": length}
            at += length
            yield event("phase", at, when=when, worker=worker, attempt=attempt, **times, **fields)
    yield event("test_finish", at, nodeid=nodeid, outcome=outcome, worker=worker, attempts=attempts)
    yield event("spec_finish", at + 0.001, state=outcome, **spec)


def lengths(outcome: str, chance: random.Random) -> list[tuple[str, float]]:
    """The phases of an attempt, and how long each takes."""
    phases = [
        ("setup", chance.uniform(0.004, 0.06)),
        ("call", chance.lognormvariate(-2.2, 1.0)),
        ("teardown", chance.uniform(0.001, 0.02)),
    ]
    return [phase for phase in phases if outcome != "skipped" or phase[0] != "call"]


def phase_fields(when: str, outcome: str, nodeid: str) -> dict[str, Any]:
    """A skip ends the set-up, a failure the call; a failure has a traceback and output."""
    decides = {"skipped": "setup", "failed": "call", "rerun": "call"}
    if decides.get(outcome) != when:
        return {"nodeid": nodeid, "outcome": "passed"}
    if outcome == "skipped":
        return {"nodeid": nodeid, "outcome": outcome}
    path, name = nodeid.split("::")
    return {
        "nodeid": nodeid,
        "outcome": outcome,
        "longrepr": TRACEBACK.format(name=name, path=path),
        "path": path,
        "line": 3,
        "sections": [["Captured stdout call", f"printed by {name}\n"]],
    }
