"""Appends events to the log, one write(2) an event."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest


class LogError(Exception):
    """The event log cannot be written; the message names file and cause."""


class EventWriter:
    """Appends to a log that other processes append to as well.

    A line is one write on a descriptor opened with O_APPEND, so that lines of
    several processes never mix. `grouped` says that xdist runs with loadgroup.
    """

    def __init__(self, path: Path, *, grouped: bool = False) -> None:
        self._path = path
        self._grouped = grouped
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
        document = {"event": event, "time": time.time(), **fields}
        kept = {name: value for name, value in document.items() if value is not None}
        if self._grouped:
            kept |= _as_collected(kept)
        line = json.dumps(kept, separators=(",", ":")).encode() + b"\n"
        try:
            written = os.write(self._fd, line)
        except OSError as error:
            self.close()
            raise LogError(f"cannot append to {self._path}: {error.strerror}") from error
        if written < len(line):
            self.close()
            raise LogError(f"cannot append to {self._path}: only a part of a line was written")

    def close(self) -> None:
        """Close the log."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _as_collected(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The node ids without the @group that loadgroup appends, which nobody else knows."""
    named: dict[str, Any] = {}
    if "nodeid" in fields:
        named["nodeid"] = _without_group(fields["nodeid"])
    if "nodeids" in fields:
        named["nodeids"] = [_without_group(nodeid) for nodeid in fields["nodeids"]]
    return named


def _without_group(nodeid: str) -> str:
    at = nodeid.rfind("@")
    # A path or a parameter may have the character, too.
    if at > nodeid.rfind("]") and at > nodeid.rfind("::"):
        return nodeid[:at]
    return nodeid
