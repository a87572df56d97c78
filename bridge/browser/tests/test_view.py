"""Zooming, moving, filtering, folding, and both themes."""

import re

import pytest
from browser.fixtures import Drawn, Open
from browser.log import Log
from browser.page import Timeline


def span(timeline: Timeline) -> float:
    """Seconds in view."""
    view = timeline.view()
    return view["end"] - view["start"]


def time_at(timeline: Timeline, x: float) -> float:
    """The time at a place of the canvas."""
    view = timeline.view()
    return view["start"] + x / view["width"] * (view["end"] - view["start"])


def test_the_wheel_zooms_at_the_pointer(whole: tuple[Log, Timeline]) -> None:
    """The time below the pointer stays below it; shift moves."""
    _, timeline = whole
    box = timeline.box("#bars")
    timeline.page.mouse.move(box["x"] + 300, box["y"] + 60)
    under = time_at(timeline, 300)
    before = span(timeline)
    timeline.page.mouse.wheel(0, -300)
    assert span(timeline) < before * 0.8
    assert time_at(timeline, 300) == pytest.approx(under, abs=1e-6)
    start = timeline.view()["start"]
    timeline.page.keyboard.down("Shift")
    timeline.page.mouse.wheel(0, 100)
    timeline.page.keyboard.up("Shift")
    assert timeline.view()["start"] > start


def test_dragging_zooms_to_the_stretch(whole: tuple[Log, Timeline]) -> None:
    """And a double click shows the whole run again."""
    _, timeline = whole
    box = timeline.box("#bars")
    wanted = [time_at(timeline, 200), time_at(timeline, 500)]
    whole_span = span(timeline)
    timeline.page.mouse.move(box["x"] + 500, box["y"] + 60)
    timeline.page.mouse.down()
    timeline.page.mouse.move(box["x"] + 350, box["y"] + 80)
    timeline.page.mouse.move(box["x"] + 200, box["y"] + 90)
    assert timeline.page.locator("#selection").is_visible()
    timeline.page.mouse.up()
    view = timeline.view()
    assert [view["start"], view["end"]] == pytest.approx(wanted, abs=whole_span / view["width"])
    timeline.page.mouse.dblclick(box["x"] + 4, box["y"] + 8)
    assert span(timeline) == pytest.approx(whole_span)


def test_keys_and_buttons_zoom_and_reset(whole: tuple[Log, Timeline]) -> None:
    """Never beyond the run."""
    log, timeline = whole
    before = span(timeline)
    timeline.page.keyboard.press("+")
    timeline.page.get_by_role("button", name="Zoom in").click()
    assert span(timeline) == pytest.approx(before * 0.36)
    timeline.page.keyboard.press("Shift+ArrowRight")
    assert timeline.view()["end"] <= log.seconds + 1e-6
    for _ in range(4):
        timeline.page.keyboard.press("-")
    assert span(timeline) == pytest.approx(before)
    timeline.page.keyboard.press("+")
    timeline.page.get_by_role("button", name="Fit").click()
    assert span(timeline) == pytest.approx(before)


def test_a_button_shows_the_tests(whole: tuple[Log, Timeline]) -> None:
    """From the first to the last, and little else."""
    log, timeline = whole
    first = min(bar.start for bar in log.tests())
    last = max(bar.end for bar in log.tests())
    timeline.page.get_by_role("button", name="Tests", exact=True).click()
    view = timeline.view()
    assert view["start"] < first < last < view["end"]
    assert span(timeline) == pytest.approx((last - first) * 1.04)


def test_the_overview_moves_the_view(whole: tuple[Log, Timeline]) -> None:
    """To where it was clicked."""
    log, timeline = whole
    for _ in range(4):
        timeline.page.keyboard.press("+")
    box = timeline.box("#overview")
    timeline.page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + 10)
    view = timeline.view()
    middle = (view["start"] + view["end"]) / 2
    assert middle == pytest.approx(log.seconds * 0.7, abs=log.seconds / 200)


def test_text_filters_bars_and_lists(whole: tuple[Log, Timeline]) -> None:
    """What does not match is dimmed on the canvas and absent from the list."""
    _, timeline = whole
    bars = timeline.bars()
    wanted = [bar["id"] for bar in bars if "test_3" in bar["name"]]
    other = next(
        bar
        for bar in bars
        if bar["group"] == "tests" and bar["id"] not in wanted and bar["width"] > 20
    )
    before = timeline.columns(other, timeline.colour("passed"))
    timeline.page.keyboard.press("/")
    timeline.page.keyboard.type("test_3")
    assert [bar["id"] for bar in timeline.bars() if bar["matches"]] == wanted
    assert timeline.page.locator("#matches").inner_text() == f"{len(wanted)} of {len(bars)}"
    assert timeline.columns(other, timeline.colour("passed")) != before
    timeline.page.get_by_role("tab", name="All").click()
    names = timeline.page.locator("#list .name").all_inner_texts()
    assert names
    assert all("test_3" in name for name in names)
    timeline.page.locator("#search").focus()
    timeline.page.keyboard.press("Escape")
    assert all(bar["matches"] for bar in timeline.bars())


