"""The newest seal, written down outside the database.

Whoever may change the database can also compute its seals anew. What they
cannot change is a file, or a log, to which they have no rights: `verify`
compares the seals with it.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from prometheus_client import Gauge

from datastorage.database import Database
from datastorage.problems import DatabaseUnavailableError

HEAD = "SELECT number, last_sequence, seal FROM audit_seals ORDER BY number DESC LIMIT 1"
SEAL = "SELECT seal FROM audit_seals WHERE number = %s"
INTACT = Gauge(
    "datastorage_audit_anchor_intact", "Whether the audit trail still holds its anchored seals"
)
log = structlog.get_logger("datastorage")


@dataclass(frozen=True)
class Anchored:
    """A seal as it was when it was written down."""

    number: int
    seal: str


class AnchorError(Exception):
    """The anchor cannot be read."""


def read_anchors(path: Path) -> Iterator[Anchored]:
    """The seals in a file of JSON lines: an anchor file, or the service's log.

    A line that a crash cut off can only be the last one. Raises AnchorError.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnchorError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            value = json.loads(line)
        except ValueError as error:
            if number == len(lines):
                return
            raise AnchorError(f"{path}, line {number}: is not JSON") from error
        if isinstance(value, dict) and {"number", "seal"} <= value.keys():
            yield Anchored(int(value["number"]), str(value["seal"]))


class Anchor:
    """Writes the newest seal down, again and again, as long as the older ones are intact."""

    def __init__(self, database: Database, path: Path | None, seconds: float) -> None:
        self._database = database
        self._path = path
        self._seconds = seconds
        self._last: Anchored | None = None
        self._broken = False

    async def run(self) -> None:
        """Write until cancelled, and once more then."""
        if self._path is not None and self._path.exists():
            *_, self._last = [None, *read_anchors(self._path)]
        try:
            while True:
                await self.write()
                await asyncio.sleep(self._seconds)
        finally:
            await self.write()

    async def write(self) -> None:
        """Write the newest seal if there is a new one and the last one is still there."""
        if self._broken:
            return
        try:
            if not await self._intact():
                return
            async with self._database.connection() as connection:
                row = await (await connection.execute(HEAD)).fetchone()
        except DatabaseUnavailableError:
            return
        if row is None or (self._last and row["number"] <= self._last.number):
            return
        self._last = Anchored(row["number"], row["seal"].hex())
        if self._path is not None:
            await asyncio.to_thread(_append, self._path, self._last, row["last_sequence"])
        log.info(
            "audit anchor",
            number=self._last.number,
            last_sequence=row["last_sequence"],
            seal=self._last.seal,
        )

    async def _intact(self) -> bool:
        if self._last is not None:
            async with self._database.connection() as connection:
                row = await (await connection.execute(SEAL, (self._last.number,))).fetchone()
            if row is None or row["seal"].hex() != self._last.seal:
                self._broken = True
                INTACT.set(0)
                log.error("audit trail does not hold its anchored seal", number=self._last.number)
                return False
        INTACT.set(1)
        return True


def _append(path: Path, anchored: Anchored, last_sequence: int) -> None:
    line = {
        "number": anchored.number,
        "last_sequence": last_sequence,
        "seal": anchored.seal,
        "at": datetime.now(UTC).isoformat(),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, json.dumps(line).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
