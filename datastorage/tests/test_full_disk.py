"""PostgreSQL's disk is full: refused, nothing acknowledged is lost, and it goes on by itself."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from .conftest import until_ready
from .test_crash import assert_all_there, service, until_more, writing

SIZE = 32 * 1024 * 1024


@pytest.fixture
def small_disk(server: str) -> Iterator[Path]:
    """A file system of its own for a tablespace; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    with psycopg.connect(server) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    # Beside the data: a folder that PostgreSQL's user can reach.
    place = Path(row[0]).parent / f"small-{uuid.uuid4().hex}"
    owner = Path(row[0]).stat()
    place.mkdir()
    options = f"size={SIZE},uid={owner.st_uid},gid={owner.st_gid},mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


@pytest.fixture
def url_on_small_disk(server: str, small_disk: Path) -> Iterator[str]:
    """An empty database whose tables are on the small disk."""
    name = f"full_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{small_disk}'".encode())
        connection.execute(f"CREATE DATABASE {name} TABLESPACE {name}".encode())
    yield make_conninfo(server, dbname=name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        connection.execute(f"DROP TABLESPACE {name}".encode())


def fill(path: Path) -> None:
    """Leave no block free."""
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"\0" * 4096)
            except OSError:
                return


def test_a_full_disk_refuses_and_loses_nothing(url_on_small_disk: str, small_disk: Path) -> None:
    filler = small_disk / "filler"

    with service(url_on_small_disk) as (url, _), writing(url) as writers:
        until_more(writers)
        fill(filler)
        until_ready(lambda: writers.refused > 20, seconds=60)
        filler.unlink()
        until_more(writers)

    assert writers.unexpected == []
    assert_all_there(url_on_small_disk, writers)
