"""Details are the log's words."""

from itertools import pairwise
from pathlib import Path

import pytest
from browser.fixtures import Drawn, Open
from browser.log import Log
from browser.page import Bar, Timeline


def test_the_details_of_a_failure_are_the_traceback(failing: tuple[Log, Timeline]) -> None:
    """Byte for byte, and the output beside it; markup in it stays text."""
    log, timeline = failing
    (phase,) = [event for event in log.of("phase") if event["outcome"] == "failed"]
    timeline.page.mouse.click(*timeline.point(timeline.bar(phase["nodeid"])))
    assert timeline.details.locator("h2").inner_text() == phase["nodeid"]
    assert timeline.details.locator("pre.report").text_content() == phase["longrepr"]
    assert "</script>" in phase["longrepr"]
    assert shown_output(timeline) == sections(log, phase["nodeid"])
    assert timeline.page.evaluate("() => window.broken") is None


def sections(log: Log, nodeid: str) -> list[list[str]]:
    """What set-up, call and teardown printed, in that order."""
    phases = log.of("phase", nodeid)
    return [section for phase in phases for section in phase.get("sections", [])]


def shown_output(timeline: Timeline) -> list[list[str]]:
    """Titles and texts of the output in the details."""
    titles = timeline.details.locator("summary").all_inner_texts()
    outputs = timeline.details.locator("pre.output").all_text_contents()
    return [list(pair) for pair in zip(titles, outputs, strict=True)]


def test_the_details_have_what_each_phase_printed(failing: tuple[Log, Timeline]) -> None:
    """Set-up, call and teardown, although pytest's last report has all of it again."""
    log, timeline = failing
    (nodeid,) = {event["nodeid"] for event in log.of("phase") if "chatty" in event["nodeid"]}
    timeline.page.mouse.click(*timeline.point(timeline.bar(nodeid)))
    assert shown_output(timeline) == [
        ["Captured stdout setup", "printed by the set-up\n"],
        ["Captured stdout call", "printed by the call\n"],
        ["Captured stdout teardown", "printed by the teardown\n"],
    ]


def test_the_list_says_in_one_line_why(failing: tuple[Log, Timeline]) -> None:
    """The reason that the log gives, beside each failure."""
    log, timeline = failing
    reasons = {
        event["nodeid"].split("::")[-1]: event["message"]
        for event in log.of("phase")
        if event["outcome"] in ("failed", "error")
    }
    rows = timeline.page.locator("#list li")
    names = rows.locator(".name").all_inner_texts()
    gists = rows.locator(".gist").all_text_contents()
    assert dict(zip(names, gists, strict=True)) == reasons
    assert len(reasons) == 3


def test_the_details_name_place_lane_and_phases(failing: tuple[Log, Timeline]) -> None:
    """The line that failed, the worker, and each phase with its outcome."""
    log, timeline = failing
    (phase,) = [event for event in log.of("phase") if event["outcome"] == "failed"]
    timeline.page.mouse.click(*timeline.point(timeline.bar(phase["nodeid"])))
    text = timeline.details.inner_text()
    (session,) = log.of("session_start")
    place = Path(phase["path"]).relative_to(session["rootdir"])
    assert f"{place}:{phase['line']}" in text
    assert phase["worker"] in text
    rows = timeline.details.locator(".phases:not(.parts) tr").all_inner_texts()
    found = [row.split("\t")[:2] for row in rows]
    assert found == [
        [event["when"], event["outcome"]] for event in log.of("phase", phase["nodeid"])
    ]


def test_the_first_failure_is_open_from_the_start(failing: tuple[Log, Timeline]) -> None:
    """What people come for needs no click."""
    log, timeline = failing
    red = [bar for bar in log.tests() if bar.outcome in ("failed", "error")]
    first = min(red, key=lambda bar: bar.start)
    assert timeline.details.locator("h2").inner_text() == first.name
    names = timeline.page.locator("#list .name").all_inner_texts()
    ordered = sorted(red, key=lambda bar: bar.start)
    assert names == [bar.name.split("::")[-1] for bar in ordered]


