"""deploy/rbac grants what the contracts ask for, and no more."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_auth import load_authorization

ROOT = Path(__file__).parents[3]
CLIENT = "holmesgpt-api-e2e-sa"
# What holmesgpt_api/datastorage.py sends.
INVESTIGATION = frozenset(
    {
        "POST /api/v1/workflows/search",
        "GET /api/v1/workflows/{workflow_id}",
        "POST /api/v1/audit/events/batch",
    }
)
Right = tuple[str, str, str, str]
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


def asked(*contracts: str, only: frozenset[str] = frozenset()) -> set[Right]:
    """The rights that the operations of contracts ask for, or only those of some of them."""
    loaded = [load_authorization(ROOT / "api" / f"{name}.yaml", "") for name in contracts]
    operations = [one for authorization in loaded for one in authorization.operations]
    assert only <= {str(one) for one in operations}, "the contract has no such operation"
    names = [one.attributes for one in operations if not only or str(one) in only]
    return {(to["group"], to["resource"], to["name"], to["verb"]) for to in names}


def granted(account: str) -> list[Right]:
    return [
        (group, resource, name, verb)
        for rule in rules(account)
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule["resourceNames"]
        for verb in rule["verbs"]
    ]


def test_the_test_client_may_do_every_operation_and_nothing_else() -> None:
    assert sorted(granted(CLIENT)) == sorted(asked(*CONTRACTS))
    assert bound("ClusterRoleBinding", CLIENT) == []


def test_an_investigation_may_do_what_it_does_and_nothing_else() -> None:
    assert sorted(granted("holmesgpt-api-sa")) == sorted(asked("datastorage", only=INVESTIGATION))


@pytest.mark.parametrize("account", ["data-storage-sa", "holmesgpt-api-sa"])
def test_each_service_may_create_reviews(account: str) -> None:
    roles = [binding["roleRef"]["name"] for binding in bound("ClusterRoleBinding", account)]

    assert roles == ["system:auth-delegator"]


def test_the_account_without_access_is_bound_to_nothing() -> None:
    assert "no-access-sa" in [entry["metadata"]["name"] for entry in objects("ServiceAccount")]
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        assert bound(kind, "no-access-sa") == []
