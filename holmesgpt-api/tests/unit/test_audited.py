from typing import Any

import pytest
from holmesgpt_api.audited import audited_answer

ANSWER: dict[str, Any] = {
    "incident_id": "inc-1",
    "analysis": "memory",
    "timestamp": "2026-01-02T03:04:05Z",
    "root_cause_analysis": {
        "summary": "s",
        "severity": "high",
        "contributing_factors": ["f"],
        "affectedResource": {"kind": "Pod"},
    },
    "confidence": 0.9,
    "selected_workflow": {"workflow_id": "w", "rationale": "r", "parameters": {}, "confidence": 1},
    "needs_human_review": False,
    "target_in_owner_chain": True,
    "warnings": [],
    "alternative_workflows": [{"workflow_id": "w2", "confidence": 0.1, "rationale": "r"}],
    "validation_attempts_history": [{"attempt": 1}],
}


def test_only_the_documented_part_is_kept() -> None:
    kept = audited_answer(ANSWER)

    assert "validation_attempts_history" not in kept
    assert kept["root_cause_analysis"].keys() == {"summary", "severity", "contributing_factors"}
    assert kept["selected_workflow"].keys() == {"workflow_id", "confidence", "parameters"}
    assert kept["alternative_workflows"] == [{"workflow_id": "w2", "rationale": "r"}]
    assert kept["analysis"] == "memory"


@pytest.mark.parametrize(
    ("reason", "readable"), [("low_confidence", True), ("rca_incomplete", False)]
)
def test_a_reason_that_clients_cannot_read_stands_beside_the_field(
    reason: str, readable: bool
) -> None:
    kept = audited_answer(ANSWER | {"human_review_reason": reason})

    assert kept["review_reason"] == reason
    assert kept.get("human_review_reason") == (reason if readable else None)
