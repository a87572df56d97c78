from pathlib import Path

import pytest
from datastorage.app import MAX_BODY, create_app
from datastorage.settings import Settings
from kube_auth import AuthSettings
from starlette.testclient import TestClient

WORKFLOWS = "/api/v1/workflows"
PROBLEM = "application/problem+json"


def test_authentication_comes_before_validation(client: TestClient) -> None:
    answer = client.post(WORKFLOWS, content=b"{", headers={"Authorization": "Bearer bad"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("body", [b"{", b"{}", b"[]"])
def test_malformed_body_is_400(client: TestClient, body: bytes) -> None:
    answer = client.post(WORKFLOWS, content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["field_errors"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", WORKFLOWS, 405), ("GET", WORKFLOWS + "?limit=0", 400)],
)
def test_framework_errors_are_problems(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)


def test_body_above_the_limit_is_413(client: TestClient) -> None:
    answer = client.post(WORKFLOWS, content=b" " * (MAX_BODY + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


def test_service_lives_without_database(down: TestClient) -> None:
    assert down.get("/health/live").status_code == 200
    for path in ("/health", "/health/ready", WORKFLOWS):
        assert down.get(path).status_code == 503


def test_health_needs_no_token(client: TestClient) -> None:
    client.headers.pop("Authorization")
    assert client.get("/health").json() == {"status": "healthy", "database": "connected"}
    assert "datastorage_workflow_creates" in client.get("/metrics").text


def test_readiness_names_a_kubeconfig_that_came_malformed(
    database_url: str, tmp_path: Path
) -> None:
    config = tmp_path / "kubeconfig"
    auth = AuthSettings.model_validate({"kubeconfig": config})
    with TestClient(
        create_app(Settings.model_validate({"database_url": database_url}), auth)
    ) as client:
        while client.get("/health").status_code != 200:
            pass
        missing = client.get("/health/ready")
        config.write_text("{")
        malformed = client.get("/health/ready")

    assert (missing.status_code, malformed.status_code) == (503, 503)
    assert f"{config}: No such file" in missing.json()["detail"]
    assert f"{config}: is not valid YAML" in malformed.json()["detail"]
