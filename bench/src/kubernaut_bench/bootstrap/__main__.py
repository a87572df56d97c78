"""`make bench-bootstrap`: every strategy on the same workflows and the same DataStorage."""

import argparse
import itertools
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kubernaut_bench.bootstrap.behaviour import CRITERIA, judge
from kubernaut_bench.bootstrap.catalogue import Catalogue
from kubernaut_bench.bootstrap.cells import STRATEGIES, Cell, Run, Strategy, measure
from kubernaut_bench.bootstrap.report import render
from kubernaut_bench.stack import ROOT, BenchError, stack

FAULT_WORKERS = 4
REPORTS = ROOT / "reports" / "bench-bootstrap"


def main() -> int:
    """Measure, or draw again from a file."""
    options = _options()
    # A shell's background job starts with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if options.render:
        render({**json.loads(options.render.read_text()), "note": options.note})
        return 0
    REPORTS.mkdir(parents=True, exist_ok=True)
    with stack() as told:
        document = {**_measure(Catalogue.of(told), options), "note": options.note}
    path = REPORTS / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    path.write_text(json.dumps(document, indent=1))
    _say(f"wrote {path.relative_to(ROOT)}")
    if options.publish:
        render(document)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the measured cells")
    parser.add_argument("--workers", default="1,11,32", help="worker counts, once each round")
    parser.add_argument("--once", default="64", help="worker counts that are measured once")
    parser.add_argument("--strategies", default="", help="only these; default: all")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing after so long")
    parser.add_argument("--publish", action="store_true", help="write the pages of docs/")
    parser.add_argument("--note", default="", help="what a reader of the figures must know")
    parser.add_argument("--render", type=Path, help="write the pages from this file; run nothing")
    return parser.parse_args()


def _measure(catalogue: Catalogue, options: argparse.Namespace) -> dict[str, Any]:
    chosen = [s for s in STRATEGIES if s.name in options.strategies.split(",")] or list(STRATEGIES)
    started, numbers = time.time(), itertools.count()
    # The first run of all would pay for cold files.
    measure(Cell(chosen[0], 1), catalogue, next(numbers))
    faults = [_judged(s, fault, catalogue, next(numbers)) for s in chosen for fault in CRITERIA]
    rounds: list[list[Run]] = []
    try:
        for workers, turn in _turns(options, started):
            rounds.append([])
            for cell in _cells(chosen, workers, turn):
                rounds[-1].append(_told(cell, catalogue, next(numbers)))
    except KeyboardInterrupt:
        _say("interrupted; the last round is not complete")
        # Better a part of the only round than nothing.
        rounds = rounds[:-1] or rounds
    runs = list(itertools.chain(*rounds))
    whole = len(list(_cells(chosen, options.workers, 0)))
    return {
        "schema_version": 1,
        "rounds": max(1, sum(len(done) == whole for done in rounds)),
        "minutes": (time.time() - started) / 60,
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[2],
        "python": platform.python_version(),
        "fault_workers": FAULT_WORKERS,
        "runs": [_brief(run) for run in runs],
        "faults": faults,
    }


def _judged(strategy: Strategy, fault: str, catalogue: Catalogue, number: int) -> dict[str, Any]:
    run = measure(Cell(strategy, FAULT_WORKERS, fault), catalogue, number)
    verdict = judge(run)
    _say(f"{strategy.name} {fault}: {verdict}")
    return {**asdict(run), "verdict": verdict.word, "note": verdict.note}


def _brief(run: Run) -> dict[str, Any]:
    return {name: value for name, value in asdict(run).items() if name != "output"}


def _turns(options: argparse.Namespace, started: float) -> Iterator[tuple[str, int]]:
    """The rounds, and then what is measured once; the first one always."""
    turns = [*[options.workers] * options.rounds, options.once]
    for turn, workers in enumerate(turns):
        late = options.minutes and time.time() - started > 60 * options.minutes
        if turn == 0 or not late:
            yield workers, turn


def _cells(chosen: Sequence[Strategy], workers: str, turn: int) -> Iterator[Cell]:
    """Interleaved; each round begins with another strategy."""
    for count in filter(None, workers.split(",")):
        for index in range(len(chosen)):
            yield Cell(chosen[(index + turn) % len(chosen)], int(count))


def _told(cell: Cell, catalogue: Catalogue, number: int) -> Run:
    run = measure(cell, catalogue, number)
    first = "none" if run.first_test_seconds is None else f"{run.first_test_seconds:.1f} s"
    _say(
        f"{run.strategy} {run.workers}: {run.posts} POSTs, {run.token_reviews} TokenReviews, "
        f"first test {first}, set-up {1000 * run.set_up_median:.2f} ms "
        f"(max {1000 * run.set_up_max:.2f}), {run.passed} passed, {run.failed} failed"
    )
    return run


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench-bootstrap: {error}")
