"""What of an answer stands in the audit trail: its documented part, not the whole."""

from typing import Any

MEMBERS = (
    "incident_id",
    "analysis",
    "confidence",
    "timestamp",
    "needs_human_review",
    "human_review_reason",
    "target_in_owner_chain",
    "warnings",
)
ROOT_CAUSE = ("summary", "severity", "contributing_factors")
WORKFLOW = ("workflow_id", "container_image", "confidence", "parameters")
ALTERNATIVE = ("workflow_id", "rationale")
# Reasons that clients of the audit trail do not know; `review_reason` has every one.
UNLISTED = ("investigation_inconclusive", "rca_incomplete")


def response_data(answer: dict[str, Any]) -> dict[str, Any]:
    """The projection of an incident's answer."""
    data = _only(answer, MEMBERS)
    data["root_cause_analysis"] = _only(answer["root_cause_analysis"], ROOT_CAUSE)
    data["alternative_workflows"] = [
        _only(alternative, ALTERNATIVE) for alternative in answer["alternative_workflows"]
    ]
    if "selected_workflow" in answer:
        data["selected_workflow"] = _only(answer["selected_workflow"], WORKFLOW)
    if reason := data.get("human_review_reason"):
        data["review_reason"] = reason
        if reason in UNLISTED:
            del data["human_review_reason"]
    return data


def _only(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