def test_hover_says_what_a_bar_is(failing: tuple[Log, Timeline]) -> None:
    """And goes when the pointer does."""
    log, timeline = failing
    bar = timeline.bar("test_fails.py::test_passes")
    timeline.page.mouse.move(*timeline.point(bar))
    tip = timeline.page.locator("#tip")
    assert "test_passes" in tip.inner_text()
    assert "passed" in tip.inner_text()
    assert all(word in tip.inner_text() for word in ("setup", "call", "teardown"))
    assert log.of("test_finish", bar["name"])[0]["worker"] in tip.inner_text()
    timeline.page.mouse.move(2, 2)
    assert tip.is_hidden()


def test_the_slowest_ten_and_the_way_to_the_first_test(whole: tuple[Log, Timeline]) -> None:
    """Lists agree with the log."""
    log, timeline = whole
    timeline.page.get_by_role("tab", name="Slowest").click()
    slowest = sorted(log.tests(), key=lambda bar: bar.start - bar.end)[:10]
    names = timeline.page.locator("#list .name").all_inner_texts()
    assert names == [bar.name.split("::")[-1] for bar in slowest]

    timeline.page.get_by_role("tab", name="First test").click()
    first = min(bar.start for bar in log.tests())
    way = timeline.page.evaluate("() => window.timeline.critical()")
    assert way[0]["start"] == 0
    assert way[-1]["end"] == pytest.approx(first, abs=1e-5)
    assert all(step["end"] == later["start"] for step, later in pairwise(way))
    assert timeline.page.locator("#list li").count() == len(way)


def test_each_attempt_has_its_own_traceback(drawn: Drawn, open_page: Open) -> None:
    """And leads to the others."""
    log, path = drawn("varies")
    timeline = open_page(path)
    reruns = [phase for phase in log.of("phase") if phase["outcome"] == "rerun"]
    bars = [bar for bar in timeline.bars("tests") if bar["name"] == reruns[0]["nodeid"]]
    assert [bar["outcome"] for bar in bars] == ["rerun", "rerun", "passed"]
    for bar, phase in zip(bars, reruns, strict=False):
        timeline.page.keyboard.press("w")
        timeline.page.mouse.click(*timeline.point(bar_of(timeline, bar["id"])))
        assert timeline.details.locator("pre.report").text_content() == phase["longrepr"]
    timeline.details.get_by_role("button", name="attempt 3").click()
    assert timeline.pinned() == bars[2]["id"]
    assert "attempt 3 of 3" in timeline.details.inner_text()


def test_the_parts_of_a_test_are_listed(drawn: Drawn, open_page: Open) -> None:
    """With their outcomes, and the traceback of the one that failed."""
    log, path = drawn("varies")
    timeline = open_page(path)
    parts = log.of("subtest")
    rows = [row.split("\t") for row in timeline.details.locator(".parts tr").all_inner_texts()]
    assert rows == [[part["description"], part["outcome"]] for part in parts]
    (failed,) = [part["longrepr"] for part in parts if "longrepr" in part]
    assert failed in timeline.details.locator("pre.report").all_text_contents()


def bar_of(timeline: Timeline, number: int) -> Bar:
    """A bar by its id, as it lies now."""
    return timeline.bars()[number]


def test_busy_is_the_share_of_the_test_window(drawn: Drawn, open_page: Open) -> None:
    """For each worker, on the page as well."""
    log, path = drawn("passes")
    timeline = open_page(path)
    tests = log.tests()
    window = max(bar.end for bar in tests) - min(bar.start for bar in tests)
    for lane in timeline.lanes():
        spent = sum(bar.end - bar.start for bar in tests if bar.lane == lane["name"])
        assert lane["busy"] == pytest.approx(spent / window, abs=1e-3)
        label = timeline.page.locator(".lane", has_text=lane["name"]).inner_text()
        assert f"{round(100 * lane['busy'])}% busy" in " ".join(label.split())
