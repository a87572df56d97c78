"""Keeps what goes into an audit event short, and free of what no database can hold."""

import math
from typing import Any

LONGEST = 16_384
DEEPEST = 8
MOST_KEYS, LONGEST_KEY = 64, 256
CUT = "..."


def bounded(value: Any, longest: int = LONGEST) -> Any:
    """The value with at most so many characters of text; types and keys stay."""
    return _Budget(longest).take(value, DEEPEST)


def storable(text: str) -> str:
    """The text with U+FFFD for NUL and for halves of surrogate pairs."""
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


class _Budget:
    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if value is None or isinstance(value, bool | int | float):
            self._left -= 8
            return value
        if depth == 0 or not isinstance(value, list | dict):
            return self._text(str(value))
        if isinstance(value, list):
            return self._list(value, depth)
        pairs = list(value.items())[:MOST_KEYS]
        return {_key(name): self.take(item, depth - 1) for name, item in pairs}

    def _list(self, items: list[Any], depth: int) -> list[Any]:
        taken = []
        for item in items:
            if self._left <= 0:
                break
            taken.append(self.take(item, depth - 1))
        return taken

    def _text(self, text: str) -> str:
        left = max(0, self._left)
        self._left -= len(text)
        return storable(text if len(text) <= left else text[:left] + CUT)


def _key(name: Any) -> str:
    return storable(str(name)[:LONGEST_KEY])
