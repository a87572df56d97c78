"""What is drawn equals the event log."""

from collections import Counter

import pytest
from browser.fixtures import Drawn, Open
from browser.log import Expected, Log
from browser.page import Bar, Timeline

RUNS = ["passes", "fails", "crashes", "varies"]


@pytest.fixture(params=RUNS)
def real(request: pytest.FixtureRequest, drawn: Drawn, open_page: Open) -> tuple[Log, Timeline]:
    """Each of the real runs."""
    log, path = drawn(str(request.param))
    return log, open_page(path)


def key(bar: Bar) -> tuple[str, str]:
    """A bar's name and outcome."""
    return str(bar["name"]), str(bar["outcome"])


def test_each_lane_has_the_bars_of_the_log(real: tuple[Log, Timeline]) -> None:
    """As many per worker and outcome as the log has."""
    log, timeline = real
    drawn = Counter((bar["lane"], *key(bar)) for bar in timeline.bars("tests"))
    assert drawn == Counter((bar.lane, bar.name, bar.outcome) for bar in log.tests())
    assert drawn.total() > 0


def test_lanes_are_the_workers(real: tuple[Log, Timeline]) -> None:
    """In their order, by name, on the page too."""
    log, timeline = real
    assert [lane["name"] for lane in timeline.lanes()] == log.workers()
    labels = timeline.page.locator(".lane > span").all_inner_texts()
    assert [label.removesuffix(" died") for label in labels] == log.workers()


def test_bars_lie_where_the_log_says(real: tuple[Log, Timeline]) -> None:
    """Start and end within a pixel of the log's times, over the whole width."""
    log, timeline = real
    view = timeline.view()
    assert view["start"] == 0
    assert view["end"] == pytest.approx(log.seconds, abs=1e-5)
    scale = view["width"] / log.seconds
    drawn = sorted(timeline.bars("tests"), key=lambda bar: (bar["name"], bar["start"]))
    expected = sorted(log.tests(), key=lambda bar: (bar.name, bar.start))
    for bar, wanted in zip(drawn, expected, strict=True):
        assert key(bar) == (wanted.name, wanted.outcome)
        assert bar["x"] == pytest.approx(wanted.start * scale, abs=1)
        end = max(wanted.end * scale, bar["x"] + 1)
        assert bar["x"] + bar["width"] == pytest.approx(end, abs=1)


def test_bars_of_a_lane_do_not_overlap(real: tuple[Log, Timeline]) -> None:
    """A worker runs one test at a time."""
    _, timeline = real
    assert {lane["rows"] for lane in timeline.lanes()} == {1}


@pytest.mark.parametrize("outcome", ["failed", "error", "skipped", "xpassed"])
def test_pixels_have_the_colour_of_the_outcome(failing: tuple[Log, Timeline], outcome: str) -> None:
    """The canvas itself, from the start to the end of the phase that decided."""
    log, timeline = failing
    deciding = [phase for phase in log.of("phase") if phase["outcome"] == outcome]
    assert deciding
    for phase in deciding:
        bar = timeline.bar(str(phase["nodeid"]))
        assert bar["colour"] == outcome
        zoom_to(timeline, bar)
        bar = timeline.bar(str(phase["nodeid"]))
        start = timeline.x(float(phase["start"]) - log.begin)
        end = timeline.x(float(phase["stop"]) - log.begin)
        assert covered(timeline.columns(bar, blended(timeline, phase)), start, end)


def test_a_phase_that_failed_is_seen_however_short(failing: tuple[Log, Timeline]) -> None:
    """Zooming out takes it below a pixel; its colour stays."""
    log, timeline = failing
    red = [phase for phase in log.of("phase") if phase["outcome"] in ("failed", "error")]
    assert {phase["when"] for phase in red} == {"setup", "call", "teardown"}
    for phase in red:
        zoom_to(timeline, timeline.bar(str(phase["nodeid"])))
        for _ in range(6):
            bar = timeline.bar(str(phase["nodeid"]))
            assert timeline.columns(bar, timeline.colour(str(phase["outcome"])))
            timeline.page.keyboard.press("-")


