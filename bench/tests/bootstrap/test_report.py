"""The pages and the plot that come of a benchmark's JSON."""

import xml.etree.ElementTree as ElementTree
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from kubernaut_bench.bootstrap import report
from kubernaut_bench.bootstrap.cells import STRATEGIES, Run

FAULTS = ("refused", "dies", "fails")


@pytest.fixture
def document() -> dict[str, Any]:
    """Two rounds with 1 and 32 workers, one run with 64."""
    runs = [
        asdict(
            Run(
                strategy.name,
                workers,
                "",
                posts=11 * (workers if strategy.name == "naive" else 1),
                token_reviews=number,
                first_test_seconds=1.5,
                set_up_seconds=[0.001, 0.003],
                set_up_cpu_seconds=[0.0004, 0.0005],
                seconds=2.0 + number,
            )
        )
        for strategy in STRATEGIES
        for workers, number in ((1, 0), (1, 1), (32, 0), (32, 1), (64, 0))
    ]
    faults = [
        {"strategy": s.name, "fault": fault, "verdict": "wrong", "note": f"{s.name} {fault}"}
        for s in STRATEGIES
        for fault in FAULTS
    ]
    told = {"rounds": 2, "minutes": 3.2, "cores": 2, "load": 0.5, "python": "3.13.1"}
    return {**told, "fault_workers": 4, "runs": runs, "faults": faults}


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the pages of docs/."""
    for name in ("PAGE", "MATRIX_PAGE"):
        copy = tmp_path / getattr(report, name).name
        copy.write_text(getattr(report, name).read_text())
        monkeypatch.setattr(report, name, copy)
    monkeypatch.setattr(report, "PLOT", tmp_path / report.PLOT.name)
    return tmp_path


def test_figures_are_medians_between_the_markers(pages: Path, document: dict[str, Any]) -> None:
    report.render(document)

    text = (pages / "benchmarks.md").read_text()
    assert "| 32 | every worker seeds | 352 | 0 to 1 | 1.50 | 2.50 | 2.00 | 3.00 | 0.50 |" in text
    assert "| 64 (1 run) | Go seeds, manifest (ours) | 11 | 0 | 1.50 | 2.00 |" in text
    assert "Medians of 2 rounds, 2 cores, Python 3.13.1" in text
    assert "Not measured yet" not in text
    assert text.startswith("# Benchmarks")
    assert "counts as a hang." in text


def test_faults_have_their_reason_on_one_page_only(pages: Path, document: dict[str, Any]) -> None:
    report.render(document)

    assert "| wrong: naive refused | wrong: naive dies |" in (pages / "benchmarks.md").read_text()
    matrix = (pages / "when-to-seed-where.md").read_text()
    assert "| every worker seeds | 352 | 2.5 | wrong | wrong | wrong |" in matrix


def test_rendering_twice_changes_nothing(pages: Path, document: dict[str, Any]) -> None:
    report.render(document)
    first = {path.name: path.read_text() for path in pages.iterdir()}

    report.render(document)

    assert {path.name: path.read_text() for path in pages.iterdir()} == first


def test_the_plot_has_a_bar_for_each_strategy_and_panel(
    pages: Path, document: dict[str, Any]
) -> None:
    report.render(document)

    root = ElementTree.parse(pages / "bench-bootstrap.svg").getroot()
    bars = [element for element in root.iter() if element.tag.endswith("rect")]
    assert len(bars) == 2 * len(STRATEGIES)
    widths = sorted({float(bar.get("width", "0")) for bar in bars[: len(STRATEGIES)]})
    assert widths == pytest.approx([150 * 11 / 352, 150], abs=0.1)


def test_a_page_without_markers_is_named(pages: Path, document: dict[str, Any]) -> None:
    (pages / "benchmarks.md").write_text("# Benchmarks\n")

    with pytest.raises(ValueError, match=r"benchmarks\.md: the markers"):
        report.render(document)
