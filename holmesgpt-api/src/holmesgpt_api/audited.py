"""What the audit trail keeps of an answer: DataStorage's IncidentResponseData, no more."""

from collections.abc import Mapping
from typing import Any

KEPT = (
    "incident_id",
    "analysis",
    "confidence",
    "timestamp",
    "needs_human_review",
    "target_in_owner_chain",
    "warnings",
)
ROOT_CAUSE = ("summary", "severity", "contributing_factors")
WORKFLOW = ("workflow_id", "container_image", "confidence", "parameters")
ALTERNATIVE = ("workflow_id", "rationale")
# The reasons that clients of the trail can read; review_reason has every reason.
REVIEW_REASONS = {
    "workflow_not_found",
    "image_mismatch",
    "parameter_validation_failed",
    "no_matching_workflows",
    "low_confidence",
    "llm_parsing_error",
}


def audited_answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an incident's answer that its `holmesgpt.response.complete` holds."""
    kept = _only(answer, KEPT)
    kept["root_cause_analysis"] = _only(answer["root_cause_analysis"], ROOT_CAUSE)
    if "selected_workflow" in answer:
        kept["selected_workflow"] = _only(answer["selected_workflow"], WORKFLOW)
    alternatives = answer.get("alternative_workflows", [])
    kept["alternative_workflows"] = [_only(item, ALTERNATIVE) for item in alternatives]
    reason = answer.get("human_review_reason")
    if reason is not None:
        kept["review_reason"] = reason
        if reason in REVIEW_REASONS:
            kept["human_review_reason"] = reason
    return kept


def _only(value: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value[name] for name in names if name in value}
