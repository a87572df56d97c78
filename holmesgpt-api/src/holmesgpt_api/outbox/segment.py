"""The segment that is written to."""

import contextlib
import os
import time

import structlog

from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.metrics import FSYNC, HEALED

log = structlog.get_logger("holmesgpt_api.outbox")


class Segment:
    """An append-only file; `size` is what is known to be on the device."""

    def __init__(self, folder: Folder, number: int) -> None:
        self.number = number
        self.size = 0
        self._folder = folder
        self._disk = folder.disk
        self._path = folder.segment(number)
        self._descriptor = self._disk.create(self._path)
        self._disk.sync_folder(folder.path)

    def append(self, data: bytes) -> int:
        """Write and sync; gives where the data begins. Raises OSError."""
        if not self.intact():
            self._heal()
        begin = self.size
        self._disk.write(self._descriptor, data)
        started = time.monotonic()
        self._disk.sync(self._descriptor)
        FSYNC.observe(time.monotonic() - started)
        self.size += len(data)
        return begin

    def intact(self) -> bool:
        """Whether the file is still there under its name."""
        return self._disk.same(self._descriptor, self._path)

    def _heal(self) -> None:
        """Put a file that was removed or replaced back; the open one still has its data."""
        log.error("the outbox's segment was removed; putting it back", segment=self._path.name)
        HEALED.inc()
        data = os.pread(self._descriptor, self.size, 0)
        self._disk.replace(self._path, data)
        opened = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        os.close(self._descriptor)
        self._descriptor = opened

    def abandon(self) -> None:
        """Cut off what a failed write left, as nobody knows how much of it is on the device."""
        with contextlib.suppress(OSError):
            self._disk.truncate(self._descriptor, self.size)
            if self.size == 0:
                self._path.unlink()
        os.close(self._descriptor)

    def close(self) -> None:
        """Write nothing more."""
        with contextlib.suppress(OSError):
            if not self.intact():
                self._heal()
        os.close(self._descriptor)

    def remove(self) -> None:
        """Give it up with all that it holds."""
        os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self._path.unlink()
