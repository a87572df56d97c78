"""One analysis: investigate, read, validate, and correct at most twice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from holmesgpt_api.audit import Outcome, Trail, preview
from holmesgpt_api.catalog import TOOL_NAME, CatalogSearch, SearchContext
from holmesgpt_api.datastorage import DataStorageClient
from holmesgpt_api.engine import (
    Cancellation,
    Engine,
    EngineResult,
    Investigation,
    Message,
)
from holmesgpt_api.models import (
    HumanReviewReason,
    IncidentRequest,
    RecoveryRequest,
    SelectedWorkflow,
    ValidationAttempt,
)
from holmesgpt_api.parsing import Answer, UnparsableAnswerError, parse_answer
from holmesgpt_api.prompts import correction, first_messages
from holmesgpt_api.validation import Lookup, validate

MAX_ATTEMPTS = 3
Request = IncidentRequest | RecoveryRequest


@dataclass
class Finding:
    """What the attempts came to; `answer` is None when none could be read."""

    text: str = ""
    answer: Answer | None = None
    workflow: SelectedWorkflow | None = None
    reason: HumanReviewReason | None = None
    attempts: list[ValidationAttempt] = field(default_factory=list)
    llm_calls: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class _Step:
    """One attempt's outcome; errors are for the LLM to correct."""

    errors: list[str]
    answer: Answer | None = None
    workflow: SelectedWorkflow | None = None
    reason: HumanReviewReason | None = None


class Analyzer:
    """Analyzes requests in the calling thread, with the engine and the catalogue."""

    def __init__(self, engine: Engine, client: DataStorageClient, model: str) -> None:
        self._engine = engine
        self._client = client
        self._model = model

    def analyze(
        self,
        request: Request,
        trail: Trail,
        cancellation: Cancellation,
        request_id: str | None = None,
    ) -> Finding:
        """Investigate until an answer is usable or the attempts are used up."""
        context = SearchContext.of(request, request_id)
        search = CatalogSearch(self._client, context, cancellation)
        finding = Finding()
        messages = first_messages(request)

        def lookup(workflow_id: str) -> dict[str, Any] | None:
            return self._client.workflow(workflow_id, cancellation.remaining(), request_id)

        for number in range(1, MAX_ATTEMPTS + 1):
            self._note_request(trail, messages)
            result = self._engine.investigate(
                Investigation(messages, search, cancellation, request.remediation_id, request_id)
            )
            step = judge(result.text, lookup)
            _note_result(trail, result, has_analysis=step.answer is not None)
            _record(finding, step, result, number)
            _note_attempt(trail, finding.attempts[-1], step.reason)
            if not step.errors:
                break
            messages = correction(result.messages, result.text, step.errors)
        return finding

    def _note_request(self, trail: Trail, messages: list[Message]) -> None:
        prompt = "\n".join(str(message.get("content") or "") for message in messages)
        data = {
            "model": self._model,
            "prompt_length": len(prompt),
            "prompt_preview": preview(prompt),
            "toolsets_enabled": ["workflow/catalog"],
            "mcp_servers": [],
        }
        trail.add("llm_request", data)


def judge(text: str, lookup: Lookup) -> _Step:
    """Read an answer and check the workflow that it chose."""
    try:
        answer = parse_answer(text)
    except UnparsableAnswerError as error:
        return _Step([str(error)], reason="llm_parsing_error")
    if answer.investigation_outcome != "actionable" or answer.selected_workflow is None:
        return _Step([], answer)
    verdict = validate(answer.selected_workflow, lookup)
    return _Step(verdict.errors, answer, verdict.workflow, verdict.reason)


def _record(finding: Finding, step: _Step, result: EngineResult, number: int) -> None:
    finding.text = result.text
    finding.llm_calls += result.llm_calls
    finding.tokens += result.tokens
    finding.answer = step.answer
    finding.reason = step.reason
    finding.workflow = None if step.errors else step.workflow
    finding.attempts.append(
        ValidationAttempt(
            attempt=number,
            workflow_id=step.workflow.workflow_id if step.workflow else None,
            is_valid=not step.errors,
            errors=step.errors,
            timestamp=now(),
        )
    )


def _note_result(trail: Trail, result: EngineResult, *, has_analysis: bool) -> None:
    for index, call in enumerate(result.tool_calls):
        data: dict[str, Any] = {
            "tool_call_index": index,
            "tool_name": call.name or TOOL_NAME,
            "tool_arguments": call.arguments,
            "tool_result": call.result,
            "tool_result_preview": preview(call.result),
        }
        trail.add("llm_tool_call", data, "failure" if call.failed else "success")
    data = {
        "has_analysis": has_analysis,
        "analysis_length": len(result.text),
        "analysis_preview": preview(result.text),
        "tokens_used": result.tokens,
        "tool_call_count": len(result.tool_calls),
    }
    trail.add("llm_response", data, "success" if has_analysis else "failure")


def _note_attempt(
    trail: Trail, attempt: ValidationAttempt, reason: HumanReviewReason | None
) -> None:
    last = attempt.is_valid or attempt.attempt == MAX_ATTEMPTS
    outcome: Outcome = "failure" if last else "pending"
    data = {
        "attempt": attempt.attempt,
        "max_attempts": MAX_ATTEMPTS,
        "is_valid": attempt.is_valid,
        "errors": attempt.errors,
        "workflow_id": attempt.workflow_id,
        "human_review_reason": reason if last else None,
        "is_final_attempt": last,
    }
    trail.add("workflow_validation_attempt", data, "success" if attempt.is_valid else outcome)


def now() -> datetime:
    """The current time."""
    return datetime.now(UTC)
