"""Which filters a search is sent with."""

import subprocess
import sys
from typing import Any

import pytest
from holmesgpt_api.catalog import SearchContext, search_filters


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"query": "OOMKilled critical memory"}, ("OOMKilled", "critical", "pod", "P0")),
        ({"query": "OOMKilled"}, ("OOMKilled", "high", "pod", "P1")),
        (
            {"query": "A low", "rca_resource": {"kind": "ReplicaSet", "signal_type": "B"}},
            ("B", "low", "deployment", "P3"),
        ),
    ],
)
def test_filters_come_from_the_query_when_nothing_is_known(
    arguments: dict[str, Any], expected: tuple[str, ...]
) -> None:
    filters = search_filters(arguments, SearchContext("rem"))
    names = ("signal_type", "severity", "component", "priority")
    assert tuple(filters[name] for name in names) == expected
    assert filters["environment"] == "production"


def test_the_namespace_hints_at_the_environment() -> None:
    context = SearchContext("rem", environment="unknown", namespace="shop-staging")
    assert search_filters({"query": "A"}, context)["environment"] == "staging"


def test_detected_labels_are_left_out_for_another_resource() -> None:
    context = SearchContext("rem", kind="Pod", namespace="a", detected_labels={"stateful": True})
    same = {"rca_resource": {"kind": "pod", "namespace": "a"}}
    other = {"rca_resource": {"kind": "Node", "namespace": ""}}
    assert search_filters(same, context)["detected_labels"] == {"stateful": True}
    assert "detected_labels" not in search_filters(other, context)


@pytest.mark.parametrize(
    ("cause", "described"),
    [
        ({"kind": "deployment", "namespace": "a", "name": "api"}, True),
        ({"kind": "Deployment", "name": "api"}, True),
        ({"kind": "Deployment", "namespace": "a", "name": "database"}, False),
        ({"kind": "Deployment", "namespace": "b", "name": "api"}, False),
        ({"kind": "Node", "namespace": "", "name": "node"}, True),
    ],
)
def test_detected_labels_describe_the_owners_too(cause: dict[str, str], described: bool) -> None:
    owners = ({"kind": "Deployment", "name": "api"}, {"kind": "Node", "name": "node"})
    context = SearchContext(
        "rem", kind="Pod", namespace="a", owner_chain=owners, detected_labels={"stateful": True}
    )
    assert ("detected_labels" in search_filters({"rca_resource": cause}, context)) is described


def test_labels_whose_detection_failed_are_not_searched_for() -> None:
    labels = {"stateful": True, "failedDetections": ["stateful"]}
    context = SearchContext("rem", kind="Pod", namespace="a", detected_labels=labels)
    assert "detected_labels" not in search_filters({}, context)


def test_the_catalogue_is_searched_without_the_sdk() -> None:
    """Test workers call the tool, and the SDK takes seconds to import."""
    check = (
        "import sys, holmesgpt_api.catalog, holmesgpt_api.prompts; print('holmes' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
