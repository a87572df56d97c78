"""Whoever owns the database may change anything; the seals and the anchor tell."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from datastorage.anchor import AnchorError, read_anchors
from datastorage.seals import Report, verify
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from starlette.testclient import TestClient

from datastorage import verify as command

from .conftest import app_for, authorized
from .samples import event

BATCH = "/api/v1/audit/events/batch"


def store(client: TestClient, batches: int = 3, size: int = 4) -> None:
    """So many batches, each with a seal of its own."""
    for _ in range(batches):
        answer = client.post(BATCH, json=[event() for _ in range(size)])
        assert answer.status_code == 201, answer.text


def check(database_url: str, anchor: Path | None = None) -> Report:
    """What verification says."""

    async def run() -> Report:
        async with await AsyncConnection.connect(database_url, row_factory=dict_row) as connection:
            return await verify(connection, read_anchors(anchor) if anchor else None)

    return asyncio.run(run())


def tamper(database_url: str, *statements: str) -> None:
    """Change the trail as its owner, past the triggers."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def test_what_the_service_stored_is_intact(client: TestClient, database_url: str) -> None:
    store(client)

    report = check(database_url)

    assert (report.findings, report.events, report.seals) == ([], 12, 3)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        pytest.param(
            "UPDATE audit_events SET event_outcome = 'failure' WHERE sequence = 6",
            "events 5 to 8 are not as they were sealed",
            id="changed",
        ),
        pytest.param(
            "UPDATE audit_events SET recorded_by = 'me' WHERE sequence = 6",
            "events 5 to 8 are not as they were sealed",
            id="sender-changed",
        ),
        pytest.param(
            "UPDATE audit_events SET recorded_at = recorded_at + interval '1 microsecond'"
            " WHERE sequence = 6",
            "events 5 to 8 are not as they were sealed",
            id="moved-in-time",
        ),
        pytest.param("DELETE FROM audit_events WHERE sequence = 6", "event 6 is missing", id="gap"),
        pytest.param(
            "DELETE FROM audit_events WHERE sequence > 8",
            "events 9 to 12 are missing",
            id="tail-of-events",
        ),
        pytest.param(
            "DELETE FROM audit_seals WHERE number = 2", "seal 2 is missing", id="seal-gone"
        ),
        pytest.param(
            "UPDATE audit_seals SET events = sha256('x') WHERE number = 2",
            "seal 2 does not follow",
            id="seal-changed",
        ),
        pytest.param(
            "INSERT INTO audit_events (event_id, version, event_type, event_timestamp,"
            " event_category, event_action, event_outcome, correlation_id, event_data, sequence)"
            " SELECT gen_random_uuid(), version, event_type, event_timestamp, event_category,"
            " event_action, event_outcome, correlation_id, event_data, 13 FROM audit_events"
            " LIMIT 1",
            "event 13 is not sealed",
            id="forged",
        ),
    ],
)
def test_a_change_is_found(
    client: TestClient, database_url: str, statement: str, finding: str
) -> None:
    store(client)

    tamper(database_url, statement)

    findings = check(database_url).findings
    assert any(finding in found for found in findings), findings


CUT: dict[str, tuple[str, ...]] = {
    "tail": (
        "DELETE FROM audit_events WHERE sequence > 8",
        "DELETE FROM audit_seals WHERE number > 2",
    ),
    "whole": ("DELETE FROM audit_events", "DELETE FROM audit_seals"),
}


@pytest.mark.parametrize("cut", CUT)
def test_only_the_anchor_tells_of_a_cut(database_url: str, tmp_path: Path, cut: str) -> None:
    anchor = tmp_path / "anchor"
    with authorized(app_for(database_url, anchor_file=anchor)) as client:
        store(client)

    tamper(database_url, *CUT[cut])

    assert check(database_url).findings == []
    assert check(database_url, anchor).findings == [
        "seal 3 is anchored but gone: the trail was cut"
    ]


def test_a_trail_that_was_made_anew_is_not_the_anchored_one(
    database_url: str, tmp_path: Path
) -> None:
    anchor = tmp_path / "anchor"
    with authorized(app_for(database_url, anchor_file=anchor)) as client:
        store(client)
    tamper(database_url, *CUT["whole"])
    with authorized(app_for(database_url)) as client:
        store(client)

    assert check(database_url, anchor).findings == ["seal 3 is not the one that was anchored"]


def test_the_anchor_of_a_cut_trail_is_not_continued(database_url: str, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor"
    with authorized(app_for(database_url, anchor_file=anchor)) as client:
        store(client)
    before = anchor.read_text()
    tamper(database_url, *CUT["tail"])

    with authorized(app_for(database_url, anchor_file=anchor)) as client:
        store(client, batches=5)

    assert anchor.read_text() == before
    assert anchor.stat().st_mode & 0o777 == 0o600


def test_a_torn_last_line_of_an_anchor_is_no_line(tmp_path: Path) -> None:
    anchor = tmp_path / "anchor"
    anchor.write_text('{"number": 1, "seal": "aa"}\n{"event": "other"}\n{"num')

    assert [anchored.number for anchored in read_anchors(anchor)] == [1]


@pytest.mark.parametrize("text", ['{"num\n{"number": 1, "seal": "aa"}\n', "\xff"])
def test_a_damaged_anchor_is_an_error(tmp_path: Path, text: str) -> None:
    anchor = tmp_path / "anchor"
    anchor.write_bytes(text.encode("latin-1"))

    with pytest.raises(AnchorError, match=str(anchor)):
        list(read_anchors(anchor))


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command on the test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return lambda *arguments: command.main([str(argument) for argument in arguments])


def test_the_command_says_what_it_found(
    client: TestClient,
    database_url: str,
    run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    store(client)
    assert run() == command.INTACT
    assert "12 events, 3 seals, 0 anchors\nintact" in capsys.readouterr().out

    tamper(database_url, "DELETE FROM audit_events WHERE sequence = 2")
    assert run() == command.CHANGED
    assert "event 2 is missing" in capsys.readouterr().out


def test_the_command_cannot_check_without_its_anchor(
    run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--anchor", tmp_path / "none") == command.UNREADABLE
    assert "No such file" in capsys.readouterr().err


def test_an_anchor_without_seals_is_said_to_prove_nothing(
    client: TestClient, run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(client)
    anchor = tmp_path / "anchor"
    anchor.write_text(json.dumps({"event": "request"}) + "\n")

    assert run("--anchor", anchor) == command.INTACT
    assert "it proves nothing" in capsys.readouterr().out
