"""The workflow catalogue."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from datastorage import audit
from datastorage.database import Database
from datastorage.fingerprint import content_hash, differing, fingerprint
from datastorage.problems import ConflictError, InvalidFieldError, NotFoundError

Document = dict[str, Any]
Connection = psycopg.AsyncConnection[DictRow]
FILTERS: dict[str, LiteralString] = {
    "workflow_name": "workflow_name = %s",
    "status": "status = %s",
    "priority": "priority = %s",
    "component": "component = %s",
    "environment": "(%s = ANY (environments) OR '*' = ANY (environments))",
}


class Catalogue:
    """Stores workflows; the pair of name and version is unique and immutable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, document: Document) -> tuple[Document, bool]:
        """The stored workflow and whether it is new.

        Raises ConflictError when name and version exist with other content, and
        InvalidFieldError when content_hash is not that of content.
        """
        wanted = content_hash(document["content"])
        if document["content_hash"] != wanted:
            raise InvalidFieldError({"content_hash": f"is not the SHA-256 of content ({wanted})"})
        async with self._database.connection() as connection:
            # Serialises creates of one name, so that exactly one row is the latest.
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                (document["workflow_name"],),
            )
            existing = await _find(connection, document["workflow_name"], document["version"])
            if existing is not None:
                if existing["fingerprint"] != fingerprint(document):
                    changed = differing(existing["document"], document)
                    raise ConflictError(document["workflow_name"], document["version"], changed)
                return to_wire(existing), False
            row = await _insert(connection, document)
            await audit.record_created(connection, row)
            return to_wire(row), True

    async def get(self, workflow_id: str) -> Document:
        """One workflow. Raises NotFoundError, also for what is no UUID."""
        async with self._database.connection() as connection:
            return to_wire(await _by_id(connection, workflow_id))

    async def list(
        self, filters: Mapping[str, str | None], limit: int, offset: int
    ) -> tuple[list[Document], int]:
        """One page, newest first, and the number of all that match."""
        chosen = {name: value for name, value in filters.items() if value is not None}
        where = " AND ".join(["true", *(FILTERS[name] for name in chosen)])
        query = (
            "SELECT *, count(*) OVER () AS matches FROM workflows WHERE "
            + where
            + " ORDER BY created_at DESC, workflow_id LIMIT %s OFFSET %s"
        )
        count = "SELECT count(*) AS matches FROM workflows WHERE " + where
        values = list(chosen.values())
        async with self._database.connection() as connection:
            cursor = await connection.execute(query.encode(), [*values, limit, offset])
            rows = await cursor.fetchall()
            if rows or offset == 0:
                return [to_wire(row) for row in rows], rows[0]["matches"] if rows else 0
            cursor = await connection.execute(count.encode(), values)
            total = await cursor.fetchone()
            return [], total["matches"] if total else 0

    async def set_status(
        self, workflow_id: str, status: str, by: str | None, reason: str | None
    ) -> Document:
        """Change the status; disabling records who, why and when."""
        off = status == "disabled"
        async with self._database.connection() as connection:
            await _by_id(connection, workflow_id)
            cursor = await connection.execute(
                "UPDATE workflows SET status = %s, updated_at = now(), disabled_at = %s,"
                " disabled_by = %s, disabled_reason = %s WHERE workflow_id = %s RETURNING *",
                (
                    status,
                    datetime.now(UTC) if off else None,
                    by if off else None,
                    reason if off else None,
                    workflow_id,
                ),
            )
            row = await cursor.fetchone()
            if row is None:
                raise NotFoundError(f"there is no workflow {workflow_id}")
            return to_wire(row)


def to_wire(row: Mapping[str, Any]) -> Document:
    """A row as the contract's Workflow, without absent fields."""
    own = ("workflow_id", "is_latest_version", "created_at", "updated_at", "status")
    optional = ("disabled_at", "disabled_by", "disabled_reason")
    fields = {name: row[name] for name in (*own, *optional) if row[name] is not None}
    return {**row["document"], **fields}


async def _find(connection: Connection, name: str, version: str) -> DictRow | None:
    cursor = await connection.execute(
        "SELECT * FROM workflows WHERE workflow_name = %s AND version = %s", (name, version)
    )
    return await cursor.fetchone()


async def _by_id(connection: Connection, workflow_id: str) -> DictRow:
    try:
        key = uuid.UUID(workflow_id)
    except ValueError:
        raise NotFoundError(f"there is no workflow {workflow_id}") from None
    cursor = await connection.execute("SELECT * FROM workflows WHERE workflow_id = %s", (key,))
    row = await cursor.fetchone()
    if row is None:
        raise NotFoundError(f"there is no workflow {workflow_id}")
    return row


async def _insert(connection: Connection, document: Document) -> DictRow:
    labels = document["labels"]
    await connection.execute(
        "UPDATE workflows SET is_latest_version = false"
        " WHERE workflow_name = %s AND is_latest_version",
        (document["workflow_name"],),
    )
    cursor = await connection.execute(
        "INSERT INTO workflows (workflow_name, version, fingerprint, signal_type, severity,"
        " component, environments, priority, status, document, is_latest_version)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, true) RETURNING *",
        (
            document["workflow_name"],
            document["version"],
            fingerprint(document),
            labels["signal_type"],
            labels["severity"],
            labels["component"],
            labels["environment"],
            labels["priority"],
            document["status"],
            Jsonb(document),
        ),
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 # RETURNING always yields the inserted row
    return row
