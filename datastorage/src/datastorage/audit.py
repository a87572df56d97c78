"""The audit trail's storing side: appends events and tells what became of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from datastorage.database import UNSTORABLE, Connection, Database
from datastorage.incoming import Batch, Item, Outcome, batch_of, split_array
from datastorage.journal import Journal
from datastorage.metrics import AUDIT, WRITES
from datastorage.problems import InvalidError
from datastorage.senders import Sender

APPEND = "SELECT * FROM audit_append(%b::text[], %b::text[], %b::text[], %s)"
STORABLE = "SELECT audit_content(event) FROM audit_incoming(%b::text[], ARRAY[NULL], ARRAY[NULL])"
CONFLICT = "another event is stored under this id"


@dataclass(frozen=True)
class Append:
    """A JSON array of events, and who sent it."""

    text: str
    count: int
    sender: Sender


@dataclass(frozen=True)
class Result:
    """What became of one event."""

    outcome: Outcome
    event_id: UUID | None
    reason: str | None = None


class AuditTrail:
    """Appends events; what it returned as stored is on disk and sealed.

    A trace, such as that a search took place, is handed to PostgreSQL before the
    answer but not waited for until it is on disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._events: Journal[Append, list[Outcome]] = Journal(self._append_durably)
        self._traces: Journal[Append, list[Outcome]] = Journal(self._append_trace)

    async def store(self, batch: Batch, sender: Sender) -> list[Result]:
        """Store what may be stored; one result for each item. Never raises for an item."""
        accepted = batch.accepted
        outcomes: list[Outcome] = []
        if accepted:
            try:
                append = Append(batch.text, len(accepted), sender)
                outcomes = await self._events.store(append, len(batch.text))
            except InvalidError as error:
                return await self.store(await self._sifted(batch, error), sender)
        return _counted(_results(batch.items, outcomes))

    async def trace(self, event: str, sender: Sender) -> None:
        """Store an event of the service's own; a JSON text."""
        _count(await self._traces.store(Append(f"[{event}]", 1, sender), len(event)))

    async def close(self) -> None:
        """Wait for what was handed in."""
        await self._events.close()
        await self._traces.close()

    async def _append_durably(self, appends: Sequence[Append]) -> list[list[Outcome]]:
        with WRITES.labels("audit_events").time():
            return await self._append(appends, durable=True)

    async def _append_trace(self, appends: Sequence[Append]) -> list[list[Outcome]]:
        return await self._append(appends, durable=False)

    async def _append(self, appends: Sequence[Append], *, durable: bool) -> list[list[Outcome]]:
        texts = [append.text for append in appends]
        names = [append.sender.username for append in appends]
        credentials = [append.sender.credential_id or "" for append in appends]
        outcomes: list[list[Outcome]] = [["stored"] * append.count for append in appends]
        async with self._database.connection() as connection:
            cursor = await connection.execute(APPEND, (texts, names, credentials, durable))
            for row in await cursor.fetchall():
                outcomes[row["batch"] - 1][row["item"] - 1] = row["outcome"]
        return outcomes

    async def _sifted(self, batch: Batch, error: InvalidError) -> Batch:
        """The batch with a reason for each item that PostgreSQL cannot take."""
        items = list(batch.items)
        texts = iter(split_array(batch.text))
        async with self._database.connection() as connection:
            for place in batch.accepted:
                text = next(texts)
                reason = await _unstorable(connection, text)
                items[place] = Item(text, items[place].event_id, reason)
        if all(item.reason is None for item in items):
            # Together they are refused and alone they are not: then nobody can tell whose fault.
            raise error
        return batch_of(items)


async def _unstorable(connection: Connection, text: str) -> str | None:
    try:
        await connection.execute(STORABLE, ([f"[{text}]"],))
    except UNSTORABLE as error:
        return f"cannot be stored: {error.diag.message_primary or error}"
    return None


def _results(items: Sequence[Item], outcomes: Sequence[Outcome]) -> list[Result]:
    given = iter(outcomes)
    results = []
    for item in items:
        if item.reason is not None:
            results.append(Result("refused", item.event_id, item.reason))
            continue
        outcome = next(given)
        reason = CONFLICT if outcome == "conflict" else None
        results.append(Result(outcome, item.event_id, reason))
    return results


def _counted(results: list[Result]) -> list[Result]:
    _count([result.outcome for result in results])
    return results


def _count(outcomes: Sequence[Outcome]) -> None:
    for outcome, count in Counter(outcomes).items():
        AUDIT.labels("datastorage", outcome).inc(count)
