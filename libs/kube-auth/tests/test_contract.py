"""load_authorization: what a contract asks of callers."""

from pathlib import Path

import pytest
from kube_auth.contract import load_authorization
from kube_auth.errors import ContractError

CONTRACT = """
info:
  x-kubernetes-authorization:
    apiGroup: ""
    resource: services
    resourceName: thing
    exempt: [/health]
paths:
  /items/{id}:
    parameters: []
    get:
      x-kubernetes-authorization: {verb: get}
    delete:
      x-kubernetes-authorization: {verb: delete, resourceName: other, subresource: items}
  /metrics:
    get:
      x-kubernetes-authorization: {verb: get, nonResourceURL: /metrics}
  /health:
    get:
      security: []
"""
OBJECT = {"namespace": "ns", "group": "", "resource": "services", "name": "thing"}


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "contract.yaml"
    path.write_text(CONTRACT)
    return path


def test_each_operation_has_the_attributes_of_its_own(contract: Path) -> None:
    authorization = load_authorization(contract, "ns")

    assert authorization.exempt == {"/health"}
    assert {str(one): dict(one.attributes) for one in authorization.operations} == {
        "GET /items/{id}": {**OBJECT, "verb": "get"},
        "DELETE /items/{id}": {
            **OBJECT,
            "name": "other",
            "subresource": "items",
            "verb": "delete",
        },
        "GET /metrics": {"path": "/metrics", "verb": "get"},
    }


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("info:", "not-info:", "info is missing"),
        ("paths:", "not-paths:", "paths is missing"),
        ("  x-kubernetes-authorization:\n    api", "  x-other:\n    api", "info.x-kubernetes-auth"),
        ('    apiGroup: ""\n', "", "info.x-kubernetes-authorization.apiGroup is missing"),
        ("resource: services", "resource: 7", "info.x-kubernetes-authorization.resource is"),
        ("resourceName: thing", 'resourceName: ""', "authorization.resourceName is missing"),
        ("exempt: [/health]", "exempt: /health", "authorization.exempt is missing or not a list"),
        ("exempt: [/health]", "exempt: [/h*]", "exempt: '/h\\*' is not an exact path"),
        ("exempt: [/health]", "exempt: ['/{any}']", "exempt: '/{any}' is not an exact path"),
        (
            "x-kubernetes-authorization: {verb: get}",
            "summary: no rights",
            "paths./items/{id}.get.x-kubernetes-authorization is missing",
        ),
        ("{verb: get}", "{}", "paths./items/{id}.get.x-kubernetes-authorization.verb is missing"),
        ("{verb: get}", "{verb: get, name: x}", "get.x-kubernetes-authorization.name is unknown"),
        ("nonResourceURL: /m", "apiGroup: x, nonResourceURL: /m", "goes with a verb only"),
        ("security: []", "summary: x", "/health.get.security and info.* contradict"),
        ("exempt: [/health]", "exempt: []", "/health.get.security and info.* contradict"),
        ("parameters: []", "$ref: '#/x'", "paths./items/{id}.\\$ref is not supported"),
        ("    get:\n      x-kub", "    get: 7\n    x-kub", "paths./items/{id}.get is missing"),
    ],
)
def test_a_wrong_contract_is_an_error_that_names_file_and_field(
    contract: Path, old: str, new: str, named: str
) -> None:
    assert old in CONTRACT
    contract.write_text(CONTRACT.replace(old, new, 1))

    with pytest.raises(ContractError, match=rf"contract\.yaml: .*{named}"):
        load_authorization(contract, "ns")


def test_a_right_that_no_operation_names_ends_the_start(contract: Path) -> None:
    contract.write_text(CONTRACT + "  /forgotten:\n    post:\n      summary: new\n")

    with pytest.raises(ContractError, match=r"paths\./forgotten\.post\.x-kubernetes"):
        load_authorization(contract, "ns")


@pytest.mark.parametrize("text", ["", "[]", "{", "info: 1", "\x00"])
def test_a_malformed_contract_is_an_error(contract: Path, text: str) -> None:
    contract.write_text(text)

    with pytest.raises(ContractError, match=r"contract\.yaml"):
        load_authorization(contract, "ns")


def test_a_missing_contract_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read"):
        load_authorization(tmp_path / "none.yaml", "ns")
