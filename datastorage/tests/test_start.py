"""A start that cannot succeed ends, and readiness tells why."""

import pytest
from starlette.testclient import TestClient

from datastorage import database, lifecycle, migrate

from .conftest import app_for, authorized, until_ready


def reason(client: TestClient) -> str:
    """What readiness answers when it is not ready."""
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    return str(answer.json()["detail"])


class Log:
    """Keeps errors; where a real logger writes to depends on who used it first."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, dict[str, object]]] = []

    def error(self, event: str, **fields: object) -> None:
        """One more error."""
        self.errors.append((event, fields))


def test_a_defective_migration_is_told_and_not_tried_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def defective() -> list[tuple[str, str]]:
        tried.append(1)
        return [("001_wrong.sql", "CREATE TABLE a (b nonsense)")]

    monkeypatch.setattr(migrate, "migrations", defective)

    with TestClient(app_for(database_url)) as client:
        until_ready(lambda: "001_wrong.sql" in reason(client))
        assert 'type "nonsense" does not exist' in reason(client)

    assert len(tried) == 1


def test_an_unexpected_error_of_the_start_is_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    monkeypatch.setattr(lifecycle, "log", log)

    async def broken(_: str) -> list[str]:
        raise ValueError("a defect of our own")

    monkeypatch.setattr(database, "migrate", broken)

    with TestClient(app_for(database_url)) as client:
        until_ready(lambda: "a defect of our own" in reason(client))
        assert client.get("/health/live").status_code == 200

    ((event, fields),) = log.errors
    assert event == "background task failed"
    assert str(fields["exc_info"]) == "a defect of our own"


def test_two_services_may_start_on_one_database(database_url: str) -> None:
    with (
        authorized(app_for(database_url)) as one,
        authorized(app_for(database_url)) as other,
    ):
        assert one.get("/health/ready").status_code == other.get("/health/ready").status_code == 200
