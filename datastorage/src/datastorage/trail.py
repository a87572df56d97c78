"""Finds events again."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from psycopg import sql
from pydantic import BaseModel, Field
from pydantic_core import to_json

from datastorage.cursors import Cursor, read_cursor
from datastorage.database import Connection
from datastorage.problems import InvalidError

Category = Literal[
    "gateway",
    "notification",
    "analysis",
    "aiagent",
    "signalprocessing",
    "workflow",
    "workflowexecution",
    "orchestration",
    "webhook",
]
FIELDS = (
    "event_id, event_date, version, event_type, event_timestamp, event_category, event_action,"
    " event_outcome, correlation_id, actor_type, actor_id, resource_type, resource_id,"
    " parent_event_id, namespace, cluster_name, severity, duration_ms, recorded_at"
)
PAGE = sql.SQL(
    f"SELECT {FIELDS}, event_data::text AS event_data, recorded_by, credential_id, sequence"
    " FROM audit_events WHERE {} ORDER BY event_timestamp DESC, sequence DESC"
    " LIMIT %(limit)s OFFSET %(offset)s"
)
RELATIVE = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MAX_OFFSET = 2**53 - 1


class AuditQuery(BaseModel):
    """Which events to list; None is no condition."""

    event_type: str | None = None
    event_category: Category | None = None
    event_outcome: Literal["success", "failure", "pending"] | None = None
    severity: str | None = None
    correlation_id: str | None = None
    since: str | None = None
    until: str | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    cursor: Annotated[str | None, Field(min_length=1, max_length=512)] = None


async def list_events(connection: Connection, query: AuditQuery) -> bytes:
    """One page of the matching events as JSON, newest first."""
    conditions, values = _conditions(query)
    cursor = read_cursor(query.cursor) if query.cursor else None
    if cursor is None:
        total = await _count(connection, conditions, values)
    else:
        total = cursor.total
        conditions.append(sql.SQL("(event_timestamp, sequence) < (%(time)s, %(key)s::bigint)"))
        values |= {"time": cursor.time, "key": _sequence(cursor.key)}
    offset = 0 if cursor else query.offset
    found = await connection.execute(
        PAGE.format(_all(conditions)), values | {"limit": query.limit + 1, "offset": offset}
    )
    rows = await found.fetchall()
    more, rows = len(rows) > query.limit, rows[: query.limit]
    pagination: dict[str, Any] = {
        "limit": query.limit,
        "offset": offset,
        "total": total,
        "has_more": more,
    }
    if more:
        last = rows[-1]
        pagination["next_cursor"] = Cursor(
            last["event_timestamp"], str(last["sequence"]), total
        ).text()
    data = b",".join(event_json(row) for row in rows)
    return b'{"data":[%b],"pagination":%b}' % (data, to_json(pagination))


def event_json(row: dict[str, Any]) -> bytes:
    """A stored event; its event_data is what is stored, number for number."""
    shown = {name: value for name, value in row.items() if value is not None}
    data, username = shown.pop("event_data"), shown.pop("recorded_by", None)
    credential = shown.pop("credential_id", None)
    del shown["sequence"]
    if username is not None:
        shown["recorded_by"] = {"username": username}
        if credential is not None:
            shown["recorded_by"]["credential_id"] = credential
    return b'%b,"event_data":%b}' % (to_json(shown)[:-1], data.encode())


async def _count(connection: Connection, conditions: list[sql.Composable], values: Any) -> int:
    statement = sql.SQL("SELECT count(*) AS total FROM audit_events WHERE {}")
    counted = await connection.execute(statement.format(_all(conditions)), values)
    row = await counted.fetchone()
    return int(row["total"]) if row else 0


def _all(conditions: list[sql.Composable]) -> sql.Composed:
    return sql.SQL(" AND ").join(conditions)


def _conditions(query: AuditQuery) -> tuple[list[sql.Composable], dict[str, object]]:
    parts: list[sql.Composable] = [sql.SQL("true")]
    values: dict[str, object] = {}
    for name in ("event_type", "event_category", "event_outcome", "severity", "correlation_id"):
        value = getattr(query, name)
        if value is not None:
            parts.append(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)))
            values[name] = value
    for name, operator in (("since", ">="), ("until", "<=")):
        text = getattr(query, name)
        if text is not None:
            values[name] = moment(name, text)
            parts.append(
                sql.SQL("event_timestamp {} {}").format(sql.SQL(operator), sql.Placeholder(name))
            )
    return parts, values


def _sequence(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise InvalidError({"query.cursor": "is not a next_cursor of this list"})
    return int(key)


def moment(name: str, text: str) -> datetime:
    """The time that `24h`, `7d`, an RFC 3339 time or a date stands for."""
    relative = RELATIVE.fullmatch(text)
    try:
        if relative:
            return datetime.now(UTC) - timedelta(**{UNITS[relative[2]]: int(relative[1])})
        value = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InvalidError({f"query.{name}": "is not a time like 24h, 7d or RFC 3339"}) from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)
