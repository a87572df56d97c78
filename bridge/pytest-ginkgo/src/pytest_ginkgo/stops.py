"""Why pytest stops before its tests are done, and where that was decided."""

from __future__ import annotations

import pytest


def stop_of(
    excinfo: pytest.ExceptionInfo[BaseException],
) -> tuple[str, str | None, int | None]:
    """Reason, file and line of a KeyboardInterrupt, which pytest also uses itself."""
    value = excinfo.value
    name = type(value).__name__
    text = str(value)
    if isinstance(value, pytest.exit.Exception):
        name = "pytest.exit"
    elif type(value) is not KeyboardInterrupt:
        # -x, --maxfail and shouldstop: the text says it all.
        return text or name, None, None
    path, line = _place(excinfo)
    return f"{name}: {text}" if text else name, path, line


def _place(
    excinfo: pytest.ExceptionInfo[BaseException],
) -> tuple[str | None, int | None]:
    """The line of the project: the last one that a traceback shows."""
    for entry in reversed(excinfo.traceback):
        if not entry.ishidden(excinfo):
            return str(entry.path), entry.lineno + 1
    return None, None
