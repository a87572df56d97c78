"""The tool `search_workflow_catalog`: finds workflows for the incident under investigation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from holmesgpt_api.datastorage import DataStorageClient
from holmesgpt_api.engine import Cancellation
from holmesgpt_api.labels import reliable
from holmesgpt_api.models import IncidentRequest, RecoveryRequest

TOOL_NAME = "search_workflow_catalog"
TOOL_DESCRIPTION = (
    "Search the catalogue of remediation workflows. Returns the workflows that fit the "
    "root cause, best first. Only workflows found here may be selected."
)
SEVERITIES = ("critical", "high", "medium", "low")
PRIORITIES = {"critical": "P0", "high": "P1", "medium": "P2", "low": "P3"}
ENVIRONMENTS = ("production", "staging", "development", "test")
NAMESPACE_HINTS = (
    ("prod", "production"),
    ("stag", "staging"),
    ("dev", "development"),
    ("test", "test"),
)
COMPONENTS = {"replicaset": "deployment"}
HIT_FIELDS = (
    "workflow_id",
    "title",
    "description",
    "signal_type",
    "confidence",
    "container_image",
    "container_digest",
)
DEFAULT_TOP_K = 3
MAX_TOP_K = 10


@dataclass(frozen=True)
class SearchContext:
    """What is known of the incident; it wins over what the LLM says."""

    remediation_id: str
    signal_type: str = ""
    severity: str = ""
    kind: str = ""
    namespace: str = ""
    owner_chain: tuple[Mapping[str, str | None], ...] = ()
    environment: str = ""
    priority: str = ""
    custom_labels: dict[str, list[str]] = field(default_factory=dict)
    detected_labels: dict[str, Any] = field(default_factory=dict)
    request_id: str | None = None

    @classmethod
    def of(
        cls, request: IncidentRequest | RecoveryRequest, request_id: str | None = None
    ) -> "SearchContext":
        """The context of a request."""
        enrichment = request.enrichment_results
        return cls(
            remediation_id=request.remediation_id,
            signal_type=request.signal_type or _original_signal(request),
            severity=request.severity or "",
            kind=request.resource_kind or "",
            namespace=request.resource_namespace or "",
            owner_chain=tuple(
                owner.model_dump() for owner in (enrichment and enrichment.ownerChain) or ()
            ),
            environment=request.environment,
            priority=request.priority,
            custom_labels=(enrichment and enrichment.customLabels) or {},
            detected_labels=(enrichment and enrichment.detectedLabels) or {},
            request_id=request_id,
        )


def _original_signal(request: IncidentRequest | RecoveryRequest) -> str:
    previous = getattr(request, "previous_execution", None)
    return str(previous.original_rca.signal_type) if previous else ""


@dataclass(frozen=True)
class CatalogSearch:
    """Carries out the tool calls of one investigation."""

    client: DataStorageClient
    context: SearchContext
    cancellation: Cancellation

    def __call__(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The workflows that fit; raises DataStorageError."""
        body = {
            "filters": search_filters(arguments, self.context),
            "remediation_id": self.context.remediation_id,
            "top_k": _top_k(arguments.get("top_k")),
        }
        left = self.cancellation.remaining()
        hits = self.client.search(body, left, self.context.request_id)
        return {"workflows": [_brief(hit) for hit in hits if isinstance(hit, dict)]}


def search_filters(arguments: dict[str, Any], context: SearchContext) -> dict[str, Any]:
    """DataStorage's mandatory filters, of the incident first and of the query otherwise."""
    words = str(arguments.get("query", "")).split()
    resource = arguments.get("rca_resource")
    resource = resource if isinstance(resource, dict) else {}
    severity = _severity(words, context)
    filters: dict[str, Any] = {
        "signal_type": context.signal_type
        or str(resource.get("signal_type") or "")
        or (words[0] if words else "unknown"),
        "severity": severity,
        "component": _component(context.kind or str(resource.get("kind") or "")),
        "environment": _environment(context, str(resource.get("namespace") or "")),
        "priority": context.priority
        if context.priority in PRIORITIES.values()
        else PRIORITIES[severity],
    }
    if context.custom_labels:
        filters["custom_labels"] = context.custom_labels
    detected = reliable(context.detected_labels)
    if detected and _is_described(resource, context):
        filters["detected_labels"] = detected
    return filters


def _severity(words: list[str], context: SearchContext) -> str:
    if context.severity in SEVERITIES:
        return context.severity
    said = {word.lower().strip(",.;:") for word in words}
    return next((severity for severity in SEVERITIES if severity in said), "high")


def _component(kind: str) -> str:
    lower = kind.lower()
    return COMPONENTS.get(lower, lower) or "pod"


def _environment(context: SearchContext, namespace: str) -> str:
    if context.environment in ENVIRONMENTS:
        return context.environment
    where = (context.namespace or namespace).lower()
    return next((name for hint, name in NAMESPACE_HINTS if hint in where), "production")


def _is_described(resource: dict[str, Any], context: SearchContext) -> bool:
    """Detected labels describe the incident's resource and its owners, no other one."""
    kind = str(resource.get("kind") or context.kind).lower()
    namespace = str(resource.get("namespace") or context.namespace)
    if (kind, namespace) == (context.kind.lower(), context.namespace):
        return True
    cause = (kind, namespace, str(resource.get("name") or ""))
    return any(cause == _place(owner, context) for owner in context.owner_chain)


def _place(owner: Mapping[str, str | None], context: SearchContext) -> tuple[str, str, str]:
    namespace = owner.get("namespace") or context.namespace
    return str(owner["kind"]).lower(), namespace, str(owner["name"])


def _top_k(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return DEFAULT_TOP_K
    return int(max(1, min(value, MAX_TOP_K)))


def _brief(hit: dict[str, Any]) -> dict[str, Any]:
    return {name: hit[name] for name in HIT_FIELDS if hit.get(name) is not None}
