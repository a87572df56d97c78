"""Gives events in quarantine another chance, once what they were refused for is mended."""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from holmesgpt_api.outbox.disk import Disk
from holmesgpt_api.outbox.errors import OutboxError
from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.quarantine import Quarantine
from holmesgpt_api.outbox.record import Event, as_json, encode
from holmesgpt_api.outbox.recovery import recover
from holmesgpt_api.outbox.segment import Segment


@dataclass(frozen=True)
class Kept:
    """An event in quarantine."""

    at: str
    reason: str
    event: Event

    @property
    def event_id(self) -> str:
        """The event's id; DataStorage stores each once."""
        return str(self.event.get("event_id"))


def kept(path: Path) -> list[Kept]:
    """What the quarantine of an outbox holds, oldest first; HAPI may run meanwhile."""
    file = path / "quarantine" / "events.jsonl"
    if not file.exists():
        return []
    data = file.read_bytes()
    # HAPI may be writing the last line.
    lines = data[: data.rfind(b"\n") + 1].splitlines()
    return [Kept(**json.loads(line)) for line in lines]


def requeue(path: Path, wanted: Collection[str] | None = None, disk: Disk | None = None) -> int:
    """Have events delivered at HAPI's next start, those with these ids or all; how many.

    Raises OutboxInUseError while HAPI runs, and OutboxError for an id that is not there.
    They are on disk as events that wait before they leave the quarantine: whatever
    interrupts it, none is lost, and DataStorage stores none twice.
    """
    held = kept(path)
    chosen = [one for one in held if wanted is None or one.event_id in wanted]
    missing = set(wanted or ()) - {one.event_id for one in chosen}
    if missing:
        raise OutboxError(f"not in quarantine: {', '.join(sorted(missing))}")
    folder = Folder(path, disk or Disk())
    try:
        if chosen:
            _write(folder, chosen)
            _leave(folder, [one for one in held if one not in chosen])
    finally:
        folder.close()
    return len(chosen)


def _write(folder: Folder, chosen: list[Kept]) -> None:
    sequence = recover(folder, Quarantine(folder)).sequence
    segment, at = Segment(folder, sequence), time.time()
    lines = [encode(sequence + n, at, as_json([one.event])) for n, one in enumerate(chosen)]
    segment.append(b"".join(lines))
    segment.close()


def _leave(folder: Folder, rest: list[Kept]) -> None:
    lines = [{"at": one.at, "reason": one.reason, "event": one.event} for one in rest]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    folder.disk.replace(folder.quarantine / "events.jsonl", text.encode())
