"""The messages of an investigation; their text stands in prompts/*.md."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from holmesgpt_api.engine import Message
from holmesgpt_api.labels import failed_detections, reliable
from holmesgpt_api.models import IncidentRequest, RecoveryRequest

# A recovery need not say what happened; the LLM must be told that nobody did.
UNKNOWN_SIGNAL = "Unknown"
DIRECTORY = Path(__file__).parent / "prompts"


@cache
def _text(name: str) -> str:
    return (DIRECTORY / f"{name}.md").read_text(encoding="utf-8")


def first_messages(request: IncidentRequest | RecoveryRequest) -> list[Message]:
    """System and user message for a request."""
    kind = "incident" if isinstance(request, IncidentRequest) else "recovery"
    block = json.dumps(incident_data(request, kind), indent=2, ensure_ascii=False)
    # A fence inside the data must not end the block.
    block = block.replace("```", "\\u0060\\u0060\\u0060")
    return [
        {"role": "system", "content": _text("system")},
        {"role": "user", "content": f"{_text(kind)}```json\n{block}\n```"},
    ]


def incident_data(request: IncidentRequest | RecoveryRequest, kind: str) -> dict[str, Any]:
    """What the LLM is told about the incident."""
    data = {"kind": kind, **request.model_dump(exclude_none=True)}
    data.setdefault("is_recovery_attempt", False)
    if isinstance(request, RecoveryRequest) and request.previous_execution:
        data.setdefault("signal_type", request.previous_execution.original_rca.signal_type)
    data.setdefault("signal_type", UNKNOWN_SIGNAL)
    enrichment = data.get("enrichment_results", {})
    if labels := enrichment.get("detectedLabels"):
        enrichment["detectedLabels"] = _told(labels)
    return data


def _told(labels: dict[str, Any]) -> dict[str, Any]:
    """What was detected, and by name what could not be."""
    failed = failed_detections(labels)
    return {**reliable(labels), **({"failedDetections": failed} if failed else {})}


def correction(messages: list[Message], answer: str, errors: list[str]) -> list[Message]:
    """The conversation so far, and what was wrong with its last answer."""
    conversation = list(messages)
    if not conversation or conversation[-1].get("role") != "assistant":
        conversation.append({"role": "assistant", "content": answer})
    listed = "\n".join(f"- {error}" for error in errors)
    text = _text("correction").replace("{errors}", listed)
    return [*conversation, {"role": "user", "content": text}]
