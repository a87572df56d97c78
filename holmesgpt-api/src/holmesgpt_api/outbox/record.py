"""One record: the events of one investigation, as a line that shows whether it is whole.

    <length, 8 hex digits> <CRC-32, 8 hex digits> <JSON>\\n

The length counts the JSON's bytes. JSON has no raw line end, so after a damaged
line the next one can be read.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
HEADER = re.compile(rb"([0-9a-f]{8}) ([0-9a-f]{8}) ")
HEADER_BYTES = 18


@dataclass(frozen=True)
class Record:
    """Events that belong together; `at` is the wall clock when they were written."""

    sequence: int
    at: float
    events: list[Event]


@dataclass(frozen=True)
class Line:
    """A line of a segment; `record` is None when the line is damaged."""

    offset: int
    size: int
    record: Record | None


@dataclass
class Scan:
    """What a segment holds."""

    records: list[Line] = field(default_factory=list)
    damaged: list[Line] = field(default_factory=list)
    torn_at: int | None = None


def as_json(events: list[Event]) -> bytes:
    """The events' part of a record; raises ValueError for what JSON cannot say."""
    return json.dumps(events, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def encode(sequence: int, at: float, events: bytes) -> bytes:
    """The line of a record whose events are JSON already."""
    payload = b'{"sequence":%d,"at":%.3f,"events":%s}' % (sequence, at, events)
    return b"%08x %08x %s\n" % (len(payload), zlib.crc32(payload), payload)


def decode(line: bytes) -> Record | None:
    """The record of a line; None when the line is damaged."""
    payload = _payload(line)
    if payload is None:
        return None
    members = json.loads(payload)
    return Record(members["sequence"], members["at"], members["events"])


def _payload(line: bytes) -> bytes | None:
    header = HEADER.match(line)
    if header is None or not line.endswith(b"\n"):
        return None
    payload = line[HEADER_BYTES:-1]
    length, checksum = (int(digits, 16) for digits in header.groups())
    return payload if (len(payload), zlib.crc32(payload)) == (length, checksum) else None


def scan(data: bytes) -> Scan:
    """Read a segment; what ends it without being a whole line is torn."""
    result = Scan()
    for line in _lines(data):
        if line.record is not None:
            result.records.append(line)
        elif line.offset + line.size == len(data) and not _complete(data[line.offset :]):
            result.torn_at = line.offset
        else:
            result.damaged.append(line)
    return result


def _lines(data: bytes) -> Iterator[Line]:
    offset = 0
    while offset < len(data):
        end = data.find(b"\n", offset) + 1 or len(data)
        yield Line(offset, end - offset, decode(data[offset:end]))
        offset = end


def _complete(line: bytes) -> bool:
    """Whether all bytes are there, be they right or wrong; a write cut short has fewer."""
    header = HEADER.match(line)
    length = int(header[1], 16) if header else -1
    return len(line) == HEADER_BYTES + length + 1 and line.endswith(b"\n")
