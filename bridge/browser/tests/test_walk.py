"""Everything is reachable with the keyboard, and says what it is."""

import pytest

# It ships no annotations.
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from browser.fixtures import Drawn, Open
from browser.log import Log
from browser.page import Timeline

TAG = """() => {
  const element = document.activeElement;
  return element.id || element.className || element.role;
}"""
NAMELESS = """() => [...document.querySelectorAll("button, input, [role=tab]")]
  .filter((control) => !control.ariaLabel && !control.textContent.trim() && !control.labels?.length)
  .map((control) => control.outerHTML)"""


def walk(timeline: Timeline, stops: int) -> list[str]:
    """The elements that Tab comes to."""
    found = []
    for _ in range(stops):
        timeline.page.keyboard.press("Tab")
        found.append(str(timeline.page.evaluate(TAG)))
    return found


def to_cursor(timeline: Timeline) -> None:
    """Go to the bars with Tab alone."""
    for _ in range(30):
        timeline.page.keyboard.press("Tab")
        if timeline.page.evaluate(TAG) == "cursor":
            return
    raise AssertionError("Tab never came to the bars")


def test_tab_comes_to_every_part(whole: tuple[Log, Timeline]) -> None:
    """Filters, tools, groups, bars, lists and details, in the order of the page."""
    _, timeline = whole
    found = walk(timeline, 26)
    wanted = [
        "search",
        "zoom-out",
        "zoom-reset",
        "theme",
        "help-open",
        "group",
        "cursor",
        "splitter",
        "tab-failures",
    ]
    places = [found.index(name) for name in wanted]
    assert places == sorted(places)
    assert "close" in found[found.index("tab-failures") :]


def test_every_control_has_a_name(whole: tuple[Log, Timeline]) -> None:
    """For a screen reader."""
    _, timeline = whole
    assert timeline.page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["fails", "cut-60"])
@pytest.mark.parametrize("width", [1400, 400])
def test_axe_finds_nothing(
    drawn: Drawn, open_page: Open, scheme: str, name: str, width: int
) -> None:
    """Names, roles, contrast and structure, in both themes, wide and narrow."""
    _, path = drawn(name)
    timeline = open_page(path, scheme=scheme, width=width)
    timeline.page.get_by_role("tab", name="All").click()
    found = Axe().run(timeline.page)
    violations = [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]
    assert violations == []


def test_arrows_walk_a_lane_in_the_order_of_the_log(whole: tuple[Log, Timeline]) -> None:
    """From its first bar to its last; each is spoken and visibly in focus."""
    log, timeline = whole
    to_cursor(timeline)
    lane = timeline.bars()[timeline.focused() or 0]["lane"]
    expected = [
        bar.name for bar in sorted(log.tests(), key=lambda bar: bar.start) if bar.lane == lane
    ]
    timeline.page.keyboard.press("Home")
    bars = timeline.bars()
    walked = []
    for _ in expected:
        walked.append(bars[timeline.focused() or 0]["name"])
        assert walked[-1] in timeline.page.locator("#live").inner_text()
        assert walked[-1] in (timeline.page.locator("#cursor").get_attribute("aria-label") or "")
        timeline.page.keyboard.press("ArrowRight")
    assert walked == expected
    assert timeline.page.locator("#cursor").evaluate("(e) => getComputedStyle(e).opacity") == "1"
    assert (
        timeline.page.locator("#cursor").evaluate("(e) => getComputedStyle(e).outlineStyle")
        != "none"
    )
    timeline.page.keyboard.press("End")
    assert bars[timeline.focused() or 0]["name"] == expected[-1]


def test_the_cursor_stands_on_its_bar(drawn: Drawn, open_page: Open) -> None:
    """Also after zooming and moving, and in lanes that are scrolled to."""
    _, path = drawn("whole-60")
    timeline = open_page(path, height=560)
    to_cursor(timeline)
    for key in ("ArrowRight", "z", "Shift+ArrowLeft", "-", *["ArrowDown"] * 5):
        timeline.page.keyboard.press(key)
        bar = timeline.bars()[timeline.focused() or 0]
        box = timeline.box("#cursor")
        canvas = timeline.box("#bars")
        left = min(max(bar["x"], 0), timeline.view()["width"] - 1)
        assert abs(box["x"] - canvas["x"] - left) <= 1
        assert abs(box["y"] - canvas["y"] - (bar["y"] - timeline.view()["scroll"])) <= 1
        assert canvas["y"] <= box["y"] <= canvas["y"] + canvas["height"]
    assert timeline.view()["scroll"] > 0


def test_up_and_down_change_the_lane(whole: tuple[Log, Timeline]) -> None:
    """To a bar of the neighbour lane."""
    _, timeline = whole
    lanes = [lane["name"] for lane in timeline.lanes()]
    to_cursor(timeline)
    before = lanes.index(timeline.bars()[timeline.focused() or 0]["lane"])
    timeline.page.keyboard.press("ArrowDown")
    assert lanes.index(timeline.bars()[timeline.focused() or 0]["lane"]) == before + 1
    timeline.page.keyboard.press("ArrowUp")
    timeline.page.keyboard.press("ArrowUp")
    assert lanes.index(timeline.bars()[timeline.focused() or 0]["lane"]) == before - 1


def test_enter_pins_and_escape_takes_off(whole: tuple[Log, Timeline]) -> None:
    """The details are those of the bar in focus."""
    _, timeline = whole
    to_cursor(timeline)
    timeline.page.keyboard.press("ArrowRight")
    timeline.page.keyboard.press("Enter")
    focused = timeline.focused()
    assert timeline.pinned() == focused
    assert timeline.details.locator("h2").inner_text() == timeline.bars()[focused or 0]["name"]
    timeline.page.keyboard.press("Escape")
    assert timeline.pinned() is None
    assert timeline.details.locator("h2").count() == 0


def test_n_and_p_go_through_the_failures(whole: tuple[Log, Timeline]) -> None:
    """Around, in the order of the log."""
    log, timeline = whole
    red = sorted((bar for bar in log.tests() if bar.outcome == "failed"), key=lambda bar: bar.start)
    names = [bar.name for bar in red]
    assert len(names) > 1
    seen = [timeline.details.locator("h2").inner_text()]
    for _ in names:
        timeline.page.keyboard.press("n")
        seen.append(timeline.details.locator("h2").inner_text())
    assert seen == [*names, names[0]]
    timeline.page.keyboard.press("p")
    assert timeline.details.locator("h2").inner_text() == names[-1]


def test_a_list_is_walked_with_arrows(whole: tuple[Log, Timeline]) -> None:
    """Its last entry too, though only what is in view has elements."""
    log, timeline = whole
    total = len(timeline.bars())
    timeline.page.get_by_role("tab", name="All").click()
    timeline.page.keyboard.press("Tab")
    timeline.page.keyboard.press("End")
    entry = timeline.page.locator("#list li:focus-within")
    assert entry.get_attribute("aria-posinset") == str(total)
    assert entry.get_attribute("aria-setsize") == str(total)
    timeline.page.keyboard.press("ArrowUp")
    timeline.page.keyboard.press("Enter")
    assert timeline.pinned() == total - 2
    assert timeline.page.locator("#list li").count() < 60
    assert len(log.tests()) < total


def test_help_opens_and_closes(whole: tuple[Log, Timeline]) -> None:
    """By key alone."""
    _, timeline = whole
    timeline.page.keyboard.press("?")
    assert timeline.page.get_by_role("dialog").is_visible()
    timeline.page.keyboard.press("Escape")
    assert timeline.page.get_by_role("dialog").is_hidden()
