"""What the catalogue says can be run: each hit has its image and the image's digest."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident

pytestmark = [pytest.mark.integration, pytest.mark.catalogue]

Search = Callable[..., list[dict[str, Any]]]
OOMKILL = "oomkill-increase-memory-v1"
IMAGE = re.compile(r"[^@\s]+/[^@\s]+:[^@\s/]+")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def test_container_image_is_in_the_search_result(
    search_workflow_catalog: Search, declared: dict[str, Any]
) -> None:
    (found,) = search_workflow_catalog("OOMKilled critical", top_k=3)

    assert IMAGE.fullmatch(found["container_image"])
    assert found["container_image"] == declared[OOMKILL]["container_image"]


def test_container_digest_is_in_the_search_result(
    search_workflow_catalog: Search, declared: dict[str, Any]
) -> None:
    (found,) = search_workflow_catalog("OOMKilled critical", top_k=3)

    assert DIGEST.fullmatch(found["container_digest"])
    assert found["container_digest"] == declared[OOMKILL]["container_digest"]


def test_image_flows_from_the_catalogue_to_the_answer(
    hapi: Hapi, search_workflow_catalog: Search
) -> None:
    (found,) = search_workflow_catalog("OOMKilled critical")
    answer = hapi.analyze_incident(incident("OOMKilled", severity="critical", priority="P0"))

    names = ("workflow_id", "title", "container_image", "container_digest")
    chosen = answer["selected_workflow"]
    assert {name: chosen[name] for name in names} == {name: found[name] for name in names}


def test_image_of_every_workflow_matches_its_catalogue_entry(
    search_workflow_catalog: Search,
    datastorage: DataStorage,
    declared: dict[str, Any],
    workflow_ids: dict[str, str],
) -> None:
    assert set(declared) == set(workflow_ids)
    for name, request in declared.items():
        labels = request["labels"]
        (environment, *_) = labels["environment"]
        hits = search_workflow_catalog(
            f"{labels['signal_type']} {labels['severity']}",
            kind=labels["component"],
            environment="test" if environment == "*" else environment,
            priority=labels["priority"],
        )
        (found,) = [hit for hit in hits if hit["workflow_id"] == workflow_ids[name]]
        stored = datastorage.workflow(workflow_ids[name])
        for field in ("container_image", "container_digest"):
            assert found[field] == stored[field] == request[field], name


def test_direct_search_returns_image_and_digest(
    datastorage: DataStorage, workflow_ids: dict[str, str]
) -> None:
    filters = {
        "signal_type": "OOMKilled",
        "severity": "critical",
        "component": "pod",
        "environment": "production",
        "priority": "P0",
    }

    answer = datastorage.search(filters, top_k=3)

    (found,) = answer["workflows"]
    assert answer["total_results"] == 1
    assert found["workflow_id"] == workflow_ids[OOMKILL]
    assert IMAGE.fullmatch(found["container_image"])
    assert DIGEST.fullmatch(found["container_digest"])
