"""Reads a folder that a process left behind: cuts torn tails, saves what is whole."""

from dataclasses import dataclass, field
from pathlib import Path

import structlog

from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.index import Located
from holmesgpt_api.outbox.metrics import DAMAGED, TORN
from holmesgpt_api.outbox.quarantine import Quarantine
from holmesgpt_api.outbox.record import Scan, decode, scan

log = structlog.get_logger("holmesgpt_api.outbox")


@dataclass
class Found:
    """What waits, and the first sequence number that was never used."""

    waiting: list[Located] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    sequence: int = 1


def recover(folder: Folder, quarantine: Quarantine) -> Found:
    """Read all segments; those in which nothing waits are removed."""
    for left_over in folder.path.glob("*.new"):
        left_over.unlink()
    sent = read_sent(folder.sent)
    found = Found(sequence=sent + 1)
    for number in folder.segments():
        _recover(folder, quarantine, number, sent, found)
    folder.disk.sync_folder(folder.path)
    return found


def read_sent(path: Path) -> int:
    """The last record that was delivered; 0 when the file does not say, which only repeats."""
    try:
        record = decode(path.read_bytes())
    except FileNotFoundError:
        return 0
    if record is None:
        log.warning("the outbox's sent mark is damaged; delivering again", file=path.name)
    return record.sequence if record else 0


def _recover(folder: Folder, quarantine: Quarantine, number: int, sent: int, found: Found) -> None:
    path = folder.segment(number)
    data = path.read_bytes()
    result = scan(data)
    if result.damaged:
        DAMAGED.inc(len(result.damaged))
        log.error("damaged records in the outbox", segment=path.name, count=len(result.damaged))
        quarantine.keep(path)
    if result.torn_at is not None:
        TORN.inc()
        log.warning("torn end cut off", segment=path.name, bytes=len(data) - result.torn_at)
    if result.damaged or result.torn_at is not None:
        data = b"".join(data[line.offset : line.offset + line.size] for line in result.records)
        result = scan(data)
        folder.disk.replace(path, data)
    waiting = _waiting(result, number, sent)
    found.sequence = max(found.sequence, number + 1, *(e.sequence + 1 for e in waiting), 1)
    if waiting:
        found.waiting.extend(waiting)
        found.sizes[number] = len(data)
    else:
        path.unlink()


def _waiting(result: Scan, number: int, sent: int) -> list[Located]:
    found = [(line, line.record) for line in result.records if line.record is not None]
    return [
        Located(record.sequence, number, line.offset, line.size, len(record.events), record.at)
        for line, record in found
        if record.sequence > sent
    ]
