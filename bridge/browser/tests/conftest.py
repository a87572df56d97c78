"""One browser for all tests; one page, of a run made once, for each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import generate
from browser.fixtures import Drawn, Open
from browser.log import Log
from browser.page import Timeline
from browser.runs import draw, run
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that `hack/test-browser.sh` found, with a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """The log and the page of a run, made when first asked for."""
    made: dict[str, tuple[Log, Path]] = {}

    def make(name: str) -> tuple[Log, Path]:
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            log = generated(name, folder) or run(name, folder)
            made[name] = (Log.read(log), draw(log))
        return made[name]

    return make


def generated(name: str, folder: Path) -> Path | None:
    """The log of a run that is made up rather than run: `whole-60` has 60 tests."""
    kind, _, tests = name.partition("-")
    if kind not in ("whole", "cut"):
        return None
    events = generate.generated(int(tests), workers=4)
    if kind == "cut":
        events = events[: len(events) * 3 // 4]
    return generate.write(folder / "events.jsonl", events)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Open a page; afterwards, that it asked for nothing and complained of nothing."""
    opened: list[tuple[Timeline, Path]] = []

    def open_one(
        path: Path, scheme: str = "light", width: int = 1400, height: int = 1000
    ) -> Timeline:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        timeline = Timeline(context.new_page())
        timeline.open(path)
        opened.append((timeline, path))
        return timeline

    yield open_one
    for timeline, path in opened:
        timeline.page.context.close()
        assert timeline.complaints == []
        assert timeline.requests == [path.as_uri()]


@pytest.fixture
def failing(drawn: Drawn, open_page: Open) -> tuple[Log, Timeline]:
    """A real run with every outcome."""
    log, path = drawn("fails")
    return log, open_page(path)


@pytest.fixture
def whole(drawn: Drawn, open_page: Open) -> tuple[Log, Timeline]:
    """A made-up run with stack, seed and specs."""
    log, path = drawn("whole-60")
    return log, open_page(path)
