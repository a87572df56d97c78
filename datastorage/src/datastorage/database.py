"""The connection pool, and the way from database errors to problems."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from datastorage.migrate import migrate
from datastorage.problems import DatabaseUnavailableError, InvalidError

Connection = AsyncConnection[DictRow]
RETRY_SECONDS = 0.2
ACQUIRE_SECONDS = 3.0
log = structlog.get_logger("datastorage")


class Database:
    """PostgreSQL behind a pool that exists once the schema is up to date."""

    def __init__(self, conninfo: str, pool_size: int) -> None:
        self._conninfo = conninfo
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            connection_class=AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, "connect_timeout": 3},
            configure=_configure,
            # A connection that a database restart broke is found here, not by a caller.
            check=AsyncConnectionPool.check_connection,
            min_size=0,
            max_size=pool_size,
            timeout=ACQUIRE_SECONDS,
            # Short, so that no back-off of minutes delays the recovery.
            reconnect_timeout=2,
            open=False,
        )
        self._migrated = False

    async def start(self) -> None:
        """Migrate, retrying until the database is there, then open the pool."""
        reported = ""
        while True:
            try:
                applied = await migrate(self._conninfo)
                break
            except psycopg.Error as error:
                reason = type(error).__name__
                if reason != reported:
                    log.warning("database not ready", reason=reason, detail=str(error))
                    reported = reason
                await asyncio.sleep(RETRY_SECONDS)
        await self._pool.open(wait=False)
        self._migrated = True
        log.info("database ready", migrations=applied)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close(timeout=1)

    async def check(self) -> None:
        """Raise DatabaseUnavailableError unless a query works."""
        async with self.transaction() as connection:
            await connection.execute("SELECT 1")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose work is committed at the end, or not at all."""
        if not self._migrated:
            raise DatabaseUnavailableError("the database is not ready; try again")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except psycopg.DataError as error:
            # PostgreSQL stores neither NUL characters nor numbers without bound.
            message = error.diag.message_primary or str(error)
            raise InvalidError({"body": f"cannot be stored: {message}"}) from error
        except UNAVAILABLE as error:
            log.warning("database unavailable", reason=type(error).__name__, detail=str(error))
            raise DatabaseUnavailableError from error


UNAVAILABLE: tuple[type[Exception], ...] = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
)


async def _configure(connection: AsyncConnection[Any]) -> None:
    await connection.execute("SET statement_timeout = '10s'")
    await connection.execute("SET timezone = 'UTC'")
    await connection.commit()
