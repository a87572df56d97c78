"""The last line of a test, from its code object: no source is read for it."""

from __future__ import annotations

import dis
import inspect
from types import CodeType
from typing import Any

_KNOWN: dict[CodeType, int] = {}


def last_line(function: Any) -> int | None:
    """The 1-based line on which a function ends, as far as code stands there."""
    try:
        plain = inspect.unwrap(getattr(function, "__func__", function))
    except ValueError:
        return None
    code = getattr(plain, "__code__", None)
    if not isinstance(code, CodeType):
        return None
    if code not in _KNOWN:
        # No code stands for a text that is the whole body.
        text = getattr(plain, "__doc__", None)
        documented = code.co_firstlineno + 1 + text.count("\n") if isinstance(text, str) else 0
        _KNOWN[code] = max(_last(code), documented)
    return _KNOWN[code]


def _last(code: CodeType) -> int:
    inner = [_last(const) for const in code.co_consts if isinstance(const, CodeType)]
    return max([code.co_firstlineno, *_ends(code), *inner])


def _ends(code: CodeType) -> list[int]:
    # Since CPython 3.11 a statement of several lines has its end.
    positions = getattr(code, "co_positions", None)
    if positions is not None:
        return [end for _, end, _, _ in positions() if end is not None]
    return [line for _, line in dis.findlinestarts(code) if line is not None]
