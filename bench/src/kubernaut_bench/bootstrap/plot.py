"""A small bar chart as SVG, readable on light and dark pages."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

LABELS, PANEL, BAR, ROW, TOP = 330, 260, 150, 26, 60
STYLE = (
    "text{font:13px sans-serif;fill:#57606a}.title{font-weight:bold}"
    ".bar{fill:#8250df}.ours{fill:#1a7f37}"
    "@media(prefers-color-scheme:dark){text{fill:#c9d1d9}.bar{fill:#a371f7}.ours{fill:#3fb950}}"
)


@dataclass(frozen=True)
class Bars:
    """One panel: a value for each row."""

    title: str
    values: Sequence[float]
    form: str


def draw(title: str, rows: Sequence[str], panels: Sequence[Bars]) -> str:
    """Rows by panels; rows that are ours have a colour of their own."""
    width, height = LABELS + PANEL * len(panels), TOP + ROW * len(rows) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{html.escape(title)}</title><style>{STYLE}</style>",
        _text(0, 20, title, "title"),
    ]
    for number, row in enumerate(rows):
        parts.append(_text(0, _baseline(number), row))
    for index, panel in enumerate(panels):
        left = LABELS + PANEL * index
        parts.append(_text(left, 44, panel.title, "title"))
        parts += [_bar(left, number, row, panel) for number, row in enumerate(rows)]
    return "\n".join([*parts, "</svg>", ""])


def _bar(left: int, number: int, row: str, panel: Bars) -> str:
    value = panel.values[number]
    length = BAR * value / max(panel.values)
    kind = "bar ours" if "(our" in row else "bar"
    top = TOP + ROW * number
    bar = f'<rect class="{kind}" x="{left}" y="{top}" width="{length:.1f}" height="{ROW - 8}"/>'
    return bar + _text(left + int(length) + 6, _baseline(number), panel.form.format(value))


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{html.escape(text)}</text>'


def _baseline(number: int) -> int:
    return TOP + ROW * number + 14
