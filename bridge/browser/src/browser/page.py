"""A timeline that is open in the browser."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request

Bar = dict[str, Any]

# Columns of one line of pixels that have a colour, as pairs of first and next.
COLUMNS = """([y, colour]) => {
  const canvas = document.getElementById("bars");
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = 2;
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, -y);
  pen.fillStyle = colour;
  pen.fillRect(0, 1, 1, 1);
  const line = pen.getImageData(0, 0, canvas.width, 1).data;
  const [r, g, b] = pen.getImageData(0, 1, 1, 1).data;
  const found = [];
  for (let x = 0; x < canvas.width; x++) {
    const same = [r, g, b].every((part, at) => Math.abs(line[4 * x + at] - part) <= 2);
    const last = found.at(-1);
    if (same && last && last[1] === x) last[1] = x + 1;
    else if (same) found.push([x, x + 1]);
  }
  return found;
}"""


@dataclass
class Timeline:
    """What a test needs of an open timeline."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: Path) -> None:
        """Open a page and wait until it is drawn."""
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.goto(path.as_uri())
        self.settle()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def settle(self) -> None:
        """Wait until everything that was asked for is drawn."""
        self.page.wait_for_function("() => window.timeline?.view().painted")

    def bars(self, group: str | None = None) -> list[Bar]:
        """The bars as they are drawn, in the order of their start."""
        self.settle()
        # As text: the driver takes seconds to carry thousands of objects.
        bars: list[Bar] = json.loads(
            self.page.evaluate("() => JSON.stringify(window.timeline.bars())")
        )
        return [bar for bar in bars if group is None or bar["group"] == group]

    def bar(self, name: str, group: str = "tests") -> Bar:
        """The only bar of a name."""
        (found,) = [bar for bar in self.bars(group) if bar["name"] == name]
        return found

    def lanes(self) -> list[dict[str, Any]]:
        """The lanes from top to bottom."""
        lanes: list[dict[str, Any]] = self.page.evaluate("() => window.timeline.lanes()")
        return lanes

    def view(self) -> dict[str, float]:
        """The stretch of time in view, and the canvas's width in pixels."""
        self.settle()
        view: dict[str, float] = self.page.evaluate("() => window.timeline.view()")
        return view

    def x(self, seconds: float) -> float:
        """Where a time lies on the canvas."""
        view = self.view()
        return (seconds - view["start"]) / (view["end"] - view["start"]) * view["width"]

    def colour(self, name: str) -> str:
        """The value of one of the page's colours."""
        script = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)"
        return str(self.page.evaluate(script, f"--{name}")).strip()

    def columns(self, bar: Bar, colour: str, below: float = 1) -> list[tuple[int, int]]:
        """Where a line of pixels of a bar's lane, just inside its top, has a colour."""
        y = bar["y"] - self.view()["scroll"] + below
        return [(first, end) for first, end in self.page.evaluate(COLUMNS, [y, colour])]

    def point(self, bar: Bar) -> tuple[float, float]:
        """The middle of a bar, in the window."""
        box = self.box("#bars")
        left = max(bar["x"], 0.0)
        right = min(bar["x"] + bar["width"], self.view()["width"])
        y = box["y"] + bar["y"] - self.view()["scroll"] + bar["height"] / 2
        return box["x"] + (left + right) / 2, y

    def box(self, selector: str) -> dict[str, float]:
        """Where an element lies in the window."""
        script = "(element) => element.getBoundingClientRect().toJSON()"
        found: dict[str, float] = self.page.locator(selector).evaluate(script)
        return found

    def pinned(self) -> int | None:
        """The bar whose details are shown."""
        found: int | None = self.page.evaluate("() => window.timeline.pinned()")
        return found

    def focused(self) -> int | None:
        """The bar on which the keyboard stands."""
        found: int | None = self.page.evaluate("() => window.timeline.focused()")
        return found

    @property
    def canvas(self) -> Locator:
        """The canvas of bars."""
        return self.page.locator("#bars")

    @property
    def details(self) -> Locator:
        """The details of the pinned bar."""
        return self.page.locator("#details")
