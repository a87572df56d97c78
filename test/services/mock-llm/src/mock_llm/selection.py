"""Chooses the scenario from the incident that HAPI sends, and from nothing else."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mock_llm.scenarios import Scenario

BLOCK = re.compile(r"```json\s*\n(.*?)\n```", re.DOTALL)
Incident = Mapping[str, Any]


class NoIncidentError(Exception):
    """The conversation has no user message with one fenced JSON object."""


def find_incident(messages: Iterable[Mapping[str, Any]]) -> Incident:
    """The JSON block of the first user message that has one. Raises NoIncidentError."""
    for message in messages:
        if not isinstance(message, Mapping):
            raise NoIncidentError("a message is not an object")
        if message.get("role") != "user":
            continue
        match = BLOCK.search(_text(message.get("content")))
        if match is None:
            continue
        try:
            incident = json.loads(match[1])
        except ValueError as error:
            raise NoIncidentError(f"the fenced block is not JSON: {error}") from error
        if not isinstance(incident, dict):
            raise NoIncidentError("the fenced block is not an object")
        if not isinstance(incident.get("signal_type"), str):
            raise NoIncidentError("signal_type is not a string")
        return incident
    raise NoIncidentError("no user message has a fenced JSON object")


def is_recovery(incident: Incident) -> bool:
    """Whether the incident asks for a recovery."""
    return incident.get("kind") == "recovery" or incident.get("is_recovery_attempt") is True


def choose(scenarios: Sequence[Scenario], incident: Incident) -> Scenario:
    """The scenario of the signal, else the default one or, for a recovery, `recovery`."""
    signal = incident.get("signal_type", "")
    recovery = is_recovery(incident)
    for scenario in scenarios:
        if signal in (scenario.recovery_signals if recovery else scenario.signals):
            return scenario
    for scenario in scenarios:
        if recovery and signal in scenario.signals:
            return scenario
    return next(
        scenario
        for scenario in scenarios
        if (scenario.name == "recovery" if recovery else scenario.default)
    )


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""
