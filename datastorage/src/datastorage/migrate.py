"""Brings the database's schema up to date."""

from importlib import resources

import psycopg
from psycopg import AsyncConnection, errors, sql

# Any number serves, as long as every instance takes the same lock.
LOCK = 7_203_441_908
RECORD = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
# What may pass by itself: the way to the server, its shutdown, a lock that another holds.
PASSING: tuple[type[psycopg.Error], ...] = (psycopg.OperationalError, psycopg.InterfaceError)


class MigrationError(Exception):
    """The database refused a migration; trying again would not help."""


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration, in the order of their names."""
    folder = resources.files("datastorage") / "schema"
    files = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return [(item.name, item.read_text()) for item in sorted(files, key=lambda item: item.name)]


async def migrate(conninfo: str) -> list[str]:
    """Apply what is missing, one transaction each, and return the applied names.

    Instances that start together wait for each other on a lock that ends with
    the session. Raises MigrationError when the database refuses one.
    """
    applied = []
    async with await AsyncConnection.connect(
        conninfo, autocommit=True, connect_timeout=3
    ) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        for name, text in await _missing(connection):
            await _apply(connection, name, text)
            applied.append(name)
    return applied


async def _missing(connection: AsyncConnection) -> list[tuple[str, str]]:
    try:
        await connection.execute(RECORD)
    except errors.InsufficientPrivilege as error:
        raise MigrationError(f"schema_migrations: {error}") from error
    rows = await (await connection.execute("SELECT name FROM schema_migrations")).fetchall()
    done = {row[0] for row in rows}
    return [(name, text) for name, text in migrations() if name not in done]


async def _apply(connection: AsyncConnection, name: str, text: str) -> None:
    try:
        async with connection.transaction():
            # The text is a file of this package, not input.
            await connection.execute(sql.SQL(text))
            await connection.execute("INSERT INTO schema_migrations VALUES (%s)", (name,))
    except PASSING:
        raise
    except psycopg.Error as error:
        raise MigrationError(f"{name}: {error}") from error
