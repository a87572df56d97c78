"""What HAPI makes of an LLM that is unsure, lost, or talks nonsense."""

import pytest
from holmesgpt_api_fixtures.clients import Hapi, incident, recovery

pytestmark = [pytest.mark.e2e, pytest.mark.mock_llm]


class TestIncidentEdgeCases:
    """Incidents that need a person."""

    def test_no_workflow_found_returns_needs_human_review(self, hapi: Hapi) -> None:
        answer = hapi.analyze_incident(incident("MOCK_NO_WORKFLOW_FOUND"))

        assert answer["needs_human_review"] is True
        assert answer["human_review_reason"] == "no_matching_workflows"
        assert "selected_workflow" not in answer
        assert answer["confidence"] == 0.0
        assert answer["warnings"]

    def test_low_confidence_returns_needs_human_review(
        self, hapi: Hapi, workflow_ids: dict[str, str]
    ) -> None:
        answer = hapi.analyze_incident(incident("MOCK_LOW_CONFIDENCE", severity="critical"))

        # Whether a confidence is too low is the caller's decision, not HAPI's.
        assert answer["needs_human_review"] is False
        assert "human_review_reason" not in answer
        assert answer["confidence"] == pytest.approx(0.35)
        assert answer["selected_workflow"]["workflow_id"] == workflow_ids["generic-restart-v1"]
        assert answer["selected_workflow"]["confidence"] < 0.5
        assert [item["workflow_id"] for item in answer["alternative_workflows"]] == [
            workflow_ids["crashloop-config-fix-v1"],
            workflow_ids["oomkill-increase-memory-v1"],
        ]

    def test_max_retries_exhausted_returns_validation_history(self, hapi: Hapi) -> None:
        answer = hapi.analyze_incident(incident("MOCK_MAX_RETRIES_EXHAUSTED"))

        assert answer["needs_human_review"] is True
        assert answer["human_review_reason"] == "llm_parsing_error"
        assert "selected_workflow" not in answer
        history = answer["validation_attempts_history"]
        assert [entry["attempt"] for entry in history] == [1, 2, 3]
        for entry in history:
            assert entry["is_valid"] is False
            assert entry["errors"]
            assert entry["timestamp"]


class TestRecoveryEdgeCases:
    """Recoveries that need no workflow, or a person."""

    def test_signal_not_reproducible_returns_no_recovery(self, hapi: Hapi) -> None:
        answer = hapi.analyze_recovery(recovery("MOCK_NOT_REPRODUCIBLE"))

        assert answer["can_recover"] is False
        assert answer["needs_human_review"] is False
        assert "selected_workflow" not in answer
        assert answer["analysis_confidence"] > 0.8
        assessment = answer["recovery_analysis"]["previous_attempt_assessment"]
        assert assessment["state_changed"] is True

    def test_no_recovery_workflow_returns_human_review(self, hapi: Hapi) -> None:
        answer = hapi.analyze_recovery(recovery("MOCK_NO_WORKFLOW_FOUND"))

        assert answer["can_recover"] is True
        assert answer["needs_human_review"] is True
        assert answer["human_review_reason"] == "no_matching_workflows"
        assert "selected_workflow" not in answer

    def test_low_confidence_recovery_returns_human_review(
        self, hapi: Hapi, workflow_ids: dict[str, str]
    ) -> None:
        answer = hapi.analyze_recovery(recovery("MOCK_LOW_CONFIDENCE", severity="critical"))

        assert answer["can_recover"] is True
        # As for incidents, the caller decides.
        assert answer["needs_human_review"] is False
        assert "human_review_reason" not in answer
        assert answer["analysis_confidence"] == pytest.approx(0.35)
        assert answer["selected_workflow"]["workflow_id"] == workflow_ids["generic-restart-v1"]
        assert answer["selected_workflow"]["confidence"] < 0.5


class TestHappyPathComparison:
    """The same calls with a cooperative LLM."""

    def test_normal_incident_analysis_succeeds(
        self, hapi: Hapi, workflow_ids: dict[str, str]
    ) -> None:
        answer = hapi.analyze_incident(incident("OOMKilled", severity="critical", priority="P0"))

        assert answer["needs_human_review"] is False
        assert answer["confidence"] == pytest.approx(0.95)
        chosen = answer["selected_workflow"]["workflow_id"]
        assert chosen == workflow_ids["oomkill-increase-memory-v1"]

    def test_normal_recovery_analysis_succeeds(
        self, hapi: Hapi, workflow_ids: dict[str, str]
    ) -> None:
        answer = hapi.analyze_recovery(recovery("CrashLoopBackOff"))

        assert answer["can_recover"] is True
        assert answer["needs_human_review"] is False
        assert answer["analysis_confidence"] > 0.7
        chosen = answer["selected_workflow"]["workflow_id"]
        assert chosen == workflow_ids["crashloop-config-fix-v1"]