def test_outcomes_are_counted_and_filter(failing: tuple[Log, Timeline]) -> None:
    """Each button has the log's number and dims its bars."""
    log, timeline = failing
    tests = log.tests()
    for outcome in {bar.outcome for bar in tests}:
        button = timeline.page.locator(f"#outcomes button[data-outcome={outcome}]")
        assert button.inner_text().split() == [
            str(sum(bar.outcome == outcome for bar in tests)),
            outcome,
        ]
        button.click()
        assert button.get_attribute("aria-pressed") == "false"
        dimmed = {bar["outcome"] for bar in timeline.bars() if not bar["matches"]}
        assert dimmed == {outcome}
        button.click()
    assert all(bar["matches"] for bar in timeline.bars())


def test_a_group_folds_to_one_line(whole: tuple[Log, Timeline]) -> None:
    """And opens again when the keyboard comes to one of its bars."""
    _, timeline = whole
    seed = timeline.page.get_by_role("button", name=re.compile("^Seed"))
    if seed.get_attribute("aria-expanded") == "false":
        seed.click()
    tops = {bar["y"] for bar in timeline.bars("seed")}
    assert len(tops) == len(timeline.bars("seed"))
    seed.press("Enter")
    assert seed.get_attribute("aria-expanded") == "false"
    assert len({bar["y"] for bar in timeline.bars("seed")}) == 1
    timeline.page.get_by_role("tab", name="All").click()
    timeline.page.locator("#list button", has_text="workflow-00").click()
    assert seed.get_attribute("aria-expanded") == "true"


def test_the_theme_follows_the_system_until_chosen(drawn: Drawn, open_page: Open) -> None:
    """And the canvas is drawn in its colours."""
    _, path = drawn("fails")
    timeline = open_page(path, scheme="dark")
    theme = "() => document.documentElement.dataset.theme"
    assert timeline.page.evaluate(theme) == "dark"
    dark = timeline.colour("failed")
    failed = next(bar for bar in timeline.bars("tests") if bar["outcome"] == "failed")
    assert timeline.columns(failed, dark)
    timeline.page.keyboard.press("t")
    assert timeline.page.evaluate(theme) == "light"
    assert timeline.colour("failed") != dark
    assert timeline.columns(failed, timeline.colour("failed"))
    assert not timeline.columns(failed, dark)
    timeline.page.reload()
    timeline.settle()
    assert timeline.page.evaluate(theme) == "light"
    timeline.requests.pop()


def test_the_border_moves_with_keys_and_mouse(whole: tuple[Log, Timeline]) -> None:
    """Up and down; neither part vanishes."""
    _, timeline = whole
    before = timeline.box("#timeline")["height"]
    timeline.page.locator("#splitter").press("ArrowUp")
    assert timeline.box("#timeline")["height"] == pytest.approx(before - 40, abs=1)
    border = timeline.box("#splitter")
    timeline.page.mouse.move(border["x"] + 200, border["y"] + 3)
    timeline.page.mouse.down()
    timeline.page.mouse.move(border["x"] + 200, 5000)
    timeline.page.mouse.up()
    assert timeline.box("#panel")["height"] >= 100
    assert timeline.box("#timeline")["height"] > before


def test_the_address_names_the_pinned_test(drawn: Drawn, open_page: Open) -> None:
    """A reload shows its details again."""
    log, path = drawn("whole-60")
    timeline = open_page(path)
    name = next(bar.name for bar in log.tests() if bar.outcome == "passed")
    timeline.page.mouse.click(*timeline.point(timeline.bar(name)))
    timeline.page.reload()
    timeline.settle()
    assert timeline.details.locator("h2").inner_text() == name
    timeline.page.keyboard.press("Escape")
    assert "#" not in timeline.page.url
    timeline.requests.pop()


PAIRS = [
    ("text", "surface", 7.0),
    ("text", "page", 7.0),
    ("muted", "surface", 4.5),
    ("muted", "band", 4.5),
    *[
        (name, "surface", 3.0)
        for name in ("passed", "failed", "error", "xpassed", "unfinished", "accent")
    ],
    *[
        ("on-bar", name, 3.0)
        for name in ("passed", "failed", "error", "infrastructure", "seed", "suite")
    ],
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast(drawn: Drawn, open_page: Open, scheme: str) -> None:
    """Text, bars and labels stand out in both themes."""
    _, path = drawn("fails")
    timeline = open_page(path, scheme=scheme)
    weak = {
        (front, back): ratio
        for front, back, least in PAIRS
        if (ratio := contrast(timeline.colour(front), timeline.colour(back))) < least
    }
    assert weak == {}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_narrow_window_shows_everything(drawn: Drawn, open_page: Open) -> None:
    """Nothing runs out of the side."""
    _, path = drawn("fails")
    timeline = open_page(path, width=400, height=800)
    overflow = "() => document.documentElement.scrollWidth - innerWidth"
    assert timeline.page.evaluate(overflow) <= 0
    assert timeline.view()["width"] > 200
    assert timeline.details.locator("pre.report").first.is_visible()
