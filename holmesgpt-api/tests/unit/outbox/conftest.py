"""A DataStorage in memory, outboxes that deliver to it, and a disk that loses power."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from holmesgpt_api.identifiers import uuid7
from holmesgpt_api.outbox import Disk, Event, Outbox, RefusedError, UnavailableError

LIMIT = 30.0
ROOM = 64 * 1024 * 1024


def event(correlation_id: str = "rem-1", **members: Any) -> Event:
    return {"event_id": str(uuid7()), "correlation_id": correlation_id, **members}


def ids(events: Sequence[Event]) -> list[str]:
    return [str(each["event_id"]) for each in events]


class Sink:
    """Stores each id once, as DataStorage does, and fails as it is told to."""

    def __init__(self) -> None:
        self.stored: dict[str, Event] = {}
        self.requests: list[list[str]] = []
        self.poison: dict[str, str] = {}
        self.whole_requests = False
        self.failures: list[Exception] = []
        self.lost_answers = 0
        self.up = threading.Event()
        self.up.set()
        self._changed = threading.Condition()

    def deliver(self, events: list[Event]) -> list[str | None]:
        with self._changed:
            self._changed.notify_all()
            self.requests.append(ids(events))
            if not self.up.is_set():
                raise UnavailableError("status 503: away")
            if self.failures:
                raise self.failures.pop(0)
            bad = [name for name in ids(events) if name in self.poison]
            if bad and self.whole_requests:
                raise RefusedError(self.poison[bad[0]])
            self.stored.update(
                {str(each["event_id"]): each for each in events if each["event_id"] not in bad}
            )
            if self.lost_answers:
                self.lost_answers -= 1
                raise UnavailableError("the connection was closed")
            return [self.poison.get(name) for name in ids(events)]

    def wait_for(self, condition: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, LIMIT)


Open = Callable[..., Outbox]


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def open_outbox(folder: Path, sink: Sink) -> Iterator[Open]:
    """Opens the folder's outbox and starts it; closed at the end of the test."""
    opened: list[Outbox] = []

    def run(path: Path = folder, *, disk: Disk | None = None, max_bytes: int = ROOM) -> Outbox:
        delays = (0.001, 0.01)
        outbox = Outbox(path, sink.deliver, max_bytes=max_bytes, disk=disk, delays=delays)
        outbox.start()
        opened.append(outbox)
        return outbox

    yield run
    for outbox in opened:
        if not outbox.closed:
            outbox.close(5)


class LossyDisk(Disk):
    """Remembers what was synced, and can show the folder as a power loss would leave it."""

    def __init__(self, random: Random, found: Path) -> None:
        files = [path for path in found.rglob("*") if path.is_file()]
        self._random = random
        self._synced = {path.stat().st_ino: path.stat().st_size for path in files}
        self._named = set(files)

    def sync(self, descriptor: int) -> None:
        super().sync(descriptor)
        found = os.fstat(descriptor)
        self._synced[found.st_ino] = found.st_size

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self._named |= set(folder.iterdir())

    def after_power_loss(self, source: Path, target: Path) -> Path:
        """A copy in which each file has its synced bytes and some of those behind them."""
        for path in source.rglob("*"):
            if path.is_file() and path in self._named:
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                least = min(self._synced.get(path.stat().st_ino, 0), copy.stat().st_size)
                os.truncate(copy, self._random.randint(least, copy.stat().st_size))
        return target
