import psycopg
import pytest
from datastorage.roles import SERVICE_ROLE
from psycopg import errors
from starlette.testclient import TestClient

from .conftest import app_for, authorized
from .samples import event, workflow

FORBIDDEN = [
    "UPDATE audit_events SET event_outcome = 'failure'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "INSERT INTO audit_events (event_id) SELECT event_id FROM audit_events",
    "UPDATE audit_seals SET seal = ''",
    "DELETE FROM audit_seals",
    "INSERT INTO audit_seals SELECT * FROM audit_seals",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "DROP TABLE audit_events",
    "DELETE FROM remediation_workflow_catalog",
    "UPDATE remediation_workflow_catalog SET content = 'x'",
    "UPDATE schema_migrations SET name = name",
    "CREATE OR REPLACE FUNCTION audit_digest(e audit_events) RETURNS bytea"
    " LANGUAGE sql AS 'SELECT NULL::bytea'",
]


@pytest.fixture
def service(client: TestClient, database_url: str) -> psycopg.Connection:
    """A connection with the rights that the service has, on a trail that is not empty."""
    client.post("/api/v1/workflows", json=workflow())
    client.post("/api/v1/audit/events", json=event())
    connection = psycopg.connect(database_url, autocommit=True)
    connection.execute(f"SET ROLE {SERVICE_ROLE}".encode())
    return connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_service_may_not_change_what_is_written(
    service: psycopg.Connection, statement: str
) -> None:
    with service, pytest.raises(errors.InsufficientPrivilege):
        service.execute(statement.encode())


def test_requests_are_served_with_the_rights_of_the_role(
    client: TestClient, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        revoke = f"REVOKE EXECUTE ON FUNCTION audit_append FROM {SERVICE_ROLE}"
        connection.execute(revoke.encode())

    assert client.post("/api/v1/audit/events", json=event()).status_code == 500


@pytest.mark.parametrize("statement", ["DELETE FROM audit_events", "TRUNCATE audit_events CASCADE"])
def test_even_the_owner_is_stopped_by_the_trigger(
    client: TestClient, database_url: str, statement: str
) -> None:
    client.post("/api/v1/audit/events", json=event())

    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="only grows"),
    ):
        connection.execute(statement.encode())


def test_an_owner_may_migrate_for_a_login_that_owns_nothing(database_url: str) -> None:
    login = "login_" + database_url.rpartition("test_")[2][:16]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'x'".encode())
    service = psycopg.conninfo.make_conninfo(database_url, user=login, password="x")

    with authorized(app_for(service, owner_url=database_url)) as client:
        assert client.post("/api/v1/audit/events", json=event()).status_code == 201
        assert client.post("/api/v1/workflows", json=workflow()).status_code == 201
