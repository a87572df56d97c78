"""The scenarios that the Mock LLM can play."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Alternative:
    """A workflow that is offered beside the chosen one."""

    workflow_name: str
    confidence: float


@dataclass(frozen=True)
class Scenario:
    """One behaviour; without `workflow_name` and `workflow_id` no workflow is chosen.

    `workflow_id` is one that no catalogue has; `container_image` is named beside the workflow.
    """

    name: str
    summary: str
    severity: str
    confidence: float
    factors: tuple[str, ...] = ()
    signals: frozenset[str] = frozenset()
    recovery_signals: frozenset[str] = frozenset()
    workflow_name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    workflow_id: str = ""
    container_image: str = ""
    omits_parameters: bool = False
    alternatives: tuple[Alternative, ...] = ()
    outcome: str = "actionable"
    names_resource: bool = True
    nonsense: bool = False
    default: bool = False

    def workflow_names(self) -> set[str]:
        """Every workflow whose id the scenario needs."""
        names = {alternative.workflow_name for alternative in self.alternatives}
        return names | ({self.workflow_name} if self.workflow_name else set())


def load_scenarios() -> tuple[Scenario, ...]:
    """The scenarios of catalogue.yaml, in order."""
    text = (files("mock_llm") / "catalogue.yaml").read_text()
    document = YAML(typ="safe", pure=True).load(text)
    return tuple(_scenario(name, entry) for name, entry in document.items())


def _scenario(name: str, entry: dict[str, Any]) -> Scenario:
    alternatives = tuple(Alternative(**item) for item in entry.pop("alternatives", ()))
    for key in ("signals", "recovery_signals"):
        entry[key] = frozenset(entry.get(key, ()))
    entry["factors"] = tuple(entry["factors"])
    return Scenario(name=name, alternatives=alternatives, **entry)
