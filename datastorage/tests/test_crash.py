"""Killed in the middle of writing: what was acknowledged is there, once, and sealed."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from datastorage.seals import verify
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from .conftest import until_ready
from .samples import event, workflow

WRITERS = 4
ENOUGH = 40
SERVE = Path(__file__).with_name("serve.py")


@contextmanager
def service(database_url: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The service's URL and process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        descriptor = listener.fileno()
        with subprocess.Popen(
            [sys.executable, SERVE, database_url, str(descriptor)],
            pass_fds=[descriptor],
            stdout=subprocess.DEVNULL,
        ) as process:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            # The child alone may keep it open, or callers would wait for a dead one.
            listener.close()
            try:
                until_ready(lambda: answers(url + "/health/ready"))
                yield url, process
            finally:
                process.kill()


def answers(url: str) -> bool:
    """Whether a GET succeeds."""
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@dataclass
class Writers:
    """Callers that write until told to stop, and remember what was acknowledged."""

    url: str
    events: set[str] = field(default_factory=set)
    workflows: set[str] = field(default_factory=set)
    refused: int = 0
    unexpected: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def acknowledged(self) -> int:
        """How much so far."""
        return len(self.events) + len(self.workflows)

    def write(self, number: int) -> None:
        """Write batches of events and workflows, in turn."""
        with httpx.Client(headers={"Authorization": "Bearer good"}, timeout=20) as client:
            count = 0
            while not self.stop.is_set():
                count += 1
                try:
                    self._write(client, f"w-{number}-{count}", workflows=count % 2 == 0)
                except httpx.TransportError:
                    self.refused += 1

    def _write(self, client: httpx.Client, name: str, *, workflows: bool) -> None:
        batch = [event(correlation_id=name) for _ in range(5)]
        path, body = "/api/v1/audit/events/batch", json.dumps(batch)
        if workflows:
            path, body = "/api/v1/workflows", json.dumps(workflow(name))
        answer = client.post(self.url + path, content=body)
        if answer.status_code == 503:
            self.refused += 1
        elif answer.status_code != 201:
            self.unexpected.append(answer.status_code)
        elif workflows:
            self.workflows.add(name)
        else:
            self.events.update(item["event_id"] for item in batch)


@contextmanager
def writing(url: str) -> Iterator[Writers]:
    """Callers that write while the body runs."""
    writers = Writers(url)
    threads = [threading.Thread(target=writers.write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        writers.stop.set()
        for thread in threads:
            thread.join()


def until_more(writers: Writers) -> None:
    """Wait until enough has been acknowledged since now."""
    wanted = writers.acknowledged + ENOUGH
    until_ready(lambda: writers.acknowledged >= wanted, seconds=60)


def assert_all_there(database_url: str, writers: Writers) -> None:
    """Everything acknowledged is stored, and the seals say that nothing else changed."""
    with psycopg.connect(database_url) as connection:
        events = {str(row[0]) for row in connection.execute("SELECT event_id FROM audit_events")}
        names = [
            row[0]
            for row in connection.execute("SELECT workflow_name FROM remediation_workflow_catalog")
        ]
    assert writers.events - events == set()
    assert writers.workflows - set(names) == set()
    assert len(names) == len(set(names))

    async def check() -> list[str]:
        async with await AsyncConnection.connect(database_url, row_factory=dict_row) as connection:
            return (await verify(connection)).findings

    assert asyncio.run(check()) == []


def test_nothing_acknowledged_is_lost_when_the_service_is_killed(database_url: str) -> None:
    with service(database_url) as (url, process), writing(url) as writers:
        until_more(writers)
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert writers.acknowledged >= ENOUGH
    assert writers.unexpected == []
    assert_all_there(database_url, writers)


def kill_backend(database_url: str) -> None:
    """End a server process the hard way; PostgreSQL then recovers from its log."""
    with psycopg.connect(database_url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        until_ready(lambda: gone(connection))


def gone(connection: psycopg.Connection) -> bool:
    """Whether the server has ended this connection."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def test_nothing_acknowledged_is_lost_when_postgresql_is_killed(database_url: str) -> None:
    with service(database_url) as (url, _), writing(url) as writers:
        for _ in range(3):
            until_more(writers)
            kill_backend(database_url)
        until_more(writers)

    assert writers.refused > 0
    assert writers.unexpected == []
    assert_all_there(database_url, writers)


def test_everything_is_tried_before_the_service_ends(database_url: str) -> None:
    with service(database_url) as (url, process), writing(url) as writers:
        until_more(writers)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)

    assert writers.unexpected == []
    assert_all_there(database_url, writers)
