"""Ten thousand workflows and events: every query that requests send uses an index."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from datastorage.migrate import migrate
from psycopg import sql

from datastorage import search, trail

ROWS = 10_000
WORKFLOWS = f"""
INSERT INTO remediation_workflow_catalog (workflow_name, version, name, description, content,
    content_hash, labels, execution_engine, status)
SELECT 'w' || i, '1', 'n', 'd', repeat('content ', 200), repeat('0', 64), jsonb_build_object(
    'signal_type', 's' || i % 5, 'severity', 'critical', 'component', 'pod',
    'environment', jsonb_build_array('production'), 'priority', 'P' || i % 4), 'tekton', 'active'
FROM generate_series(1, {ROWS}) AS i
"""
EVENTS = f"""
INSERT INTO audit_events (event_id, version, event_type, event_timestamp, event_category,
    event_action, event_outcome, correlation_id, event_data, sequence)
SELECT gen_random_uuid(), '1.0', 'llm_request', now() - i * interval '1 second', 'aiagent', 'a',
    'success', 'rem-' || i % 1000, '{{}}', i FROM generate_series(1, {ROWS}) AS i
"""
SEARCH: dict[str, Any] = {
    "signal_type": "s1",
    "severity": "critical",
    "priority": "P1",
    "components": ["pod", "*"],
    "status": ["active"],
    "environments": ["production", "*"],
    "top_k": 10,
}
AFTER = "(event_timestamp, sequence) < (now(), 5000)"
PAGE = {"limit": 100, "offset": 0}


@pytest.fixture(scope="module")
def filled(server: str) -> Iterator[psycopg.Connection]:
    """A connection to a database with many rows, as vacuum leaves it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE plans")
    url = psycopg.conninfo.make_conninfo(server, dbname="plans")
    asyncio.run(migrate(url))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (WORKFLOWS, EVENTS):
            connection.execute(statement.encode())
        connection.execute("VACUUM ANALYZE")
        yield connection


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def plan_of(connection: psycopg.Connection, statement: Any, values: Any) -> list[dict[str, Any]]:
    """The nodes of the plan with which a statement is answered."""
    explain = sql.SQL("EXPLAIN (FORMAT JSON) ") + (
        sql.SQL(statement) if isinstance(statement, str) else statement
    )
    row = connection.execute(explain, values).fetchone()
    assert row is not None
    return list(nodes(json.loads(json.dumps(row[0]))[0]["Plan"]))


def events(condition: str) -> sql.Composed:
    """The statement of a page of events."""
    return trail.PAGE.format(sql.SQL(condition))


QUERIES: dict[str, tuple[Any, Any]] = {
    "search": (search.NEWEST, SEARCH),
    "search-with-optional-labels": (search.LABELS, SEARCH),
    "events-of-a-remediation": (events("correlation_id = 'rem-1'"), PAGE),
    "newest-events": (events("true"), PAGE),
    "events-after-a-cursor": (events(AFTER), PAGE),
    "a-workflow": (
        "SELECT * FROM remediation_workflow_catalog WHERE workflow_name = %s AND version = '1'",
        ("w1",),
    ),
    "newest-workflows": (
        "SELECT * FROM remediation_workflow_catalog WHERE true"
        " ORDER BY created_at DESC, workflow_id DESC LIMIT 51",
        (),
    ),
}


@pytest.mark.parametrize("query", QUERIES)
def test_no_table_is_read_from_end_to_end(filled: psycopg.Connection, query: str) -> None:
    found = plan_of(filled, *QUERIES[query])

    assert [node for node in found if node["Node Type"] == "Seq Scan"] == []
    assert any("Index" in node["Node Type"] for node in found)


def test_a_search_reads_its_index_alone(filled: psycopg.Connection) -> None:
    """Also with the plan that PostgreSQL keeps for all values."""
    filled.execute("SET plan_cache_mode = force_generic_plan")

    found = plan_of(filled, search.NEWEST, SEARCH)

    scans = [node for node in found if node.get("Index Name") == "ix_workflow_search"]
    assert [node["Node Type"] for node in scans] == ["Index Only Scan"]
    conditions = scans[0]["Index Cond"]
    assert all(name in conditions for name in ("signal_type", "severity", "priority", "component"))
