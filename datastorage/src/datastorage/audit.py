"""The audit trail: events are stored when the answer says so, or not at all."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from datastorage.database import Database
from datastorage.problems import InvalidFieldError

FUTURE, PAST = timedelta(minutes=60), timedelta(days=7)
RELATIVE = re.compile(r"(\d{1,5})([hd])")
REQUIRED_DATA = {
    "llm_request": ("model", "prompt_length", "prompt_preview"),
    "llm_response": ("has_analysis", "analysis_length", "analysis_preview"),
    "llm_tool_call": ("tool_call_index", "tool_name", "tool_result"),
    "workflow_validation_attempt": ("attempt", "max_attempts", "is_valid", "errors"),
    "holmesgpt.response.complete": ("response_data",),
}
COMMON_DATA = ("event_type", "event_id", "incident_id")
FILTERS: dict[str, LiteralString] = {
    "event_type": "event_type = %s",
    "event_category": "event_category = %s",
    "event_outcome": "event_outcome = %s",
    "severity": "severity = %s",
    "correlation_id": "correlation_id = %s",
    "since": "event_timestamp >= %s",
    "until": "event_timestamp <= %s",
}
Connection = psycopg.AsyncConnection[DictRow]
Event = dict[str, Any]


class AuditTrail:
    """Appends and queries audit events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, events: Sequence[Event]) -> list[Event]:
        """Store all events or none, and return them with ids and dates.

        Raises InvalidFieldError naming the index and field of the first bad one.
        """
        for index, event in enumerate(events):
            _validate(event, f"{index}." if len(events) > 1 else "")
        async with self._database.connection() as connection:
            return [await _insert(connection, event) for event in events]

    async def query(
        self, filters: Mapping[str, str | None], limit: int, offset: int
    ) -> tuple[list[Event], int]:
        """One page, newest first, and the number of all that match."""
        chosen: dict[str, Any] = {name: value for name, value in filters.items() if value}
        for name in ("since", "until"):
            if name in chosen:
                chosen[name] = parse_time(name, chosen[name])
        where = " AND ".join(["true", *(FILTERS[name] for name in chosen)])
        values = list(chosen.values())
        page = (
            "SELECT * FROM audit_events WHERE "
            + where
            + " ORDER BY event_timestamp DESC, event_id DESC LIMIT %s OFFSET %s"
        )
        count = "SELECT count(*) AS matches FROM audit_events WHERE " + where
        async with self._database.connection() as connection:
            cursor = await connection.execute(page.encode(), [*values, limit, offset])
            rows = await cursor.fetchall()
            cursor = await connection.execute(count.encode(), values)
            total = await cursor.fetchone()
        return [_to_wire(row) for row in rows], total["matches"] if total else 0


def parse_time(name: str, text: str) -> datetime:
    """`24h`, `7d`, an RFC 3339 time or a date. Raises InvalidFieldError."""
    if match := RELATIVE.fullmatch(text):
        unit = "hours" if match[2] == "h" else "days"
        return datetime.now(UTC) - timedelta(**{unit: int(match[1])})
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        hint = "expected 24h, 7d, an RFC 3339 time or a date"
        raise InvalidFieldError({name: f"{hint}, not {text!r}"}) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


async def record_created(connection: Connection, row: Mapping[str, Any]) -> None:
    """The catalogue's own event for a new workflow, in the caller's transaction."""
    document = row["document"]
    data: Event = {"workflow_id": str(row["workflow_id"]), "is_latest_version": True}
    names = ("workflow_name", "version", "status", "execution_engine", "name", "labels")
    data |= {name: document[name] for name in names}
    await _insert(
        connection,
        _own_event(
            "datastorage.workflow.created", "workflow_created", str(row["workflow_id"]), data
        ),
    )


async def record_search(connection: Connection, request: Mapping[str, Any], found: int) -> None:
    """The catalogue's own event for a search on behalf of a remediation."""
    correlation_id = request.get("remediation_id")
    if correlation_id:
        data = {"filters": request["filters"], "total_results": found}
        event_type = "workflow.catalog.search_completed"
        event = _own_event(event_type, "search_completed", correlation_id, data)
        await _insert(connection, event)


def _own_event(event_type: str, action: str, correlation_id: str, data: Event) -> Event:
    return {
        "version": "1.0",
        "event_type": event_type,
        "event_timestamp": datetime.now(UTC).isoformat(),
        "event_category": "workflow",
        "event_action": action,
        "event_outcome": "success",
        "correlation_id": correlation_id,
        "actor_type": "Service",
        "actor_id": "datastorage",
        "event_data": {"event_type": event_type, **data},
    }


def _validate(event: Event, prefix: str) -> None:
    time = datetime.fromisoformat(event["event_timestamp"])
    now = datetime.now(UTC)
    if not now - PAST <= time <= now + FUTURE:
        reason = "must lie between 7 days ago and 60 minutes ahead"
        raise InvalidFieldError({f"{prefix}event_timestamp": reason})
    required = REQUIRED_DATA.get(event["event_type"])
    if required is None:
        return
    data = event["event_data"]
    missing = [name for name in (*COMMON_DATA, *required) if name not in data]
    if missing:
        raise InvalidFieldError({f"{prefix}event_data.{name}": "is required" for name in missing})
    if data["event_type"] != event["event_type"]:
        raise InvalidFieldError({f"{prefix}event_data.event_type": "differs from event_type"})


async def _insert(connection: Connection, event: Event) -> Event:
    cursor = await connection.execute(
        "INSERT INTO audit_events (event_timestamp, event_type, event_category, event_outcome,"
        " severity, correlation_id, document) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING *",
        (
            event["event_timestamp"],
            event["event_type"],
            event["event_category"],
            event["event_outcome"],
            event.get("severity"),
            event["correlation_id"],
            Jsonb(event),
        ),
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 # RETURNING always yields the inserted row
    return _to_wire(row)


def _to_wire(row: Mapping[str, Any]) -> Event:
    date = row["event_timestamp"].astimezone(UTC).date().isoformat()
    return {**row["document"], "event_id": row["event_id"], "event_date": date}
