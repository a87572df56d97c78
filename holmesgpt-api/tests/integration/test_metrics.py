"""What HAPI counts, read where Prometheus reads it."""

from collections.abc import Mapping
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, Service, incident, recovery
from prometheus_client.parser import text_string_to_metric_families

pytestmark = [pytest.mark.integration, pytest.mark.metrics]

TOTAL = "holmesgpt_api_investigations_total"
COUNT = "holmesgpt_api_investigations_duration_seconds_count"
SUM = "holmesgpt_api_investigations_duration_seconds_sum"
Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def samples(service: Service) -> Samples:
    """Every sample that a service shows now."""
    response = service.get("/metrics")
    assert response.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> float:
    """The sample with these labels; one that was never counted is 0."""
    return found.get((name, frozenset(labels.items())), 0.0)


def total(found: Samples, kind: str) -> float:
    """All analyses of a kind, however they ended."""
    return sum(
        v for (name, labels), v in found.items() if name == TOTAL and ("kind", kind) in labels
    )


def analyze(hapi: Hapi, kind: str, signal: str) -> dict[str, Any]:
    """One analysis of the kind."""
    if kind == "incident":
        return hapi.analyze_incident(incident(signal))
    return hapi.analyze_recovery(recovery(signal))


# Other tests call HAPI meanwhile, so that counters grow by one at least.


@pytest.mark.parametrize("kind", ["incident", "recovery"])
def test_successful_analysis_is_counted(hapi: Hapi, kind: str) -> None:
    before = samples(hapi)
    answer = analyze(hapi, kind, "CrashLoopBackOff")
    after = samples(hapi)

    assert answer["needs_human_review"] is False
    labels = {"kind": kind, "status": "success"}
    assert of(after, TOTAL, **labels) >= of(before, TOTAL, **labels) + 1


@pytest.mark.parametrize("kind", ["incident", "recovery"])
def test_every_analysis_has_a_duration(hapi: Hapi, kind: str) -> None:
    before = samples(hapi)
    analyze(hapi, kind, "CrashLoopBackOff")
    after = samples(hapi)

    assert of(after, COUNT, kind=kind) >= of(before, COUNT, kind=kind) + 1
    assert of(after, SUM, kind=kind) > of(before, SUM, kind=kind)
    assert of(after, COUNT, kind=kind) == total(after, kind)


@pytest.mark.parametrize("kind", ["incident", "recovery"])
def test_answer_for_a_person_is_counted_apart(hapi: Hapi, kind: str) -> None:
    before = samples(hapi)
    answer = analyze(hapi, kind, "MOCK_NO_WORKFLOW_FOUND")
    after = samples(hapi)

    assert answer["needs_human_review"] is True
    labels = {"kind": kind, "status": "needs_review"}
    assert of(after, TOTAL, **labels) >= of(before, TOTAL, **labels) + 1


def test_failed_analysis_is_counted_as_error(hapi: Hapi) -> None:
    before = samples(hapi)
    response = hapi.post("/api/v1/recovery/analyze", recovery("MOCK_LLM_ERROR_401"))
    after = samples(hapi)

    assert response.status_code == 502
    labels = {"kind": "recovery", "status": "error"}
    assert of(after, TOTAL, **labels) >= of(before, TOTAL, **labels) + 1


def test_requests_to_the_llm_are_counted(hapi: Hapi) -> None:
    before = samples(hapi)
    answer = hapi.analyze_recovery(recovery("CrashLoopBackOff"))
    after = samples(hapi)

    name = "holmesgpt_api_llm_calls_total"
    assert answer["metadata"]["llm_calls"] == 2
    assert of(after, name) >= of(before, name) + 2


def test_each_service_counts_in_a_registry_of_its_own(hapi: Hapi, datastorage: DataStorage) -> None:
    own = {name for name, _ in samples(hapi) if name.startswith("holmesgpt_api_")}
    others = {name for name, _ in samples(datastorage) if name.startswith("datastorage_")}

    assert "holmesgpt_api_llm_calls_total" in own
    assert others
    assert own.isdisjoint({name for name, _ in samples(datastorage)})
    assert others.isdisjoint({name for name, _ in samples(hapi)})
