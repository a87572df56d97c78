"""Appends events to the log, one write(2) an event."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pytest_ginkgo.originals import ORIGINAL, now


class LogError(Exception):
    """The event log cannot be written; the message names file and cause."""


class EventWriter:
    """Appends to a log that other processes append to as well.

    A line is one write on a descriptor opened with O_APPEND, so that lines of
    several processes never mix.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._fd: int | None = os.open(path, flags, 0o644)
        except OSError as error:
            raise pytest.UsageError(f"--ginkgo-events {path}: {error.strerror}") from error

    def write(self, event: str, **fields: Any) -> None:
        """Append one event; fields that are None are left out.

        After a write that failed nothing is written any more: what is left of a
        line would spoil the next one.
        """
        if self._fd is None:
            return
        document = {"event": event, "time": now(), **fields}
        kept = {name: value for name, value in document.items() if value is not None}
        line = ORIGINAL.encode(kept).encode() + b"\n"
        try:
            written = ORIGINAL.write(self._fd, line)
        except OSError as error:
            self.close()
            raise LogError(f"cannot append to {self._path}: {error.strerror}") from error
        if written < len(line):
            self.close()
            raise LogError(f"cannot append to {self._path}: only a part of a line was written")

    def close(self) -> None:
        """Close the log."""
        if self._fd is not None:
            ORIGINAL.close(self._fd)
            self._fd = None
