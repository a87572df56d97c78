"""`recovery_analysis`, from which the AIAnalysis controller fills its recovery status."""

import json
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import Hapi, recovery

pytestmark = [pytest.mark.integration, pytest.mark.recovery]


def assessment(answer: dict[str, Any]) -> dict[str, Any]:
    """What became of the previous attempt."""
    found: dict[str, Any] = answer["recovery_analysis"]["previous_attempt_assessment"]
    return found


def test_recovery_analysis_is_nested_in_the_answer(hapi: Hapi) -> None:
    answer = hapi.analyze_recovery(recovery("OOMKilled"))

    assert set(answer["recovery_analysis"]) == {"previous_attempt_assessment"}
    for name in ("state_changed", "current_signal_type", "failure_understood"):
        assert name not in answer
        assert name not in answer["recovery_analysis"]


def test_assessment_has_its_four_fields(hapi: Hapi) -> None:
    assert set(assessment(hapi.analyze_recovery(recovery("OOMKilled")))) == {
        "failure_understood",
        "failure_reason_analysis",
        "state_changed",
        "current_signal_type",
    }


def test_fields_have_the_types_of_the_status(hapi: Hapi) -> None:
    found = assessment(hapi.analyze_recovery(recovery("CrashLoopBackOff")))

    assert found["failure_understood"] is True
    assert isinstance(found["failure_reason_analysis"], str)
    assert found["state_changed"] is False
    assert found["current_signal_type"] == "CrashLoopBackOff"


def test_reason_of_the_failure_is_a_sentence(hapi: Hapi) -> None:
    reason = assessment(hapi.analyze_recovery(recovery("OOMKilled")))["failure_reason_analysis"]

    assert "not enough" in reason
    assert len(reason) > 20


@pytest.mark.parametrize(
    ("signal", "changed"), [("MOCK_NOT_REPRODUCIBLE", True), ("NetworkPartition", False)]
)
def test_state_has_changed_only_when_the_problem_is_gone(
    hapi: Hapi, signal: str, changed: bool
) -> None:
    answer = hapi.analyze_recovery(recovery(signal))

    assert assessment(answer)["state_changed"] is changed
    assert answer["can_recover"] is not changed


def test_answer_survives_json_without_nulls(hapi: Hapi) -> None:
    answer = hapi.analyze_recovery(recovery("OOMKilled"))

    text = json.dumps(answer, allow_nan=False)
    assert json.loads(text) == answer
    assert "null" not in text


@pytest.mark.parametrize("signal", ["MOCK_NO_WORKFLOW_FOUND", "MOCK_RCA_INCOMPLETE"])
def test_failure_is_assessed_also_when_a_person_must_look(hapi: Hapi, signal: str) -> None:
    answer = hapi.analyze_recovery(recovery(signal))

    assert answer["needs_human_review"] is True
    assert assessment(answer)["failure_understood"] is True
