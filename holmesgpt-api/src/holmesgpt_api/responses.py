"""Responses made of findings: outcome, review reason and warnings."""

from holmesgpt_api.analysis import Finding, now
from holmesgpt_api.models import (
    AlternativeWorkflow,
    HumanReviewReason,
    IncidentRequest,
    IncidentResponse,
    PreviousAttemptAssessment,
    RecoveryAnalysis,
    RecoveryRequest,
    RecoveryResponse,
    RecoveryStrategy,
    RootCauseAnalysis,
)
from holmesgpt_api.parsing import Answer

WARNINGS: dict[HumanReviewReason, str] = {
    "workflow_not_found": "The selected workflow is not in the catalog.",
    "image_mismatch": "The selected workflow's image differs from the catalog's.",
    "parameter_validation_failed": "The selected workflow's parameters are not valid.",
    "no_matching_workflows": "No workflow matches this incident.",
    "llm_parsing_error": "The LLM gave no answer that could be read.",
    "investigation_inconclusive": "The investigation is inconclusive.",
    "rca_incomplete": "The analysis names no resource to act on.",
}
RESOLVED = "The problem is resolved; no workflow is needed."
UNREADABLE = "The analysis failed: the LLM gave no answer that could be read."


def review_reason(finding: Finding) -> HumanReviewReason | None:
    """Why a human must look at this; None when nobody has to."""
    answer = finding.answer
    if finding.reason is not None or answer is None:
        return finding.reason or "llm_parsing_error"
    if answer.investigation_outcome == "resolved":
        return None
    # What the LLM says of the need for review wins, except that it cannot wave through
    # an answer that holds nothing to act on.
    if answer.needs_human_review and answer.human_review_reason:
        return answer.human_review_reason
    if answer.investigation_outcome == "inconclusive":
        return "investigation_inconclusive"
    if finding.workflow is None:
        return "no_matching_workflows"
    if answer.root_cause_analysis.affectedResource is None:
        return "rca_incomplete"
    return None


def _warnings(finding: Finding, reason: HumanReviewReason | None) -> list[str]:
    warnings = list(finding.answer.warnings) if finding.answer else []
    if reason in WARNINGS:
        warnings.append(WARNINGS[reason])
    if finding.answer and finding.answer.investigation_outcome == "resolved":
        warnings.append(RESOLVED)
    return warnings


def _confidence(answer: Answer | None) -> float:
    return answer.overall_confidence() if answer else 0.0


def incident_response(request: IncidentRequest, finding: Finding) -> IncidentResponse:
    """The answer to an incident request."""
    answer = finding.answer
    reason = review_reason(finding)
    return IncidentResponse(
        incident_id=request.incident_id,
        analysis=answer.root_cause_analysis.summary if answer else UNREADABLE,
        timestamp=now(),
        root_cause_analysis=_root_cause(request, answer),
        confidence=_confidence(answer),
        needs_human_review=reason is not None,
        human_review_reason=reason,
        target_in_owner_chain=True,
        selected_workflow=finding.workflow,
        warnings=_warnings(finding, reason),
        alternative_workflows=_alternatives(answer),
        validation_attempts_history=finding.attempts,
    )


def _root_cause(request: IncidentRequest, answer: Answer | None) -> RootCauseAnalysis:
    if answer is not None:
        return answer.root_cause_analysis
    return RootCauseAnalysis(summary=UNREADABLE, severity=request.severity, contributing_factors=[])


def _alternatives(answer: Answer | None) -> list[AlternativeWorkflow]:
    return list(answer.alternative_workflows) if answer else []


def recovery_response(request: RecoveryRequest, finding: Finding) -> RecoveryResponse:
    """The answer to a recovery request."""
    answer = finding.answer
    reason = review_reason(finding)
    return RecoveryResponse(
        incident_id=request.incident_id,
        can_recover=_can_recover(finding),
        analysis_confidence=_confidence(answer),
        strategies=_strategies(finding),
        primary_recommendation=finding.workflow.workflow_id if finding.workflow else None,
        warnings=_warnings(finding, reason),
        metadata={"llm_calls": finding.llm_calls, "attempts": len(finding.attempts)},
        selected_workflow=finding.workflow,
        recovery_analysis=_recovery_analysis(request, answer),
        needs_human_review=reason is not None,
        human_review_reason=reason,
        alternative_workflows=_alternatives(answer),
    )


def _can_recover(finding: Finding) -> bool:
    if finding.answer is None or finding.reason is not None:
        return False
    if finding.answer.can_recover is not None:
        return finding.answer.can_recover
    return finding.workflow is not None


def _strategies(finding: Finding) -> list[RecoveryStrategy]:
    chosen = finding.workflow
    if chosen is None:
        return []
    action = chosen.title or chosen.workflow_id
    return [
        RecoveryStrategy(
            action_type=action,
            confidence=chosen.confidence,
            rationale=chosen.rationale,
            estimated_risk="medium",
            prerequisites=[],
        )
    ]


def _recovery_analysis(request: RecoveryRequest, answer: Answer | None) -> RecoveryAnalysis | None:
    if answer is None:
        return None
    if answer.recovery_analysis is not None:
        return answer.recovery_analysis
    if request.previous_execution is None:
        return None
    # The assessment is part of the contract whenever there was a previous attempt.
    assessment = PreviousAttemptAssessment(
        failure_understood=False,
        failure_reason_analysis=request.previous_execution.failure.message,
        state_changed=False,
    )
    return RecoveryAnalysis(previous_attempt_assessment=assessment)
