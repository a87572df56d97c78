"""A real PostgreSQL for each worker, a database for each test, a reviewer without Kubernetes."""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from datastorage.app import create_app
from datastorage.settings import Settings
from fastapi import FastAPI
from kube_auth import AuthSettings, Identity
from psycopg.conninfo import make_conninfo
from starlette.testclient import TestClient

# A busy machine is no finding. `make fuzz` wants more examples.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
hypothesis.settings.register_profile(
    "here", deadline=None, database=None, max_examples=int(EXAMPLES or 100)
)
hypothesis.settings.load_profile("here")
ROOT = Path(__file__).parents[2]
AUTHORIZED = {"Authorization": "Bearer good"}
READY_SECONDS = 30


class FakeReviewer:
    """Knows one token, which may do everything."""

    async def review_token(self, token: str) -> Identity | None:
        """The identity of `good`."""
        extra = {"authentication.kubernetes.io/credential-id": ("JTI=1",)}
        return Identity("tester", extra=extra) if token == "good" else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Yes."""
        return bool(identity.username and attributes)

    async def aclose(self) -> None:
        """Nothing to release."""

    def not_ready(self) -> str | None:
        """Never."""
        return None


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until_ready(check: object, seconds: float = READY_SECONDS) -> None:
    """Call until it no longer raises or returns False."""
    assert callable(check)
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "not ready in time"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of a PostgreSQL server, from the package that starts it for the stack, too."""
    command = [
        "go",
        "run",
        "./test/infrastructure/postgres/cmd/postgres",
        "-python",
        sys.executable,
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            pytest.exit(f"PostgreSQL was not started: {process.communicate()[1]}", returncode=1)
        yield url
        # The end of its input ends the server.
        _, problems = process.communicate(timeout=READY_SECONDS)
    assert process.returncode == 0, problems


@pytest.fixture
def database_url(server: str) -> str:
    """A new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return make_conninfo(server, dbname=name)


def app_for(url: str, **settings: Any) -> FastAPI:
    """The service on a database, with the reviewer of the tests."""
    values = Settings.model_validate({"database_url": url} | settings)
    return create_app(values, reviewer=FakeReviewer(), auth=AuthSettings.model_validate({}))


@contextmanager
def authorized(app: FastAPI) -> Iterator[TestClient]:
    """A client with a token, once the service is ready."""
    with TestClient(app, headers=AUTHORIZED) as client:
        until_ready(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    """An authorized client of a service that is ready."""
    with authorized(app_for(database_url)) as client:
        yield client


@pytest.fixture
def down() -> Iterator[TestClient]:
    """An authorized client of a service whose database is not there."""
    url = f"host=127.0.0.1 port={free_port()} user=postgres dbname=none"
    with TestClient(app_for(url), headers=AUTHORIZED) as client:
        yield client
