"""Python stacks of a process that crashes or is aborted, in a file of its own."""

from __future__ import annotations

import faulthandler
from pathlib import Path
from typing import TextIO

import pytest

CONTROLLER = "controller"


class StackDump:
    """Points faulthandler at `<folder>/<process>.txt` for the time of the session."""

    def __init__(self, folder: Path, process: str) -> None:
        self._path = stack_file(folder, process)
        self._file: TextIO | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Replace the stderr that pytest's own plugin chose in pytest_configure."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("w")
        faulthandler.enable(file=self._file)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Leave no empty file."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._path.unlink(missing_ok=True)


def stack_file(folder: Path, process: str) -> Path:
    """Where the stacks of a process are."""
    return folder / f"{process}.txt"


def read_stacks(folder: Path, process: str) -> str:
    """The stacks of a worker that has crashed, to stand below the reason."""
    try:
        text = stack_file(folder, process).read_text(errors="replace").strip()
    except OSError:
        return ""
    return f"\n\n{text}" if text else ""
