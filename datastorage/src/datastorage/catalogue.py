"""The workflow catalogue in PostgreSQL."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from datastorage.database import Connection
from datastorage.fingerprint import content_hash, differing_fields, fingerprint
from datastorage.models._generated import (
    RemediationWorkflow,
    SearchFilters,
    WorkflowInput,
    WorkflowList,
)
from datastorage.problems import InvalidError, WorkflowConflictError, WorkflowNotFoundError

COLUMNS = tuple(WorkflowInput.model_fields)
JSON_COLUMNS = ("labels", "parameters", "custom_labels", "detected_labels")
INSERT = sql.SQL("INSERT INTO remediation_workflow_catalog ({}) VALUES ({}) RETURNING *").format(
    sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
    sql.SQL(", ").join(map(sql.Placeholder, COLUMNS)),
)
UPDATE = """
UPDATE remediation_workflow_catalog SET status = %(status)s, updated_at = clock_timestamp(),
    disabled_at = CASE WHEN %(status)s::text <> 'disabled' THEN NULL
        ELSE coalesce(disabled_at, clock_timestamp()) END,
    disabled_by = CASE WHEN %(status)s::text = 'disabled' THEN %(by)s::text END,
    disabled_reason = CASE WHEN %(status)s::text = 'disabled' THEN %(reason)s::text END
WHERE workflow_id = %(id)s RETURNING *
"""
MATCH = """
SELECT * FROM remediation_workflow_catalog
WHERE is_latest_version AND status = ANY(%(status)s)
    AND labels->>'signal_type' = %(signal_type)s AND labels->>'severity' = %(severity)s
    AND labels->>'priority' = %(priority)s AND labels->>'component' IN (%(component)s, '*')
    AND labels->'environment' ?| ARRAY[%(environment)s, '*']
ORDER BY created_at DESC, workflow_id
"""
FILTERS = {
    "workflow_name": "workflow_name = %(workflow_name)s",
    "status": "status = %(status)s",
    "priority": "labels->>'priority' = %(priority)s",
    "component": "labels->>'component' = %(component)s",
    "environment": "labels->'environment' ?| ARRAY[%(environment)s, '*']",
}


@dataclass(frozen=True)
class Created:
    """A workflow, and whether this call created it."""

    workflow: RemediationWorkflow
    outcome: Literal["created", "existing"]


async def create(connection: Connection, workflow: WorkflowInput) -> Created:
    """Store a workflow, or confirm that the same one is there.

    Raises WorkflowConflictError when name and version exist with other content.
    """
    if content_hash(workflow.content) != workflow.content_hash:
        raise InvalidError({"content_hash": "is not the SHA-256 of content"})
    # Postings of one name take turns, so that exactly one version is the latest.
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (workflow.workflow_name,)
    )
    found = await _rows(
        connection,
        "SELECT * FROM remediation_workflow_catalog WHERE workflow_name = %s AND version = %s",
        (workflow.workflow_name, workflow.version),
    )
    if found:
        if fingerprint(found[0]) != fingerprint(workflow):
            differing = differing_fields(found[0], workflow)
            raise WorkflowConflictError(workflow.workflow_name, workflow.version, differing)
        return Created(found[0], "existing")
    await connection.execute(
        "UPDATE remediation_workflow_catalog SET is_latest_version = false"
        " WHERE workflow_name = %s AND is_latest_version",
        (workflow.workflow_name,),
    )
    rows = await _rows(connection, INSERT, _values(workflow))
    return Created(rows[0], "created")


async def get(connection: Connection, workflow_id: str) -> RemediationWorkflow:
    """The workflow with this id. Raises WorkflowNotFoundError, also for what is no UUID."""
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
        " ORDER BY created_at DESC, workflow_id",
        (workflow_name,),
    )


async def find(
    connection: Connection, filters: dict[str, str | None], limit: int, offset: int
) -> WorkflowList:
    """One page of the workflows that fit all filters that are not None, newest first."""
    given = {name: value for name, value in filters.items() if value is not None}
    where = " AND ".join(["true", *(FILTERS[name] for name in given)])
    # The conditions are this module's own constants.
    table = f"FROM remediation_workflow_catalog WHERE {where}"
    counted = await connection.execute(
        sql.SQL(f"SELECT count(*) AS total {table}"),
        given,
    )
    total = (await counted.fetchone() or {"total": 0})["total"]
    page = f"SELECT * {table} ORDER BY created_at DESC, workflow_id LIMIT %(l)s OFFSET %(o)s"
    rows = await _rows(connection, page, given | {"l": limit, "o": offset})
    return WorkflowList(workflows=rows, limit=limit, offset=offset, total=total)


async def matching(
    connection: Connection, filters: SearchFilters, *, include_disabled: bool
) -> list[RemediationWorkflow]:
    """The latest workflows whose mandatory labels fit, newest first."""
    status = filters.status or (["active", "disabled"] if include_disabled else ["active"])
    names = {"signal_type", "severity", "component", "environment", "priority"}
    values = filters.model_dump(include=names) | {"status": list(status)}
    return await _rows(connection, MATCH, values)


async def _rows(connection: Connection, statement: Any, values: Any) -> list[RemediationWorkflow]:
    cursor = await connection.execute(statement, values)
    return [RemediationWorkflow.model_validate(row) for row in await cursor.fetchall()]


def _values(workflow: WorkflowInput) -> dict[str, Any]:
    values = workflow.model_dump(mode="json", by_alias=True, exclude_none=True)
    packed = {name: Jsonb(values[name]) for name in JSON_COLUMNS if name in values}
    return dict.fromkeys(COLUMNS) | values | packed


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise WorkflowNotFoundError(text) from error
