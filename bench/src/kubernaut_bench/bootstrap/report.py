"""Tables and a plot from a benchmark's JSON, written between markers of the pages."""

import math
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kubernaut_bench.bootstrap.behaviour import CRITERIA
from kubernaut_bench.bootstrap.cells import STRATEGIES
from kubernaut_bench.bootstrap.plot import Bars, draw
from kubernaut_bench.stack import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
MATRIX_PAGE = ROOT / "docs" / "how-to" / "when-to-seed-where.md"
PLOT = ROOT / "docs" / "bench-bootstrap.svg"
PLOTTED_WORKERS = 32
FAULT_COLUMNS = ["the seed fails", "a worker dies", "`-x`"]

Document = dict[str, Any]


def render(document: Document) -> None:
    """Write both pages and the plot."""
    image = f"![POST requests and seconds, {PLOTTED_WORKERS} workers]({PLOT.name})"
    figures = f"{_conditions(document)}\n\n{_figures(document)}\n\n{image}"
    _splice(PAGE, "bench-bootstrap", figures)
    _splice(PAGE, "bench-bootstrap-faults", _faults(document))
    _splice(MATRIX_PAGE, "bench-bootstrap-matrix", _matrix(document))
    PLOT.write_text(_plot(document))


def _splice(page: Path, name: str, text: str) -> None:
    begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
    head, _, rest = page.read_text().partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise ValueError(f"{page}: the markers {begin} and {end} are missing")
    page.write_text(f"{head}{begin}\n{text}\n{end}{tail}")


def _conditions(document: Document) -> str:
    rounds = document["rounds"]
    text = (
        f"Medians of {rounds} round{'s' if rounds != 1 else ''}, {document['cores']} cores, "
        f"Python {document['python']}, {document['minutes']:.0f} minutes in all; worker counts "
        "with fewer runs say so. Load of the machine over the last 15 minutes: "
        f"{document['load']:.1f}."
    )
    return f"{text} {document.get('note', '')}".rstrip()


def _figures(document: Document) -> str:
    columns = ["workers", "strategy", "POSTs", "TokenReviews", "first test, s", "run, s"]
    columns += ["set-up median, ms", "set-up max, ms", "its CPU max, ms"]
    rows = []
    for workers in sorted({run["workers"] for run in document["runs"]}):
        for strategy in STRATEGIES:
            runs = _of(document, strategy.name, workers)
            if runs:
                fewer = "" if len(runs) == document["rounds"] else f" ({len(runs)} run)"
                rows.append([f"{workers}{fewer}", strategy.title, *_row(runs)])
    return _table(columns, rows)


def _row(runs: list[Document]) -> list[str]:
    reviews = [run["token_reviews"] for run in runs]
    return [
        f"{_median(runs, _posts):.0f}",
        f"{min(reviews)}" if min(reviews) == max(reviews) else f"{min(reviews)} to {max(reviews)}",
        f"{_median(runs, _first):.2f}",
        f"{_median(runs, _seconds):.2f}",
        f"{1000 * _median(runs, lambda run: statistics.median(run['set_up_seconds'])):.2f}",
        f"{1000 * max(max(run['set_up_seconds']) for run in runs):.2f}",
        f"{1000 * max(max(run['set_up_cpu_seconds']) for run in runs):.2f}",
    ]


def _posts(run: Document) -> float:
    return float(run["posts"])


def _seconds(run: Document) -> float:
    return float(run["seconds"])


def _first(run: Document) -> float:
    seconds: float | None = run["first_test_seconds"]
    return math.nan if seconds is None else seconds


def _median(runs: list[Document], value: Callable[[Document], float]) -> float:
    return statistics.median(value(run) for run in runs)


def _of(document: Document, strategy: str, workers: int) -> list[Document]:
    runs = document["runs"]
    return [run for run in runs if (run["strategy"], run["workers"]) == (strategy, workers)]


def _faults(document: Document) -> str:
    criteria = "\n".join(f"- **{what}**: right when {right}." for what, right in CRITERIA.values())
    head = f"Right means, with {document['fault_workers']} workers and twelve tests:"
    columns = ["strategy", *FAULT_COLUMNS]
    rows = [[s.title, *_verdicts(document, s.name, notes=True)] for s in STRATEGIES]
    return f"{head}\n\n{criteria}\n\n{_table(columns, rows)}"


def _matrix(document: Document) -> str:
    columns = ["strategy", f"POSTs, {PLOTTED_WORKERS} workers", "run, s", *FAULT_COLUMNS]
    rows = []
    for strategy in STRATEGIES:
        runs = _of(document, strategy.name, PLOTTED_WORKERS)
        posts = f"{_median(runs, _posts):.0f}" if runs else "not run"
        seconds = f"{_median(runs, _seconds):.1f}" if runs else "not run"
        verdicts = _verdicts(document, strategy.name, notes=False)
        rows.append([strategy.title, posts, seconds, *verdicts])
    return f"{_table(columns, rows)}\n\n{document.get('note', '')}".rstrip()


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (columns, *rows)]
    return "\n".join([lines[0], "|---" * len(columns) + "|", *lines[1:]])


def _verdicts(document: Document, strategy: str, *, notes: bool) -> list[str]:
    found = {f["fault"]: f for f in document["faults"] if f["strategy"] == strategy}
    return [_verdict(found.get(fault), notes) for fault in CRITERIA]


def _verdict(fault: Document | None, notes: bool) -> str:
    if fault is None:
        return "not run"
    return f"{fault['verdict']}: {fault['note']}" if notes and fault["note"] else fault["verdict"]


def _plot(document: Document) -> str:
    rows = [(s.title, _of(document, s.name, PLOTTED_WORKERS)) for s in STRATEGIES]
    rows = [(title.replace("`", ""), runs) for title, runs in rows if runs]
    panels = [
        Bars("POST requests", [_median(runs, _posts) for _, runs in rows], "{:.0f}"),
        Bars("seconds of the whole run", [_median(runs, _seconds) for _, runs in rows], "{:.1f}"),
    ]
    return draw(f"Seeding {PLOTTED_WORKERS} workers", [title for title, _ in rows], panels)
