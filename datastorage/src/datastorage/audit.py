"""The audit trail: what may be stored, storing it, and finding it again."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from psycopg import sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import BaseModel, Field

from datastorage.database import Connection
from datastorage.models._generated import (
    AuditEvent,
    AuditEventInput,
    AuditEventList,
    Pagination,
)
from datastorage.models.payloads import payload_errors
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
FUTURE = timedelta(minutes=60)
PAST = timedelta(days=7)
COLUMNS = tuple(AuditEventInput.model_fields)
INSERT = sql.SQL("INSERT INTO audit_events ({}) VALUES ({}) RETURNING event_id").format(
    sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
    sql.SQL(", ").join(map(sql.Placeholder, COLUMNS)),
)
RELATIVE = re.compile(r"(\d{1,6})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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
    offset: Annotated[int, Field(ge=0)] = 0


def check_events(events: Sequence[AuditEventInput], *, indexed: bool) -> None:
    """Raise InvalidError for times out of bounds and wrong payloads."""
    now = datetime.now(UTC)
    fields = {}
    for index, event in enumerate(events):
        errors = payload_errors(event.event_type, event.event_data)
        if not now - PAST <= event.event_timestamp <= now + FUTURE:
            errors["event_timestamp"] = "must be within the last 7 days and the next 60 minutes"
        prefix = f"{index}." if indexed else ""
        fields.update({prefix + name: message for name, message in errors.items()})
    if fields:
        raise InvalidError(fields)


async def store_events(connection: Connection, events: Sequence[AuditEventInput]) -> list[UUID]:
    """Insert the events and return their ids in the same order."""
    ids = []
    for event in events:
        values = event.model_dump() | {"event_data": Jsonb(event.event_data)}
        row = await (await connection.execute(INSERT, values)).fetchone()
        assert row is not None  # noqa: S101 # RETURNING of one insert is one row
        ids.append(row["event_id"])
    return ids


async def list_events(connection: Connection, query: AuditQuery) -> AuditEventList:
    """One page of the matching events, newest first."""
    where, values = _conditions(query)
    counted = await connection.execute(
        sql.SQL("SELECT count(*) AS total FROM audit_events WHERE {}").format(where), values
    )
    total = (await counted.fetchone() or {"total": 0})["total"]
    found = await connection.execute(
        sql.SQL(
            "SELECT * FROM audit_events WHERE {} ORDER BY event_timestamp DESC, event_id DESC"
            " LIMIT %(limit)s OFFSET %(offset)s"
        ).format(where),
        values | {"limit": query.limit, "offset": query.offset},
    )
    data = [_event(row) for row in await found.fetchall()]
    page = Pagination(
        limit=query.limit,
        offset=query.offset,
        total=total,
        has_more=query.offset + len(data) < total,
    )
    return AuditEventList(data=data, pagination=page)


def _event(row: DictRow) -> AuditEvent:
    return AuditEvent.model_validate(row)


def _conditions(query: AuditQuery) -> tuple[sql.Composed, dict[str, object]]:
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
    return sql.SQL(" AND ").join(parts), values


def moment(name: str, text: str) -> datetime:
    """The time that `24h`, `7d`, an RFC 3339 time or a date stands for."""
    relative = RELATIVE.fullmatch(text)
    try:
        if relative:
            return datetime.now(UTC) - timedelta(**{UNITS[relative[2]]: int(relative[1])})
        value = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise InvalidError({f"query.{name}": "is no time like 24h, 7d or RFC 3339"}) from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)
