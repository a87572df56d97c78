"""Every operation of both contracts, against the services themselves, is guarded as it says."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from datastorage.app import create_app as create_datastorage
from datastorage.settings import Settings as DataStorageSettings
from holmesgpt_api.app import create_app as create_hapi
from holmesgpt_api.settings import Settings as HapiSettings
from kube_auth import AuthSettings, Identity

ROOT = Path(__file__).parents[3]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
UNREVIEWED = {401, 403, 404, 405}
ABSENT = {"DELETE", "PUT", "OPTIONS", "HEAD", "TRACE", "BREW", "get"}
Call = Callable[..., list[Any]]
Operation = tuple[str, str, str]


class OneRightReviewer:
    """Knows two callers: one may do what `right` says, the other nothing."""

    def __init__(self) -> None:
        self.right: Mapping[str, str] = {}

    async def review_token(self, token: str) -> Identity | None:
        return Identity(token) if token in ("able", "powerless") else None

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        return identity.username == "able" and self.right.items() <= attributes.items()

    async def aclose(self) -> None:
        """Nothing to close."""

    def not_ready(self) -> str | None:
        return None


def operations(*, exempt: bool) -> Iterator[Operation]:
    """Read here without kube-auth, which is what is tested."""
    for file in sorted((ROOT / "api").glob("*.yaml")):
        document = yaml.safe_load(file.read_text())
        for path, item in document["paths"].items():
            for method in METHODS & item.keys():
                if (item[method].get("security") == []) == exempt:
                    yield file.stem, method.upper(), re.sub(r"\{\w+\}", "some-id", path)


GUARDED, OPEN = sorted(operations(exempt=False)), sorted(operations(exempt=True))
HEADERS: dict[str, list[tuple[bytes, bytes]]] = {
    "no-token": [],
    "basic": [(b"authorization", b"Basic abc")],
    "unknown": [(b"authorization", b"Bearer unknown")],
    "twice": [(b"authorization", b"Bearer able")] * 2,
}
ABLE, POWERLESS = (b"authorization", b"Bearer able"), (b"authorization", b"Bearer powerless")


@pytest.fixture(scope="module")
def reviewer() -> OneRightReviewer:
    return OneRightReviewer()


@pytest.fixture(scope="module")
def services(
    reviewer: OneRightReviewer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    datastorage = DataStorageSettings.model_validate({"database_url": "host=none dbname=none"})
    hapi = HapiSettings.model_validate(
        {
            "data_storage_url": "http://none",
            "llm_endpoint": "http://none",
            # One process at a time uses an outbox.
            "outbox_path": tmp_path_factory.mktemp("outbox"),
        }
    )
    auth = AuthSettings.model_validate({"KUBE_AUTH_REFUSALS_PER_SECOND": 0})
    return {
        "datastorage": create_datastorage(datastorage, auth, reviewer),
        "holmesgpt-api": create_hapi(hapi, reviewer=reviewer),
    }


def ask(call: Call, app: Any, method: str, path: str, headers: Any) -> int:
    sent = call(
        app,
        method=method,
        path=path,
        headers=headers,
        query_string=b"",
        server=("service", 80),
        raw_path=path.encode(),
    )
    return int(sent[0]["status"])


def test_both_contracts_have_operations() -> None:
    assert {contract for contract, _, _ in GUARDED} == {"datastorage", "holmesgpt-api"}
    assert {contract for contract, _, _ in OPEN} == {"datastorage", "holmesgpt-api"}
    assert len(GUARDED) >= 13


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("operation", GUARDED, ids=" ".join)
def test_without_a_good_token_it_is_401(
    call: Call, services: dict[str, Any], operation: Operation, headers: Any
) -> None:
    contract, method, path = operation

    assert ask(call, services[contract], method, path, headers) == 401


@pytest.mark.parametrize("operation", GUARDED, ids=" ".join)
def test_with_a_token_without_rights_it_is_403(
    call: Call, services: dict[str, Any], operation: Operation
) -> None:
    contract, method, path = operation

    assert ask(call, services[contract], method, path, [POWERLESS]) == 403


@pytest.mark.parametrize("operation", GUARDED, ids=" ".join)
def test_with_its_right_it_reaches_an_endpoint_and_with_another_it_is_403(
    call: Call, services: dict[str, Any], reviewer: OneRightReviewer, operation: Operation
) -> None:
    contract, method, path = operation
    item = yaml.safe_load((ROOT / "api" / f"{contract}.yaml").read_text())["paths"]
    [template] = [one for one in item if re.sub(r"\{\w+\}", "some-id", one) == path]
    verb = item[template][method.lower()]["x-kubernetes-authorization"]["verb"]

    reviewer.right = {"verb": verb}
    assert ask(call, services[contract], method, path, [ABLE]) not in UNREVIEWED - {404}
    reviewer.right = {"verb": "another"}
    assert ask(call, services[contract], method, path, [ABLE]) == 403


@pytest.mark.parametrize("operation", OPEN, ids=" ".join)
def test_an_open_one_needs_no_token(
    call: Call, services: dict[str, Any], operation: Operation
) -> None:
    contract, method, path = operation

    assert ask(call, services[contract], method, path, []) not in UNREVIEWED


@pytest.mark.parametrize("method", sorted(ABSENT))
@pytest.mark.parametrize("operation", GUARDED, ids=" ".join)
def test_another_method_reaches_nothing(
    call: Call, services: dict[str, Any], operation: Operation, method: str
) -> None:
    contract, _, path = operation

    assert ask(call, services[contract], method, path, [ABLE]) == 405
    assert ask(call, services[contract], method, path, []) == 401


@pytest.mark.parametrize("contract", ["datastorage", "holmesgpt-api"])
@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc", "/nowhere", "/", "/api/v1"])
def test_what_no_contract_has_reaches_nothing(
    call: Call, services: dict[str, Any], contract: str, path: str
) -> None:
    assert ask(call, services[contract], "GET", path, [ABLE]) == 404
    assert ask(call, services[contract], "GET", path, []) == 401


@pytest.mark.parametrize("contract", ["datastorage", "holmesgpt-api"])
def test_an_application_has_no_guarded_route_that_its_contract_lacks(
    services: dict[str, Any], contract: str
) -> None:
    info = yaml.safe_load((ROOT / "api" / f"{contract}.yaml").read_text())["info"]
    exempt = info["x-kubernetes-authorization"]["exempt"]
    described = {(method, path) for name, method, path in GUARDED if name == contract}
    routes = {
        (method, re.sub(r"\{\w+\}", "some-id", route.path))
        for route in services[contract].routes
        for method in route.methods
        if route.path not in exempt
    }

    assert routes == described
