"""The outbox's folder: who holds it, and the names in it."""

import fcntl
import os
import re
from pathlib import Path

from holmesgpt_api.outbox.disk import Disk
from holmesgpt_api.outbox.errors import OutboxInUseError

SEGMENT = re.compile(r"segment-(\d{12})\.log")


class Folder:
    """A folder that one process holds until it ends."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self.disk = disk
        self.quarantine = path / "quarantine"
        self.sent = path / "sent"
        self.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.close()
            raise OutboxInUseError(f"{path}: another process uses this outbox") from error

    def segment(self, number: int) -> Path:
        """Where the segment of this number is."""
        return self.path / f"segment-{number:012d}.log"

    def segments(self) -> list[int]:
        """The numbers of the segments, oldest first."""
        names = (SEGMENT.fullmatch(entry.name) for entry in self.path.iterdir())
        return sorted(int(name[1]) for name in names if name)

    def intact(self) -> bool:
        """Whether the path still leads to the folder that was opened."""
        return self.disk.same(self._descriptor, self.path)

    def close(self) -> None:
        """Let the next process in."""
        os.close(self._descriptor)
        os.close(self._lock)
