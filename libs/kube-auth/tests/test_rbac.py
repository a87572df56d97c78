"""deploy/rbac grants what the contracts ask for, and no more."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
CLIENT_VERBS = {"create", "get", "update"}
CLIENT = {"kind": "ServiceAccount", "name": "holmesgpt-api-e2e-sa"}
CONTRACTS = ["datastorage", "holmesgpt-api"]


def objects(kind: str) -> list[dict[str, Any]]:
    files = sorted((ROOT / "deploy" / "rbac").glob("*.yaml"))
    assert files, "deploy/rbac has no manifests"
    documents = (entry for file in files for entry in yaml.safe_load_all(file.read_text()))
    return [entry for entry in documents if entry and entry["kind"] == kind]


def bound(kind: str, account: str) -> list[dict[str, Any]]:
    """Bindings of a ServiceAccount of the suite's namespace."""
    return [
        binding
        for binding in objects(kind)
        for subject in binding["subjects"]
        if subject["kind"] == "ServiceAccount"
        and subject["name"] == account
        and subject["namespace"] == "holmesgpt-api-e2e"
    ]


def rules(account: str) -> list[dict[str, Any]]:
    names = [binding["roleRef"]["name"] for binding in bound("RoleBinding", account)]
    roles = {role["metadata"]["name"]: role for role in objects("Role")}
    return [rule for name in names for rule in roles[name]["rules"]]


def authorization(contract: str) -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "api" / f"{contract}.yaml").read_text())
    section: dict[str, Any] = document["info"]["x-kubernetes-authorization"]
    return section


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_test_client_has_exactly_the_verbs_of_the_contract(contract: str) -> None:
    section = authorization(contract)
    granted = [
        verb
        for rule in rules(CLIENT["name"])
        if section["resourceName"] in rule["resourceNames"]
        for verb in rule["verbs"]
    ]

    assert sorted(granted) == sorted(set(section["verbs"].values()) & CLIENT_VERBS)


def test_the_test_client_has_no_right_on_anything_else() -> None:
    names = {authorization(contract)["resourceName"] for contract in CONTRACTS}

    for rule in rules(CLIENT["name"]):
        assert (rule["apiGroups"], rule["resources"]) == ([""], ["services"])
        assert set(rule["resourceNames"]) <= names
    assert bound("ClusterRoleBinding", CLIENT["name"]) == []


@pytest.mark.parametrize("account", ["data-storage-sa", "holmesgpt-api-sa"])
def test_each_service_may_create_reviews(account: str) -> None:
    roles = [binding["roleRef"]["name"] for binding in bound("ClusterRoleBinding", account)]

    assert roles == ["system:auth-delegator"]


def test_the_account_without_access_is_bound_to_nothing() -> None:
    assert "no-access-sa" in [entry["metadata"]["name"] for entry in objects("ServiceAccount")]
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        assert bound(kind, "no-access-sa") == []
