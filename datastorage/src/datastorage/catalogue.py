"""The workflow catalogue in PostgreSQL: reading it, and changing a status."""

from typing import Any
from uuid import UUID

from psycopg import sql
from pydantic_core import to_json

from datastorage.cursors import Cursor, read_cursor
from datastorage.database import Connection
from datastorage.models._generated import RemediationWorkflow
from datastorage.problems import InvalidError, WorkflowNotFoundError

UPDATE = """
UPDATE remediation_workflow_catalog SET status = %(status)s, updated_at = clock_timestamp(),
    disabled_at = CASE WHEN %(status)s::text <> 'disabled' THEN NULL
        ELSE coalesce(disabled_at, clock_timestamp()) END,
    disabled_by = CASE WHEN %(status)s::text = 'disabled' THEN %(by)s::text END,
    disabled_reason = CASE WHEN %(status)s::text = 'disabled' THEN %(reason)s::text END
WHERE workflow_id = %(id)s RETURNING *
"""
COLUMNS = ", ".join(RemediationWorkflow.model_fields)
FILTERS = {
    "workflow_name": "workflow_name = %(workflow_name)s",
    "status": "status = %(status)s",
    "priority": "priority = %(priority)s",
    "component": "component = %(component)s",
    "environment": "environments && ARRAY[%(environment)s, '*']",
}


async def get(connection: Connection, workflow_id: str) -> RemediationWorkflow:
    """The workflow with this id. Raises WorkflowNotFoundError, also for what is not a UUID."""
    statement = "SELECT * FROM remediation_workflow_catalog WHERE workflow_id = %s"
    rows = await _rows(connection, statement, (_uuid(workflow_id),))
    if not rows:
        raise WorkflowNotFoundError(workflow_id)
    return rows[0]


async def set_status(
    connection: Connection, workflow_id: str, status: str, by: str | None, reason: str | None
) -> RemediationWorkflow:
    """Change the status. Raises WorkflowNotFoundError."""
    values = {"id": _uuid(workflow_id), "status": status, "by": by, "reason": reason}
    rows = await _rows(connection, UPDATE, values)
    if not rows:
        raise WorkflowNotFoundError(workflow_id)
    return rows[0]


async def versions(connection: Connection, workflow_name: str) -> list[RemediationWorkflow]:
    """All versions of a name, newest first."""
    return await _rows(
        connection,
        "SELECT * FROM remediation_workflow_catalog WHERE workflow_name = %s"
        " ORDER BY created_at DESC, workflow_id DESC",
        (workflow_name,),
    )


async def named(
    connection: Connection, names: list[str], versions: list[str]
) -> dict[tuple[str, str], RemediationWorkflow]:
    """The workflows with these names and versions, pair by pair."""
    found = await _rows(
        connection,
        "SELECT * FROM remediation_workflow_catalog WHERE (workflow_name, version) IN"
        " (SELECT * FROM unnest(%s::text[], %s::text[]))",
        (names, versions),
    )
    return {(row.workflow_name, row.version): row for row in found}


async def find(
    connection: Connection,
    filters: dict[str, str | None],
    limit: int,
    offset: int,
    cursor: str | None,
) -> bytes:
    """One page of the workflows that fit all filters that are not None, newest first.

    As JSON: models of a thousand rows would take longer than reading them.
    """
    values: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
    conditions = ["true", *(FILTERS[name] for name in values)]
    after = read_cursor(cursor) if cursor else None
    if after is None:
        total = await _count(connection, conditions, values)
    else:
        total, offset = after.total, 0
        conditions.append("(created_at, workflow_id) < (%(time)s, %(key)s)")
        values |= {"time": after.time, "key": _key(after.key)}
    page = (
        f"SELECT {COLUMNS} FROM remediation_workflow_catalog WHERE {' AND '.join(conditions)}"
        " ORDER BY created_at DESC, workflow_id DESC LIMIT %(l)s OFFSET %(o)s"
    )
    found = await connection.execute(sql.SQL(page), values | {"l": limit + 1, "o": offset})
    rows = await found.fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    listed: dict[str, Any] = {"limit": limit, "offset": offset, "total": total}
    listed["workflows"] = [
        {name: value for name, value in row.items() if value is not None} for row in rows
    ]
    if more:
        last = Cursor(rows[-1]["created_at"], str(rows[-1]["workflow_id"]), total)
        listed["next_cursor"] = last.text()
    return to_json(listed)


async def _count(connection: Connection, conditions: list[str], values: dict[str, Any]) -> int:
    # The conditions are this module's own constants.
    where = " AND ".join(conditions)
    text = f"SELECT count(*) AS total FROM remediation_workflow_catalog WHERE {where}"
    row = await (await connection.execute(sql.SQL(text), values)).fetchone()
    return int(row["total"]) if row else 0


async def _rows(connection: Connection, statement: Any, values: Any) -> list[RemediationWorkflow]:
    cursor = await connection.execute(statement, values)
    return [RemediationWorkflow.model_validate(row) for row in await cursor.fetchall()]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise WorkflowNotFoundError(text) from error


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidError({"query.cursor": "is not a next_cursor of this list"}) from error
