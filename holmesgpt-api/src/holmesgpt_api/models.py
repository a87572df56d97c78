"""Requests and responses of the API, as in api/holmesgpt-api.yaml."""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RemediationId = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)
]
SignalType = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Severity = Literal["critical", "high", "medium", "low", "unknown"]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
ReviewReason = Literal[
    "workflow_not_found",
    "image_mismatch",
    "parameter_validation_failed",
    "no_matching_workflows",
    "low_confidence",
    "llm_parsing_error",
    "investigation_inconclusive",
    "rca_incomplete",
]
MAX_RECOVERY_ATTEMPTS = 3


class Model(BaseModel):
    """Unknown members are ignored: callers may be newer than this service."""

    model_config = ConfigDict(extra="ignore")


class EnrichmentResults(Model):
    """What the controllers found out about the resource."""

    kubernetesContext: dict[str, Any] | None = None  # noqa: N815
    detectedLabels: dict[str, Any] | None = None  # noqa: N815
    customLabels: dict[str, list[str]] | None = None  # noqa: N815
    enrichmentQuality: Share | None = None  # noqa: N815


class IncidentRequest(Model):
    """An incident to analyze."""

    incident_id: Text
    remediation_id: RemediationId
    signal_type: SignalType
    severity: Severity
    signal_source: str
    resource_namespace: str
    resource_kind: str
    resource_name: str
    error_message: str
    environment: str
    priority: str
    risk_tolerance: str
    business_category: str
    cluster_name: str
    description: str | None = None
    is_duplicate: bool | None = None
    occurrence_count: Count | None = None
    deduplication_window_minutes: Count | None = None
    is_storm: bool | None = None
    storm_signal_count: Count | None = None
    storm_window_minutes: Count | None = None
    storm_type: str | None = None
    affected_resources: list[str] | None = None
    firing_time: str | None = None
    received_time: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    signal_labels: dict[str, str] | None = None
    enrichment_results: EnrichmentResults | None = None


class OriginalRca(Model):
    """The root cause analysis that led to the failed remedy."""

    summary: str
    signal_type: str
    severity: str
    contributing_factors: list[str] = []


class PreviousWorkflow(Model):
    """The workflow that failed."""

    workflow_id: str
    version: str | None = None
    container_image: str | None = None
    parameters: dict[str, str] = {}
    rationale: str | None = None


class PreviousFailure(Model):
    """How the workflow failed."""

    reason: str
    message: str
    failed_step_index: Count | None = None
    failed_step_name: str | None = None
    exit_code: int | None = None
    failed_at: str | None = None
    execution_time: str | None = None


class PreviousExecution(Model):
    """A remedy that was tried."""

    workflow_execution_ref: str
    original_rca: OriginalRca
    selected_workflow: PreviousWorkflow
    failure: PreviousFailure
    natural_language_summary: str | None = None


class RecoveryRequest(Model):
    """A failed remedy to analyze."""

    incident_id: Text
    remediation_id: RemediationId
    is_recovery_attempt: bool = False
    recovery_attempt_number: Annotated[int, Field(ge=1)] | None = Field(None, validate_default=True)
    environment: str = "unknown"
    priority: str = "P2"
    risk_tolerance: str = "medium"
    business_category: str = "standard"
    signal_type: SignalType | None = None
    severity: Severity | None = None
    resource_namespace: str | None = None
    resource_kind: str | None = None
    resource_name: str | None = None
    error_message: str | None = None
    cluster_name: str | None = None
    signal_source: str | None = None
    enrichment_results: EnrichmentResults | None = None
    previous_execution: PreviousExecution | None = None

    @field_validator("recovery_attempt_number")
    @classmethod
    def _is_numbered(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("is_recovery_attempt") and not 1 <= (value or 0) <= MAX_RECOVERY_ATTEMPTS:
            raise ValueError("must be 1 to 3 for a recovery attempt")
        return value


class SelectedWorkflow(Model):
    """The workflow that remedies the incident."""

    workflow_id: str
    confidence: Share
    rationale: str
    parameters: dict[str, Any] = {}
    title: str | None = None
    version: str | None = None
    container_image: str | None = None
    container_digest: str | None = None


class AlternativeWorkflow(Model):
    """A workflow that was considered, for the operator's information."""

    workflow_id: str
    confidence: Share = 0.0
    rationale: str = ""
    container_image: str | None = None


class ValidationAttempt(Model):
    """What one attempt's validation found."""

    attempt: int
    is_valid: bool
    errors: list[str]
    timestamp: str
    workflow_id: str | None = None


class IncidentResponse(Model):
    """The analysis of an incident."""

    incident_id: str
    analysis: str
    timestamp: str
    root_cause_analysis: dict[str, Any]
    confidence: Share
    needs_human_review: bool = False
    target_in_owner_chain: bool = True
    warnings: list[str] = []
    alternative_workflows: list[AlternativeWorkflow] = []
    validation_attempts_history: list[ValidationAttempt] = []
    selected_workflow: SelectedWorkflow | None = None
    human_review_reason: ReviewReason | None = None


class RecoveryStrategy(Model):
    """One way to recover."""

    action_type: str
    confidence: Share
    rationale: str
    estimated_risk: Literal["low", "medium", "high"] = "medium"
    prerequisites: list[str] = []


class RecoveryResponse(Model):
    """The analysis of a failed remedy."""

    incident_id: str
    can_recover: bool
    analysis_confidence: Share
    strategies: list[RecoveryStrategy] = []
    warnings: list[str] = []
    metadata: dict[str, Any] = {}
    needs_human_review: bool = False
    alternative_workflows: list[AlternativeWorkflow] = []
    primary_recommendation: str | None = None
    selected_workflow: SelectedWorkflow | None = None
    recovery_analysis: dict[str, Any] | None = None
    human_review_reason: ReviewReason | None = None
