"""Room for what an investigation may have to write, kept before it begins."""

import threading
from collections.abc import Callable

from holmesgpt_api.outbox.errors import OutboxFullError
from holmesgpt_api.outbox.folder import Folder

# What the file system keeps for itself and others.
MARGIN = 4 * 1024 * 1024


class Space:
    """Counts reservations against the outbox's own limit and the device's free space."""

    def __init__(self, folder: Folder, limit: int, used: Callable[[], int]) -> None:
        self._folder = folder
        self._limit = limit
        self._used = used
        self._reserved = 0
        self._lock = threading.Lock()

    def reserve(self, size: int) -> None:
        """Keep room; raises OutboxFullError when there is not enough."""
        with self._lock:
            wanted = self._reserved + size
            if self._used() + wanted > self._limit:
                raise OutboxFullError("the audit outbox is full")
            if self._folder.disk.free(self._folder.path) < wanted + MARGIN:
                raise OutboxFullError("the device of the audit outbox is full")
            self._reserved = wanted

    def release(self, size: int) -> None:
        """Give room back."""
        with self._lock:
            self._reserved -= size
