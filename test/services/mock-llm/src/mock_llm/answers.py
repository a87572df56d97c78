"""Writes OpenAI chat completions."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from mock_llm.scenarios import Scenario
from mock_llm.selection import Incident, is_recovery

CREATED = 1701388800
TOOL = "search_workflow_catalog"
NONSENSE = "The incident seems fine, or it does not. There is nothing to parse in this answer."


def wants_tool(body: Mapping[str, Any]) -> bool:
    """Whether the search tool is offered and has not been called yet."""
    offered = {tool.get("function", {}).get("name") for tool in body.get("tools") or ()}
    roles = [message.get("role") for message in body["messages"]]
    since_user = roles[len(roles) - roles[::-1].index("user") :]
    return TOOL in offered and "tool" not in since_user


def tool_call(model: str, incident: Incident) -> dict[str, Any]:
    """A completion that asks for one catalogue search."""
    arguments = {
        "query": f"{incident.get('signal_type')} {incident.get('severity')}",
        "rca_resource": {
            "signal_type": incident.get("signal_type"),
            "kind": incident.get("resource_kind") or "Pod",
            "namespace": incident.get("resource_namespace") or "default",
            "name": incident.get("resource_name") or "unknown",
        },
    }
    call = {
        "id": f"call_{uuid.uuid4().hex[:12]}",
        "type": "function",
        "function": {"name": TOOL, "arguments": json.dumps(arguments)},
    }
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return _completion(model, message, "tool_calls", 500, 50)


def final(
    model: str, scenario: Scenario, incident: Incident, ids: Mapping[str, str]
) -> dict[str, Any]:
    """The completion that ends the investigation, as the scenario says."""
    text = NONSENSE
    if not scenario.nonsense:
        document = analysis(scenario, incident, ids)
        text = f"{scenario.summary}\n\n```json\n{json.dumps(document, indent=2)}\n```\n"
    return _completion(model, {"role": "assistant", "content": text}, "stop", 800, 200)


def analysis(scenario: Scenario, incident: Incident, ids: Mapping[str, str]) -> dict[str, Any]:
    """The JSON document that HAPI parses."""
    document: dict[str, Any] = {
        "root_cause_analysis": _root_cause(scenario, incident),
        "selected_workflow": _workflow(scenario, incident, ids),
        "alternative_workflows": [
            {
                "workflow_id": ids[alternative.workflow_name],
                "confidence": alternative.confidence,
                "rationale": "Fits the symptoms, though less well.",
            }
            for alternative in scenario.alternatives
        ],
        "confidence": scenario.confidence,
        "investigation_outcome": scenario.outcome,
    }
    if is_recovery(incident):
        resolved = scenario.outcome == "resolved"
        document["can_recover"] = not resolved
        document["recovery_analysis"] = {
            "previous_attempt_assessment": {
                "failure_understood": True,
                "failure_reason_analysis": scenario.summary,
                "state_changed": resolved,
                "current_signal_type": incident.get("signal_type"),
            }
        }
    return document


def _root_cause(scenario: Scenario, incident: Incident) -> dict[str, Any]:
    cause: dict[str, Any] = {
        "summary": scenario.summary,
        "severity": scenario.severity,
        "contributing_factors": list(scenario.factors),
    }
    if scenario.names_resource:
        cause["affectedResource"] = {
            "kind": incident.get("resource_kind") or "Pod",
            "name": incident.get("resource_name") or "unknown",
            "namespace": incident.get("resource_namespace") or "default",
        }
    return cause


def _workflow(
    scenario: Scenario, incident: Incident, ids: Mapping[str, str]
) -> dict[str, Any] | None:
    if not (scenario.workflow_name or scenario.workflow_id):
        return None
    target = {
        "NAMESPACE": incident.get("resource_namespace") or "default",
        "TARGET_NAME": incident.get("resource_name") or "unknown",
    }
    chosen: dict[str, Any] = {
        "workflow_id": scenario.workflow_id or ids[scenario.workflow_name],
        "confidence": scenario.confidence,
        "rationale": scenario.summary,
        "parameters": {} if scenario.omits_parameters else {**target, **scenario.parameters},
    }
    if scenario.container_image:
        chosen["container_image"] = scenario.container_image
    return chosen


def _completion(
    model: str, message: Mapping[str, Any], reason: str, prompt: int, completion: int
) -> dict[str, Any]:
    choices: Sequence[Mapping[str, Any]] = [
        {"index": 0, "message": message, "finish_reason": reason}
    ]
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex[:12]}",
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }
