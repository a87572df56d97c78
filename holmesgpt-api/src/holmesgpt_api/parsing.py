"""Reads the LLM's final answer."""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from holmesgpt_api.models import (
    AlternativeWorkflow,
    HumanReviewReason,
    PreviousAttemptAssessment,
    RecoveryAnalysis,
    RootCauseAnalysis,
    SelectedWorkflow,
)

FENCE = "```"
# Deeper than any answer that was asked for, and within what can be written again.
DEEPEST = 32


class UnparsableAnswerError(Exception):
    """The answer is not what was asked for; the message tells the LLM why."""


def _share(value: Any) -> float:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError("must be a number between 0 and 1")  # pydantic's protocol
    # An integer beyond all floats compares well and converts badly.
    number = float(value or 0.0) if isinstance(value, str) else value
    if not 0 <= number <= 1:
        raise ValueError("must be between 0 and 1")
    return float(number)


Share = Annotated[float, BeforeValidator(_share)]


# What the contract promises to callers, the LLM may leave out.


class RootCause(RootCauseAnalysis):
    """Why it happened."""

    severity: str = "unknown"
    contributing_factors: list[str] = Field(default_factory=list)


class Choice(SelectedWorkflow):
    """The workflow that the LLM chose."""

    confidence: Share
    parameters: dict[str, Any] = Field(default_factory=dict)


class Alternative(AlternativeWorkflow):
    """A workflow that the LLM considered."""

    confidence: Share = 0.0
    rationale: str = ""


class Assessment(PreviousAttemptAssessment):
    """What became of the previous attempt."""

    failure_understood: bool = False
    failure_reason_analysis: str = ""
    state_changed: bool = False


class Recovery(RecoveryAnalysis):
    """The recovery part of an answer."""

    previous_attempt_assessment: Assessment


class Answer(BaseModel):
    """The LLM's final answer."""

    model_config = ConfigDict(extra="ignore")

    root_cause_analysis: RootCause
    selected_workflow: Choice | None = None
    alternative_workflows: list[Alternative] = []
    confidence: Share | None = None
    investigation_outcome: Literal["actionable", "resolved", "inconclusive"] = "actionable"
    recovery_analysis: Recovery | None = None
    can_recover: bool | None = None
    needs_human_review: bool | None = None
    human_review_reason: HumanReviewReason | None = None
    warnings: list[str] = []

    def overall_confidence(self) -> float:
        """The answer's confidence, else its workflow's, else none."""
        if self.confidence is not None:
            return self.confidence
        return self.selected_workflow.confidence if self.selected_workflow else 0.0


def parse_answer(text: str) -> Answer:
    """Read the answer's JSON, fenced or bare."""
    candidates = [*reversed(list(_fenced(text))), _braces(text)]
    data = next((found for found in map(_object, candidates) if found is not None), None)
    if data is None:
        raise UnparsableAnswerError("the answer holds no JSON object")
    try:
        return Answer.model_validate({k: v for k, v in data.items() if not _absent(k, v)})
    except ValidationError as error:
        messages = (
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        )
        raise UnparsableAnswerError("; ".join(messages)) from error


def _absent(name: str, value: Any) -> bool:
    return value is None or (name == "selected_workflow" and not value)


def _fenced(text: str) -> Iterator[str]:
    """What stands between pairs of fences; linear in the text, as no pattern would be."""
    pieces = text.split(FENCE)
    for piece in pieces[1:-1]:
        first, _, rest = piece.partition("\n")
        if first.strip() in ("", "json"):
            yield rest


def _braces(text: str) -> str:
    return text[text.find("{") : text.rfind("}") + 1]


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object; None for what is none or cannot be written as JSON again."""
    try:
        data = from_json(text, allow_inf_nan=False)
    except ValueError:
        return None
    return data if isinstance(data, dict) and _writable(data, DEEPEST) else None


def _writable(value: Any, depth: int) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if not isinstance(value, list | dict):
        return True
    items = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_writable(item, depth - 1) for item in items)
