"""What cannot be delivered or read: kept with its reason until a person has looked at it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.metrics import EVENTS, QUARANTINED
from holmesgpt_api.outbox.record import Event


class Quarantine:
    """Refused events in one file of JSON lines, and damaged segments as they were."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._path = folder.quarantine / "events.jsonl"
        self._ids = {str(line["event"].get("event_id")) for line in _lines(self._path)}
        QUARANTINED.set(len(self._ids))

    def put(self, event: Event, reason: str) -> None:
        """Keep an event; once is enough. Raises OSError."""
        name = str(event.get("event_id"))
        if name in self._ids:
            return
        line = {"at": datetime.now(UTC).isoformat(), "reason": reason, "event": event}
        self._append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        self._ids.add(name)
        QUARANTINED.set(len(self._ids))
        EVENTS.labels("quarantined").inc()

    def _append(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        disk, size = self._folder.disk, os.fstat(descriptor).st_size
        try:
            disk.write(descriptor, line)
            disk.sync(descriptor)
        except OSError:
            disk.truncate(descriptor, size)
            raise
        finally:
            os.close(descriptor)
        disk.sync_folder(self._folder.quarantine)

    def keep(self, segment: Path) -> None:
        """Keep a damaged segment under a name of its own."""
        target = self._folder.quarantine / f"{segment.stem}.damaged"
        number = 1
        while target.exists() and not target.samefile(segment):
            number += 1
            target = target.with_suffix(f".damaged-{number}")
        if not target.exists():
            target.hardlink_to(segment)
            self._folder.disk.sync_folder(self._folder.quarantine)

    def damaged(self) -> list[str]:
        """Names of damaged segments that nobody has taken away yet."""
        return sorted(path.name for path in self._folder.quarantine.glob("*.damaged*"))

    def size(self) -> int:
        """Bytes in quarantine."""
        return sum(path.stat().st_size for path in self._folder.quarantine.iterdir())


def _lines(path: Path) -> list[dict[str, Event]]:
    """The whole lines; what a kill cut short was never acknowledged and is cut off."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    return [json.loads(line) for line in data[:whole].splitlines()]
