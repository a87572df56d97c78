"""The connection pool, and the way from database errors to problems."""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection, errors, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from datastorage.migrate import MigrationError, migrate
from datastorage.problems import DatabaseUnavailableError, InvalidError
from datastorage.roles import SERVICE_ROLE, prepare_role

Connection = AsyncConnection[DictRow]
RETRY_SECONDS = 0.2
ACQUIRE_SECONDS = 3.0
log = structlog.get_logger("datastorage")


class Database:
    """PostgreSQL behind a pool that exists once the schema is up to date.

    The schema is brought up to date by the owner; the pool's connections work as
    the service's role, which may change nothing that is sealed.
    """

    def __init__(self, conninfo: str, pool_size: int, owner: str | None = None) -> None:
        self._conninfo = conninfo
        self._owner = owner or conninfo
        self._role: str | None = None
        self._failure: str | None = None
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            connection_class=AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, "connect_timeout": 3, "autocommit": True},
            configure=self._configure,
            # A connection that a database restart broke is found here, not by a caller.
            check=_check_open,
            min_size=0,
            max_size=pool_size,
            timeout=ACQUIRE_SECONDS,
            # Short, so that no back-off of minutes delays the recovery.
            reconnect_timeout=2,
            open=False,
        )
        self._migrated = False

    async def start(self) -> None:
        """Migrate, retrying until the database is there, then open the pool.

        A migration that the database refuses is not tried again: it would fail
        again, and readiness tells why.
        """
        reported = ""
        while True:
            try:
                applied = await migrate(self._owner)
                self._role = await prepare_role(self._owner, self._conninfo)
                break
            except MigrationError as error:
                self._failure = str(error)
                log.error("migration failed", detail=str(error))
                return
            except psycopg.Error as error:
                reason = type(error).__name__
                if reason != reported:
                    log.warning("database not ready", reason=reason, detail=str(error))
                    reported = reason
                await asyncio.sleep(RETRY_SECONDS)
        await self._pool.open(wait=False)
        self._migrated = True
        log.info("database ready", migrations=applied, role=self._role)

    def failed(self, error: BaseException) -> None:
        """Note why the start ended; readiness tells it from now on."""
        self._failure = f"{type(error).__name__}: {error}"

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close(timeout=1)

    async def check(self) -> None:
        """Raise DatabaseUnavailableError unless a query works."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection on which each statement is a transaction of its own."""
        if not self._migrated:
            detail = self._failure or "the database is not ready; try again"
            raise DatabaseUnavailableError(detail)
        try:
            async with self._pool.connection() as connection:
                yield connection
        except UNSTORABLE as error:
            # PostgreSQL stores neither NUL characters nor numbers without bound.
            message = error.diag.message_primary or str(error)
            raise InvalidError({"body": f"cannot be stored: {message}"}) from error
        except UNAVAILABLE as error:
            log.warning("database unavailable", reason=type(error).__name__, detail=str(error))
            raise DatabaseUnavailableError from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose work is committed at the end, or not at all."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def _configure(self, connection: AsyncConnection[Any]) -> None:
        await connection.execute("SET statement_timeout = '10s'")
        await connection.execute("SET timezone = 'UTC'")
        if self._role:
            await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(SERVICE_ROLE)))


# The limits of a statement are the content's fault, although psycopg counts them as operational.
UNSTORABLE: tuple[type[psycopg.Error], ...] = (
    psycopg.DataError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
)
UNAVAILABLE: tuple[type[Exception], ...] = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
)


async def _check_open(connection: AsyncConnection[Any]) -> None:
    """Raise unless the connection is still open, without a round trip to the server.

    Nothing is expected on an idle connection: what can be read there is a notice, or its end.
    """
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN)
    if poller.poll(0):
        # Raises OperationalError when there is nothing more to come.
        connection.pgconn.consume_input()
