"""Answers on disk, by the key under which they were asked for."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from holmesgpt_api.outbox.disk import Disk

KEEP_SECONDS = 86_400.0
MOST = 16_384
PRUNE_EVERY = 256


@dataclass(frozen=True)
class Kept:
    """An answer, and the fingerprint of the request that it belongs to."""

    fingerprint: str
    answer: bytes


class Answers:
    """A folder with a file for each answer; they stay for a day, the newest 16,384 of them."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()
        self._written = 0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.prune()

    def read(self, name: str) -> Kept | None:
        """The answer of this name, if there is one."""
        try:
            document = json.loads(self._path(name).read_bytes())
            return Kept(document["fingerprint"], document["answer"].encode())
        except FileNotFoundError:
            return None

    def write(self, name: str, kept: Kept) -> None:
        """Keep the answer; it is on the device when this returns."""
        document = {"fingerprint": kept.fingerprint, "answer": kept.answer.decode()}
        self._disk.replace(self._path(name), json.dumps(document).encode())
        self._written += 1
        if self._written % PRUNE_EVERY == 0:
            self.prune()

    def prune(self) -> None:
        """Remove what is too old or too much."""
        aged = []
        for path in self._folder.glob("*.json"):
            try:
                aged.append((path.stat().st_mtime, path))
            except FileNotFoundError:
                continue
        oldest = time.time() - KEEP_SECONDS
        for position, (written, path) in enumerate(sorted(aged, reverse=True)):
            if position >= MOST or written < oldest:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
