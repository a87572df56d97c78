"""Checks the audit trail against its seals, and the seals against an anchor.

The digests are computed here from what the tables hold. The database's own
functions are not asked: whoever changed rows could have changed those, too.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import DictRow

from datastorage.anchor import Anchored

MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
TIMESTAMP, RECORDED = MICROSECONDS.format("event_timestamp"), MICROSECONDS.format("recorded_at")
EVENTS = f"""
SELECT sequence, pg_catalog.jsonb_build_array(
    event_id, version, event_type, {TIMESTAMP}, event_category, event_action, event_outcome,
    correlation_id, event_data, actor_type, actor_id, resource_type, resource_id,
    parent_event_id, namespace, cluster_name, severity, duration_ms,
    sequence, {RECORDED}, recorded_by, credential_id)::text AS content
FROM audit_events ORDER BY sequence
"""
SEALS = f"""
SELECT number, first_sequence, last_sequence, {MICROSECONDS.format("sealed_at")} AS sealed_at,
    events, seal
FROM audit_seals ORDER BY number
"""
MAX_FINDINGS = 100


@dataclass
class Report:
    """What was checked, and what is wrong; empty findings are a trail as it was sealed."""

    events: int = 0
    seals: int = 0
    anchors: int = 0
    findings: list[str] = field(default_factory=list)

    def add(self, finding: str) -> None:
        """Note something wrong; after a hundred the rest is no news."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)


async def verify(
    connection: AsyncConnection[DictRow], anchors: Iterable[Anchored] | None = None
) -> Report:
    """Check everything that is stored, as of one moment."""
    report = Report()
    seals: dict[int, str] = {}
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        events = _Events(_stream(connection, "events", EVENTS), report)
        previous, last = b"", 0
        async for row in _stream(connection, "seals", SEALS):
            report.seals += 1
            if row["number"] != report.seals:
                report.add(f"seal {report.seals} is missing: the next one is {row['number']}")
                report.seals = row["number"]
            await _check_seal(row, previous, last, events, report)
            seals[row["number"]] = row["seal"].hex()
            previous, last = row["seal"], row["last_sequence"]
        await events.rest()
    for anchored in anchors or ():
        report.anchors += 1
        _check_anchor(anchored, seals, report)
    return report


async def _check_seal(
    row: dict[str, Any], previous: bytes, last: int, events: "_Events", report: Report
) -> None:
    name = f"seal {row['number']}"
    if row["first_sequence"] != last + 1:
        report.add(f"{name} begins at event {row['first_sequence']}, not at {last + 1}")
    digest = await events.digest(row["first_sequence"], row["last_sequence"])
    if digest != row["events"]:
        span = f"{row['first_sequence']} to {row['last_sequence']}"
        report.add(f"{name}: events {span} are not as they were sealed")
    text = (
        f"{row['number']} {row['first_sequence']} {row['last_sequence']}"
        f" {row['sealed_at']} {row['events'].hex()}"
    )
    if hashlib.sha256(previous + text.encode()).digest() != row["seal"]:
        report.add(f"{name} does not follow from the one before it")


def _check_anchor(anchored: Anchored, seals: dict[int, str], report: Report) -> None:
    found = seals.get(anchored.number)
    if found is None:
        report.add(f"seal {anchored.number} is anchored but gone: the trail was cut")
    elif found != anchored.seal:
        report.add(f"seal {anchored.number} is not the one that was anchored")


class _Events:
    """The stored events, read once in their order."""

    def __init__(self, rows: AsyncIterator[dict[str, Any]], report: Report) -> None:
        self._rows = rows
        self._report = report
        self._next: dict[str, Any] | None = None

    async def digest(self, first: int, last: int) -> bytes:
        """SHA-256 over the SHA-256 of each event from `first` to `last`; tells which lack."""
        whole, expected = hashlib.sha256(), first
        while (row := await self._peek()) is not None and row["sequence"] <= last:
            if row["sequence"] < expected:
                self._report.add(f"event {row['sequence']} stands outside of every seal")
            elif row["sequence"] > expected:
                self._missing(expected, row["sequence"] - 1)
            expected = row["sequence"] + 1
            whole.update(hashlib.sha256(row["content"].encode()).digest())
            self._take()
        self._missing(expected, last)
        return whole.digest()

    async def rest(self) -> None:
        """Whatever comes after the last seal was not stored by the service."""
        while (row := await self._peek()) is not None:
            self._report.add(f"event {row['sequence']} is not sealed")
            self._take()

    def _missing(self, first: int, last: int) -> None:
        if first <= last:
            which = f"event {first} is" if first == last else f"events {first} to {last} are"
            self._report.add(f"{which} missing")

    async def _peek(self) -> dict[str, Any] | None:
        if self._next is None:
            self._next = await anext(self._rows, None)
        return self._next

    def _take(self) -> None:
        self._next = None
        self._report.events += 1


async def _stream(
    connection: AsyncConnection[DictRow], name: str, statement: str
) -> AsyncIterator[dict[str, Any]]:
    async with connection.cursor(name) as cursor:
        await cursor.execute(statement)
        while rows := await cursor.fetchmany(1000):
            for row in rows:
                yield row
