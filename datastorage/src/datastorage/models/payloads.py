"""What event_data must hold, by event_type; types not listed here hold any object."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError


class EventData(BaseModel):
    """What every payload of HAPI has."""

    event_type: str
    event_id: str
    incident_id: str


class LLMRequest(EventData):
    """A question to the model."""

    model: str
    prompt_length: Annotated[int, Field(ge=0)]
    prompt_preview: str
    max_tokens: int | None = None
    toolsets_enabled: list[str] = []
    mcp_servers: list[str] = []


class LLMResponse(EventData):
    """The model's answer."""

    has_analysis: bool
    analysis_length: Annotated[int, Field(ge=0)]
    analysis_preview: str
    tokens_used: int | None = None
    tool_call_count: Annotated[int, Field(ge=0)] = 0


class LLMToolCall(EventData):
    """A tool call that the model asked for."""

    tool_call_index: Annotated[int, Field(ge=0)]
    tool_name: str
    tool_arguments: dict[str, Any] | None = None
    tool_result: Any
    tool_result_preview: str | None = None


class WorkflowValidationAttempt(EventData):
    """One attempt to validate the workflow that the model chose."""

    attempt: Annotated[int, Field(ge=1)]
    max_attempts: Annotated[int, Field(ge=1)]
    is_valid: bool
    errors: list[str] = []
    validation_errors: str | None = None
    workflow_id: str | None = None
    workflow_name: str | None = None
    human_review_reason: str | None = None
    is_final_attempt: bool = False


class ResponseComplete(EventData):
    """The answer that HAPI gave."""

    response_data: dict[str, Any]


PAYLOADS: dict[str, type[EventData]] = {
    "llm_request": LLMRequest,
    "llm_response": LLMResponse,
    "llm_tool_call": LLMToolCall,
    "workflow_validation_attempt": WorkflowValidationAttempt,
    "holmesgpt.response.complete": ResponseComplete,
}


def payload_errors(event_type: str, data: dict[str, Any]) -> dict[str, str]:
    """Message per wrong field of event_data; empty when the payload is right."""
    model = PAYLOADS.get(event_type)
    if model is None:
        return {}
    try:
        payload = model.model_validate(data)
    except ValidationError as error:
        return {
            ".".join(("event_data", *(str(part) for part in item["loc"]))): item["msg"]
            for item in error.errors()
        }
    if payload.event_type != event_type:
        return {"event_data.event_type": f"must be {event_type}"}
    return {}
