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
    verbs: {POST: create, GET: get}
    exempt: [/health]
"""


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "contract.yaml"
    path.write_text(CONTRACT)
    return path


def test_a_method_gets_the_attributes_of_its_verb(contract: Path) -> None:
    authorization = load_authorization(contract, "ns")

    assert authorization.exempt == {"/health"}
    assert authorization.attributes("POST") == {
        "namespace": "ns",
        "group": "",
        "resource": "services",
        "name": "thing",
        "verb": "create",
    }


@pytest.mark.parametrize("method", ["DELETE", "post", "HEAD", ""])
def test_a_method_without_a_verb_has_no_attributes(contract: Path, method: str) -> None:
    assert load_authorization(contract, "ns").attributes(method) is None


@pytest.mark.parametrize(
    "field", ["info", "x-kubernetes-authorization", "apiGroup", "resource", "verbs", "exempt"]
)
def test_a_missing_field_is_named(contract: Path, field: str) -> None:
    contract.write_text(CONTRACT.replace(f"{field}:", f"not-{field}:"))

    with pytest.raises(ContractError, match=rf"contract\.yaml: .*{field}"):
        load_authorization(contract, "ns")


@pytest.mark.parametrize("text", ["", "[]", "{", "info: 1"])
def test_a_malformed_contract_is_an_error(contract: Path, text: str) -> None:
    contract.write_text(text)

    with pytest.raises(ContractError, match=r"contract\.yaml"):
        load_authorization(contract, "ns")


def test_a_missing_contract_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read"):
        load_authorization(tmp_path / "none.yaml", "ns")
