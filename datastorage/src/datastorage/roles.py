"""The role that the service works as: it reads, appends events and sets a status."""

import structlog
from psycopg import AsyncConnection, errors, sql
from psycopg.conninfo import conninfo_to_dict

SERVICE_ROLE = "datastorage_service"
# Any number serves; roles belong to the whole cluster, but a lock only to one database.
LOCK = 7_203_441_910
GRANTS = """
REVOKE ALL ON remediation_workflow_catalog, audit_events, audit_seals, schema_migrations
    FROM PUBLIC, {role};
REVOKE ALL ON FUNCTION audit_append, catalogue_create FROM PUBLIC, {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON remediation_workflow_catalog, audit_events, audit_seals, schema_migrations
    TO {role};
GRANT UPDATE (status, updated_at, disabled_at, disabled_by, disabled_reason)
    ON remediation_workflow_catalog TO {role};
GRANT EXECUTE ON FUNCTION audit_append, catalogue_create TO {role};
"""
log = structlog.get_logger("datastorage")


async def prepare_role(owner: str, service: str) -> str | None:
    """Create the role, give it its rights and let the service's login use it.

    None, with a warning, where the owner may not create roles: then the service
    works with the rights of its login, and only triggers guard the audit trail.
    """
    login = conninfo_to_dict(service).get("user")
    async with await AsyncConnection.connect(owner, autocommit=True, connect_timeout=3) as session:
        await session.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        try:
            await _create(session)
            async with session.transaction():
                await _grant(session, str(login) if login else None)
        except (errors.InsufficientPrivilege, errors.UndefinedObject) as error:
            log.warning("service role missing", role=SERVICE_ROLE, detail=str(error))
            return None
    return SERVICE_ROLE


async def _create(session: AsyncConnection) -> None:
    known = "SELECT FROM pg_roles WHERE rolname = %s"
    if (await session.execute(known, (SERVICE_ROLE,))).rowcount:
        return
    try:
        create = sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(SERVICE_ROLE))
        await session.execute(create)
    except (errors.DuplicateObject, errors.UniqueViolation):
        log.debug("service role created by another database's owner", role=SERVICE_ROLE)


async def _grant(session: AsyncConnection, login: str | None) -> None:
    role = sql.Identifier(SERVICE_ROLE)
    row = await (await session.execute("SELECT current_schema(), current_user")).fetchone()
    assert row is not None  # noqa: S101 # a SELECT without FROM is one row
    await session.execute(sql.SQL(GRANTS).format(schema=sql.Identifier(row[0]), role=role))
    members = sql.SQL(", ").join(sql.Identifier(name) for name in {row[1], login or row[1]})
    member = "SELECT pg_has_role(%s, %s, 'MEMBER')"
    for name in {row[1], login or row[1]}:
        found = await (await session.execute(member, (name, SERVICE_ROLE))).fetchone()
        if found is not None and not found[0]:
            await session.execute(sql.SQL("GRANT {} TO {}").format(role, members))
            return