def test_a_failure_is_marked_along_its_whole_bar(failing: tuple[Log, Timeline]) -> None:
    """Also when the phase that failed is too short to be seen."""
    log, timeline = failing
    red = [bar for bar in log.tests() if bar.outcome in ("failed", "error")]
    assert len(red) == 3
    for expected in red:
        zoom_to(timeline, timeline.bar(expected.name))
        bar = timeline.bar(expected.name)
        start, end = timeline.x(expected.start), timeline.x(expected.end)
        colour = timeline.colour(expected.outcome)
        assert covered(timeline.columns(bar, colour, bar["height"] - 1), start, end)


def blended(timeline: Timeline, phase: Bar) -> str:
    """The colour of a phase: pale for a set-up or teardown that did not fail."""
    colour = timeline.colour(str(phase["outcome"]))
    tints = {"setup": 50, "teardown": 30}
    if phase["outcome"] in ("failed", "error") or phase["when"] not in tints:
        return colour
    ground = f"color-mix(in srgb, {colour} 20%, {timeline.colour('band')})"
    return f"color-mix(in srgb, {colour} {tints[phase['when']]}%, {ground})"


def covered(columns: list[tuple[int, int]], start: float, end: float) -> bool:
    """Whether one run of pixels begins and ends where it should, within two pixels."""
    return any(abs(first - start) <= 2 and abs(last - end) <= 2 for first, last in columns)


def zoom_to(timeline: Timeline, bar: Bar) -> None:
    """Bring a bar to about half the width."""
    timeline.page.get_by_role("tab", name="All").click()
    timeline.page.locator(f"#list button[title='{bar['name']}']").click()
    timeline.page.keyboard.press("z")
    timeline.settle()


def test_a_crashed_test_lasts_until_its_worker_died(drawn: Drawn, open_page: Open) -> None:
    """Drawn as failed, and said in words on top."""
    log, path = drawn("crashes")
    timeline = open_page(path)
    (crashed,) = [bar for bar in timeline.bars("tests") if bar["outcome"] == "failed"]
    (expected,) = [bar for bar in log.tests() if bar.outcome == "failed"]
    (down,) = [event for event in log.of("worker_down") if "error" in event]
    assert crashed["lane"] == down["worker"] == expected.lane
    assert crashed["end"] == pytest.approx(down["time"] - log.begin, abs=1e-5)
    notes = timeline.page.locator("#notes").inner_text()
    assert f"Worker {down['worker']} died" in notes
    assert down["error"] in notes


def test_the_whole_run_has_every_lane(whole: tuple[Log, Timeline]) -> None:
    """Spans and specs too, each from its start to its finish."""
    log, timeline = whole
    starts = {event["span"]: event for event in log.of("span_start")}
    expected = [
        Expected(
            start["name"],
            start["lane"],
            "passed",
            start["time"] - log.begin,
            finish["time"] - log.begin,
        )
        for finish in log.of("span_finish")
        if (start := starts[finish["span"]])
    ]
    for span in expected:
        bar = timeline.bar(span.name, span.lane)
        assert bar["outcome"] == span.outcome
        assert bar["start"] == pytest.approx(span.start, abs=1e-5)
        assert bar["end"] == pytest.approx(span.end, abs=1e-5)
    specs = Counter((bar["name"], bar["outcome"]) for bar in timeline.bars("specs"))
    assert specs == Counter((event["spec"], event["state"]) for event in log.of("spec_finish"))


def test_a_log_that_was_cut_off_says_so(drawn: Drawn, open_page: Open) -> None:
    """What ran is drawn to the end as unfinished."""
    log, path = drawn("cut-60")
    timeline = open_page(path)
    started = {event["nodeid"] for event in log.of("test_start")}
    open_tests = started - {event["nodeid"] for event in log.of("test_finish")}
    unfinished = [bar for bar in timeline.bars("tests") if bar["outcome"] == "unfinished"]
    assert open_tests
    assert {bar["name"] for bar in unfinished} == open_tests
    assert [bar["end"] for bar in unfinished] == pytest.approx([log.seconds] * len(unfinished))
    notes = timeline.page.locator("#notes").inner_text()
    assert "This log was cut off" in notes
    assert f"{len(open_tests)} test" in notes
    assert timeline.page.locator("#outcome").inner_text() != "passed"
